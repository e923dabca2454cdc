"""The tables of the training notes say what the committed journals say."""

import re
from pathlib import Path

import pytest

from uepnet.training.journal import read_journal

ROW = re.compile(r"^\| ([\d,]+) \|" + r" ([\d.]+) / ([\d.]+) \|" * 4 + "$", re.MULTILINE)


def test_every_row_is_a_validation_of_the_journals(repository: Path) -> None:
    journals = [read_journal(path) for path in sorted((repository / "results" / "training").glob("*.jsonl"))]
    measured = {
        line["step"]: [value for figure in line["validation"] for value in (figure["mae"], figure["rmse"])]
        for journal in journals
        for line in journal
        if "validation" in line
    }
    rows = ROW.findall((repository / "docs" / "training-notes.md").read_text(encoding="utf-8"))
    assert len(rows) == len(measured) > 0
    for step, *figures in rows:
        assert [float(figure) for figure in figures] == pytest.approx(measured[int(step.replace(",", ""))], abs=0.051)
