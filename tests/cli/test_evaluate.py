"""`uepnet evaluate` with a model that counts red pixels, on pictures whose heads are red pixels."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from uepnet.cli.app import Program
from uepnet.cli.evaluate import evaluate
from uepnet.laboratory.results import read_result

KEYS = [
    "dataset", "split", "images", "mae", "rmse", "nae", "bias", "mae_low", "mae_high", "range_coverage",
    "decode", "model", "protocol", "details",
]  # fmt: skip


@pytest.fixture
def model(red_dots_model: Path) -> Path:
    return red_dots_model


@pytest.fixture
def pictures(write_red_dots, tmp_path: Path) -> Path:
    return write_red_dots(tmp_path / "pictures", {"a": 0, "b": 3, "c": 12})


def run(*arguments: object) -> Result:
    program = typer.Typer(cls=Program, pretty_exceptions_enable=False)
    program.callback()(lambda: None)
    program.command()(evaluate)
    return CliRunner().invoke(program, ["evaluate", *map(str, arguments)])


def test_json_is_one_object_a_data_set_and_nothing_else(
    model: Path, pictures: Path, write_red_dots, tmp_path: Path
) -> None:
    other = write_red_dots(tmp_path / "other", {"x": 5})
    result = run(
        "--data", f"folder:{pictures}", "--data", f"folder:{other}", "--split", "all", "--model", model, "--json"
    )
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert list(first) == list(second) == KEYS
    assert (first["dataset"], first["split"], first["images"], first["decode"]) == ("folder", "all", 3, "mean")
    assert (first["mae"], first["bias"], first["model"]) == (pytest.approx(2 / 3), pytest.approx(-2 / 3), "red-dots")
    assert (second["images"], second["mae"]) == (1, 1.0)


def test_options_reach_the_evaluation(model: Path, pictures: Path) -> None:
    result = run(
        "--data", f"folder:{pictures}", "--split", "all", "--model", model, "--decode", "argmax", "--protocol", "paper",
        "--seed", 5, "--json",
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert (told["decode"], told["protocol"]["name"], told["details"]["bootstrap"]["seed"]) == ("argmax", "paper", 5)
    assert told["protocol"]["stretch"] == 64


def test_the_validation_part_is_measured_unless_another_is_asked_for(
    model: Path, write_red_dots, tmp_path: Path
) -> None:
    root = write_red_dots(tmp_path / "many", {f"p{number}": 1 for number in range(40)})
    val, train, whole = (
        json.loads(run("--data", f"folder:{root}", *split, "--model", model, "--json").stdout)
        for split in ([], ["--split", "train"], ["--split", "all"])
    )
    assert [told["split"] for told in (val, train, whole)] == ["val", "train", "all"]
    assert val["images"] + train["images"] == whole["images"] == 40


def test_tables_name_the_measures_and_the_protocol(model: Path, pictures: Path) -> None:
    result = run("--data", f"folder:{pictures}", "--split", "all", "--model", model)
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    for part in ("folder 'all': 3 pictures, 15 heads", "RMSE", "NAE", "bias", "1-50", "GAME(1)", "protocol exact"):
        assert part in text
    assert text.index("mean") < text.index("argmax")


def test_out_holds_the_report_and_record_the_result(model: Path, pictures: Path, tmp_path: Path) -> None:
    out, record = tmp_path / "report", tmp_path / "results" / "first.json"
    result = run(
        "--data", f"folder:{pictures}", "--split", "all", "--model", model, "--out", out, "--record", record, "--json"
    )
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.iterdir()} == {
        "evaluation.json", "pictures.csv", "scatter.png", "worst-01-b.png", "worst-02-c.png", "worst-03-a.png",
    }  # fmt: skip
    rows = list(csv.DictReader((out / "pictures.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["name"], row["truth"], row["mean"]) for row in rows] == [
        ("a.png", "0", "0.0"), ("b.png", "3", "2.0"), ("c.png", "12", "11.0"),
    ]  # fmt: skip
    told = json.loads(result.stdout)
    assert json.loads((out / "evaluation.json").read_text(encoding="utf-8")) == told
    recorded = read_result(record)
    assert recorded.figures == (told,)
    assert recorded.command == (
        "uepnet evaluate --data folder:ROOT --split all --model red-dots.onnx --protocol exact --decode mean "
        "--backend auto --device auto --seed 0 --json"
    )
    assert str(tmp_path) not in record.read_text(encoding="utf-8")


def test_an_unreadable_picture_ends_the_evaluation_with_its_name(model: Path, pictures: Path) -> None:
    (pictures / "b.png").write_bytes(b"no picture")
    result = run("--data", f"folder:{pictures}", "--split", "all", "--model", model, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "picture b.png" in result.stderr
    assert "no picture is skipped" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--protocol", "best"], 2, "no protocol 'best'; the known ones are exact, paper"),
        (["--split", "validation"], 2, "no split 'validation'"),
        (["--folds", "ccnn"], 2, "--folds is for ucf-cc-50 alone, but --data names folder"),
        (["--folds", "random"], 2, "no folds named 'random'; the known ones are consecutive, ccnn"),
        (["--protocol", "worldexpo10", "--split", "all"], 1, "this data set has none"),
    ],
)
def test_mistakes_are_said_in_one_line(
    model: Path, pictures: Path, arguments: list[str], status: int, message: str
) -> None:
    result = run("--data", f"folder:{pictures}", "--model", model, *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr


def test_reports_of_two_data_sets_need_two_names(model: Path, pictures: Path, tmp_path: Path) -> None:
    twice = ["--data", f"folder:{pictures}", "--data", f"folder:{pictures}"]
    result = run(*twice, "--split", "all", "--model", model, "--out", tmp_path / "report")
    assert result.exit_code == 2
    assert "--out takes each data set once" in result.stderr


@pytest.mark.real_data
def test_folds_of_ucf_cc_50_measure_all_fifty_pictures(model: Path, shared_data: Path) -> None:
    # The pictures are grey, so that the model sees nobody; the protocol stretches them to the sides that it takes.
    data = f"ucf-cc-50:{shared_data / 'UCF_CC_50'}"
    result = run("--data", data, "--folds", "ccnn", "--model", model, "--protocol", "paper", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["split"], told["images"], told["mae"]) == ("all", 50, pytest.approx(63_974 / 50))
    groups = told["details"]["groups"]
    assert (groups["by"], [group["images"] for group in groups["groups"]]) == ("fold (ccnn)", [10] * 5)
    assert groups["mae"] == pytest.approx(told["mae"])
