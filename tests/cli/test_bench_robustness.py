"""`uepnet bench robustness` measures, shows misses as misses, and records without naming folders."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.laboratory.results import read_result
from uepnet.laboratory.robustness.changes import CHANGES
from uepnet.laboratory.robustness.peopleless import KINDS


@pytest.fixture
def wish(
    tmp_path: Path,
    red_dots_model: Path,
    write_red_dots: Callable[[Path, dict[str, int]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> list[str]:
    for module in ("peopleless", "measure"):
        monkeypatch.setattr(f"uepnet.laboratory.robustness.{module}.SHOWN", ((64, 48, 0),))
    # only sizes that are multiples of 8 can be counted by this model
    monkeypatch.setattr("uepnet.laboratory.robustness.measure.CHANGES", tuple(c for c in CHANGES if c.factor == 1))
    monkeypatch.setattr("uepnet.laboratory.robustness.figures.CHANGES", tuple(c for c in CHANGES if c.factor == 1))
    folder = write_red_dots(tmp_path / "pictures", {f"street-{number}": 6 for number in range(40)})
    return ["bench", "robustness", "--data", f"folder:{folder}", "--model", str(red_dots_model), "--most", "2"]


def test_tables_say_what_is_met_and_what_not(wish: list[str]) -> None:
    result = CliRunner().invoke(app, wish, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    lines = {line.split()[1]: line for line in result.stdout.splitlines() if line.startswith("│")}
    assert lines["mirror"].split("│")[-2].strip() == "yes"
    assert lines["greyscale"].split("│")[-2].strip() == "NO"  # the dots are known by their red alone
    assert lines["sky"].split("│")[-2].strip() == "yes"
    assert "0 pictures are off by more than a factor 3" in result.stdout


def test_a_place_that_cannot_be_written_is_found_before_the_work(wish: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    result = CliRunner().invoke(app, [*wish, "--pictures", str(tmp_path / "taken")])
    assert result.exit_code == 1
    assert "taken: this folder cannot be made" in " ".join(result.output.split())
    assert "megapixel" not in result.output


def test_everything_is_recorded_and_shown(wish: list[str], tmp_path: Path) -> None:
    record, pictures = tmp_path / "robustness.json", tmp_path / "sheets"
    result = CliRunner().invoke(app, [*wish, "--json", "--record", str(record), "--pictures", str(pictures)])
    assert result.exit_code == 0, result.output
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    stored = read_result(record)
    assert list(stored.figures) == printed
    assert [one["dataset"] for one in printed][: len(KINDS)] == list(KINDS)
    assert stored.model is not None
    assert stored.model.name == "red-dots"
    assert (stored.data[0].data_set, stored.data[0].split) == ("folder", "val")
    assert stored.command.startswith("uepnet bench robustness --data folder:ROOT --model red-dots.onnx --most 2")
    assert str(tmp_path) not in record.read_text(encoding="utf-8")
    with Image.open(pictures / "peopleless.jpg") as sheet:
        assert sheet.height > 200
