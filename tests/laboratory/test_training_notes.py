"""The tables of the training notes say what the committed journals say."""

import re
from pathlib import Path

import pytest

from uepnet.training.journal import read_journal

ROW = re.compile(r"^\| (?:\w+, )?([\d,]+) \|((?: [\d.]+ / [\d.]+ \|)+)$", re.MULTILINE)
"""A step, after the name of its part where a table has several, and pairs of MAE and RMSE."""


def test_every_row_is_a_validation_of_the_journals(repository: Path) -> None:
    measured = [
        (line["step"], [value for figure in line["validation"] for value in (figure["mae"], figure["rmse"])])
        for path in sorted((repository / "results" / "training").glob("*.jsonl"))
        for line in read_journal(path)
        if "validation" in line
    ]
    rows = ROW.findall((repository / "docs" / "training-notes.md").read_text(encoding="utf-8"))
    assert len(rows) == len(measured) > 0
    for step, cells in rows:
        shown = [float(figure) for figure in re.findall(r"[\d.]+", cells)]
        at_step = [figures for number, figures in measured if number == int(step.replace(",", ""))]
        assert any(len(shown) == len(figures) and shown == pytest.approx(figures, abs=0.051) for figures in at_step)
