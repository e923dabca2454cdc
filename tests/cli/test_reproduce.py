"""`uepnet reproduce`, `leaderboard`, `matrix`, `submission` and `evaluate --maps`."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.errors import TrainingError
from uepnet.laboratory.reproduce.request import Request
from uepnet.laboratory.results import read_result


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def pictures(tmp_path: Path, write_red_dots) -> Path:
    return write_red_dots(tmp_path / "pictures", {"a": 3, "b": 5, "c": 0})


def test_what_needs_no_training_is_made_at_once(pictures: Path, red_dots_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    data = ("--data", f"folder:{pictures}", "--split", "all")
    result = run("reproduce", "cases", *data, "--model", str(red_dots_model), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert (out / "folder" / "case-congested-1.png").exists()
    lines = [record for record in read_result(out / "folder" / "cases.json").figures if record["part"] == "line"]
    assert {line["kind"] for line in lines} == {"sparse", "congested", "bad"}


def test_a_row_that_fails_is_status_1_after_the_others(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def others_then_fails(_request: Request, *, progress: object) -> Iterator[str]:
        yield "uep, seed 0: 3 minutes"
        raise TrainingError("1 of the rows failed (mse, seed 0); the tables are written without them")

    monkeypatch.setattr("uepnet.laboratory.reproduce.request.perform", others_then_fails)
    result = run("reproduce", "table7", "--data", f"folder:{pictures}", "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert result.stdout == "uep, seed 0: 3 minutes\n"
    assert "1 of the rows failed" in result.stderr


def test_an_unknown_table_is_named() -> None:
    result = run("reproduce", "table99", "--data", "folder:x", "--out", "y")
    assert result.exit_code != 0
    assert "table99" in str(result.exception) + result.output


def test_the_leaderboard_as_a_result_file(tmp_path: Path) -> None:
    result = run("leaderboard", "--results", str(tmp_path), "--record", str(tmp_path / "board.json"), "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["system"] for record in read_result(tmp_path / "board.json").figures] == [
        line["system"] for line in lines
    ]
    assert lines[-1]["ucf_cc_50"] == "not run"
    assert "CSRNet" in run("leaderboard", "--results", str(tmp_path)).stdout


def test_every_model_on_every_data_set(pictures: Path, red_dots_model: Path) -> None:
    data = ("--data", f"folder:{pictures}", "--split", "all")
    result = run("matrix", str(red_dots_model), str(red_dots_model), *data, "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 2
    assert lines[0]["mae"] == pytest.approx(2 / 3)
    assert lines[0]["trained_on"] is False
    assert "0.7 / 0.8" in run("matrix", str(red_dots_model), *data).stdout


def test_a_submission_has_a_line_a_picture(pictures: Path, red_dots_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "counts.txt"
    arguments = ("--data", f"folder:{pictures}", "--split", "all", "--model", str(red_dots_model), "--out", str(out))
    assert run("submission", *arguments).exit_code == 0
    assert out.read_text(encoding="utf-8") == "a.png 2.0000\nb.png 4.0000\nc.png 0.0000\n"


def test_count_maps_are_saved_and_sum_to_the_counts(pictures: Path, red_dots_model: Path, tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    arguments = ("--data", f"folder:{pictures}", "--split", "all", "--model", str(red_dots_model), "--maps", str(maps))
    result = run("evaluate", *arguments, "--json")
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)["details"]["game"]) == {"1", "2", "3"}
    for name, heads in {"a": 3, "b": 5, "c": 0}.items():
        with np.load(maps / f"{name}.png.npz") as saved:
            assert saved["count_map"].shape == (5, 8)
            assert saved["count_map"].sum() == max(0, heads - 1)
            assert saved["heads"].shape == (heads, 2)
            assert (int(saved["patch"]), str(saved["decode"])) == (8, "mean")
