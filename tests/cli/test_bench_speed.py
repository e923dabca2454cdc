"""`uepnet bench speed`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.laboratory.results import read_result
from uepnet.laboratory.speed import measure
from uepnet.laboratory.speed.measure import choose_parts
from uepnet.network.arithmetic import multiplies_bf16


def test_one_part_as_json_and_as_a_result_file(tmp_path: Path) -> None:
    record = tmp_path / "speed.json"
    finished = CliRunner().invoke(
        app, ["bench", "speed", "--part", "peaks", "--quick", "--json", "--record", str(record)]
    )
    assert finished.exit_code == 0, finished.output
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [line["part"] for line in lines] == ["peaks"] * (5 if multiplies_bf16("cpu") else 4)
    result = read_result(record)
    assert list(result.figures) == lines
    assert result.command == "uepnet bench speed --part peaks --quick"
    assert result.model is not None


def test_a_table_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"part": "targets", "name": "first", "seconds": 0.123456, "met": True, "share": None, "note": "hidden"},
        {"part": "targets", "name": "second", "seconds": 12345.6, "met": False, "share": 0.5, "note": "hidden"},
    ]
    monkeypatch.setitem(measure.PARTS, "targets", lambda wanted: rows)
    finished = CliRunner().invoke(app, ["bench", "speed", "--part", "targets"])
    assert finished.exit_code == 0, finished.output
    for text in ("targets", "first", "0.123", "12,346", "yes", "no", "-"):
        assert text in finished.stdout
    assert "hidden" not in finished.stdout


def test_the_data_s_names_are_recorded_without_their_folders(tmp_path: Path, write_red_dots) -> None:
    root = write_red_dots(tmp_path / "pictures", {"a": 3, "b": 5})
    record = tmp_path / "speed.json"
    arguments = ["--part", "targets", "--quick", "--data", f"drawn:{root}", "--record", str(record)]
    finished = CliRunner().invoke(app, ["bench", "speed", *arguments])
    assert finished.exit_code == 0, finished.output
    result = read_result(record)
    assert [used.data_set for used in result.data] == ["drawn"]
    assert "--data drawn:ROOT" in result.command
    assert str(tmp_path) not in record.read_text(encoding="utf-8")


def test_parts_are_measured_in_their_order_and_unknown_ones_named() -> None:
    assert choose_parts(["growth", "peaks"]) == ("peaks", "growth")
    assert choose_parts([]) == tuple(measure.PARTS)
    finished = CliRunner().invoke(app, ["bench", "speed", "--part", "warp"])
    assert finished.exit_code == 2
    assert "there is no part 'warp' to measure; there are peaks, targets" in finished.stderr


def test_weights_are_for_pictures_to_compare_counts_on(tmp_path: Path) -> None:
    finished = CliRunner().invoke(app, ["bench", "speed", "--weights", str(tmp_path / "model.safetensors")])
    assert finished.exit_code == 2
    assert "counts are compared on pictures" in " ".join(finished.stderr.replace("│", " ").split())
