"""`uepnet ranges` and `uepnet temperatures`, on pictures whose heads are red pixels."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tests.toys import toy_description, toy_file, toy_shape
from uepnet.cli.app import app
from uepnet.counting.partition import Partition
from uepnet.description import CountOutput
from uepnet.export.redescribe import redescribe
from uepnet.inference.counter import Counter
from uepnet.laboratory.results import read_result
from uepnet.network.model_file import load_model


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "160"})


@pytest.fixture
def pictures(write_red_dots, tmp_path: Path) -> Path:
    """Forty pictures, each counted one person short, except an empty one."""
    return write_red_dots(tmp_path / "pictures", {f"p{number:02d}": number % 25 for number in range(40)})


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    partitions = (
        Partition(borders=(0.001, 0.1), proxies=(0.0, 0.05, 0.3)),
        Partition(borders=(0.001,), proxies=(0.0, 0.2)),
    )
    return toy_file(tmp_path, toy_description(network=toy_shape(deepest=8, channels=4), partitions=partitions))


def test_ranges_are_put_into_the_file_and_what_they_are_worth_is_told(
    red_dots_model: Path, pictures: Path, tmp_path: Path
) -> None:
    out, record, plot = tmp_path / "ranged.onnx", tmp_path / "ranges.json", tmp_path / "ranges.png"
    result = run(
        "ranges", red_dots_model, "--data", f"folder:{pictures}", "--split", "all", "--coverage", 0.8, "--out", out,
        "--record", record, "--plot", plot, "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [group["dataset"] for group in told[:3]] == ["all", "sparse-half", "dense-half"]
    assert (told[0]["images"], told[0]["nominal"]) == (40, 0.8)
    assert told[0]["low"] <= told[0]["coverage"] <= told[0]["high"]
    recorded = read_result(record)
    assert list(recorded.figures) == told
    assert str(tmp_path) not in record.read_text(encoding="utf-8")
    assert recorded.data[0].pictures == 40
    assert plot.read_bytes().startswith(b"\x89PNG")
    calibration = Counter(out).description.calibration
    assert calibration is not None
    assert (len(calibration.scores), calibration.coverage, calibration.decode) == (40, 0.8, "mean")
    assert calibration.calibrated_on[0].digest == recorded.data[0].digest
    errors = {figure.decode: figure for figure in Counter(out).description.validation if figure.split == "all"}
    assert (errors["mean"].data_set, errors["mean"].pictures) == (recorded.data[0].data_set, 40)
    assert errors["mean"].mae == pytest.approx(38 / 40, abs=1e-3)  # two of the forty are empty and counted right
    assert errors["mean"].rmse == pytest.approx((38 / 40) ** 0.5, abs=1e-3)
    counted = Counter(out).count(pictures / "p20.png")
    assert counted.count == 19
    assert counted.low is not None
    assert counted.high is not None
    assert counted.low <= 19
    assert counted.high >= 20 - 1e-3  # the true number; scores are kept to four digits


def test_errors_measured_again_take_the_place_of_the_same_and_leave_others(
    red_dots_model: Path, pictures: Path, tmp_path: Path
) -> None:
    once = tmp_path / "once.onnx"
    words = ["--data", f"folder:{pictures}", "--split", "all", "--out", once]
    assert run("ranges", red_dots_model, *words).exit_code == 0
    first = Counter(once).description
    other = first.validation[0].model_copy(update={"split": "val", "mae": 77.0})
    twin = first.validation[0].model_copy(update={"protocol": "worldexpo10"})
    redescribe(once, once, first.model_copy(update={"validation": (*first.validation, other, twin)}))
    assert run("ranges", once, *words).exit_code == 0
    assert Counter(once).description.validation == (other, twin, *first.validation)


def test_a_model_without_classes_has_errors_by_its_one_decode(pictures: Path, tmp_path: Path) -> None:
    counts = toy_description(network=toy_shape(deepest=8, channels=4), partitions=(), output=CountOutput(target="mse"))
    out = tmp_path / "ranged.safetensors"
    result = run("ranges", toy_file(tmp_path, counts), "--data", f"folder:{pictures}", "--split", "all", "--out", out)
    assert result.exit_code == 0, result.output
    assert [figure.decode for figure in load_model(out)[1].validation] == ["mean"]


def test_the_table_is_for_people_and_the_model_can_be_changed_in_place(
    red_dots_model: Path, pictures: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(red_dots_model.read_bytes())
    result = run("ranges", model, "--data", f"folder:{pictures}", "--split", "all", "--out", model)
    assert result.exit_code == 0, result.output
    assert "sparse-half" in result.stdout
    assert Counter(model).description.calibration is not None


def test_too_few_pictures_leave_the_model_as_it_is(red_dots_model: Path, write_red_dots, tmp_path: Path) -> None:
    few = write_red_dots(tmp_path / "few", {"a": 1, "b": 2})
    result = run("ranges", red_dots_model, "--data", f"folder:{few}", "--split", "all", "--out", tmp_path / "out.onnx")
    assert result.exit_code == 2
    assert "at least 30 pictures, but there are 2" in result.stderr
    assert not (tmp_path / "out.onnx").exists()


def test_temperatures_are_put_into_the_file_and_ranges_taken_out(tiny: Path, pictures: Path, tmp_path: Path) -> None:
    out, record = tmp_path / "tempered.safetensors", tmp_path / "temperatures.json"
    made = run("ranges", tiny, "--data", f"folder:{pictures}", "--split", "all", "--out", tiny)
    assert made.exit_code == 0, made.output
    result = run(
        "temperatures", tiny, "--data", f"folder:{pictures}", "--split", "all", "--largest-sigma", 8, "--out", out,
        "--record", record,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "head 2: temperature" in result.stdout
    before, after = load_model(tiny)[1], load_model(out)[1]
    assert before.calibration is not None
    assert after.calibration is None
    assert len(after.temperatures) == 2
    assert not np.allclose(after.temperatures, 1.0, atol=1e-3)
    (figures,) = read_result(record).figures
    assert figures["dataset"] == "folder"
    assert figures["argmax_before"] == figures["argmax_after"]
    assert figures["mean_before"] != figures["mean_after"]
    for figure in after.validation:
        found = figures[f"{figure.decode}_after"]
        assert isinstance(found, dict)
        assert figure.mae == found["mae"]
        assert figure.rmse >= figure.mae
    assert [figure.decode for figure in after.validation] == ["mean", "argmax"]
    again = run("temperatures", tiny, "--data", f"folder:{pictures}", "--split", "all", "--out", out, "--json")
    assert json.loads(again.stdout)["images"] == 40


@pytest.mark.parametrize("command", ["ranges", "temperatures"])
def test_a_model_file_of_another_kind_is_refused_before_a_picture_is_read(tmp_path: Path, command: str) -> None:
    model, nowhere = tmp_path / "model.safetensors", tmp_path / "nowhere"
    refused = run(command, model, "--data", f"folder:{nowhere}", "--out", tmp_path / "model.onnx")
    assert refused.exit_code == 2
    assert "ends in .safetensors, so this must too" in " ".join(refused.output.replace("│", " ").split())
