"""`uepnet models`: a line for each bundled model, or everything that one says about itself."""

import json
import shutil
from pathlib import Path

import onnx
import pytest
from onnx import helper
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.description import METADATA_KEY, ModelDescription, TrainingData, ValidationFigure
from uepnet.inference.counter import Counter


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["models", *arguments], env={"COLUMNS": "220"})


@pytest.fixture
def bundled(tmp_path: Path, red_dots_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with two models, one with figures and a card."""
    shutil.copy(red_dots_model, tmp_path / "bare.onnx")
    described = Counter(red_dots_model).description.model_copy(
        update={
            "name": "trained",
            "trained_on": (
                TrainingData(data_set="folder", split="train", pictures=1234, heads=56789, digest="ab" * 32),
            ),
            "validation": (
                ValidationFigure(
                    data_set="folder", split="val", protocol="exact", decode="mean", pictures=30, mae=81.26, rmse=123.44
                ),
            ),
        }
    )
    model = onnx.load(red_dots_model)
    helper.set_model_props(model, {METADATA_KEY: described.to_json()})
    onnx.save(model, tmp_path / "trained.onnx")
    (tmp_path / "trained.md").write_text("# What it is for\n", encoding="utf-8")
    monkeypatch.setattr("uepnet.inference.models.BUNDLED", tmp_path)
    return tmp_path


def test_the_list_has_encoder_data_and_figures(bundled: Path) -> None:
    result = run()
    assert result.exit_code == 0
    header, bare, trained = (" ".join(line.split()) for line in result.stdout.splitlines())
    assert header == "model encoder trained on validation MAE / RMSE size"
    assert bare == "bare vgg16 not said not run 0.0 MB"
    assert trained == "trained vgg16 folder folder 81.3 / 123.4 0.0 MB"


def test_the_default_model_is_marked(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bundled / "trained.onnx").rename(bundled / "general.onnx")
    assert "general (default)" in run().stdout


def test_the_card_says_everything(bundled: Path) -> None:
    result = run("trained")
    assert result.exit_code == 0
    for said in (
        "vgg16 to stride 32",
        "8 x 8 pixels",
        "folder train: 1,234 pictures, 56,789 heads, sha256 " + "ab" * 32,
        "81.3 / 123.4 (mean decode, exact protocol) on 30 pictures",
        "2 classes",
        "borders   0.5",
        "proxies   0 1",
        "# What it is for",
    ):
        assert said in result.stdout


def test_json_is_the_description(bundled: Path) -> None:
    told = [json.loads(line) for line in run("--json").stdout.splitlines()]
    assert [description["name"] for description in told] == ["red-dots", "trained"]
    (line,) = run("--json", str(bundled / "trained.onnx")).stdout.splitlines()
    assert ModelDescription.from_json(line, source="stdout") == Counter(bundled / "trained.onnx").description


def test_an_unknown_name_lists_the_known_ones(bundled: Path) -> None:
    result = run("medium")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "'medium'; there are bare, trained;" in result.stderr


def test_an_installation_without_models_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("uepnet.inference.models.BUNDLED", tmp_path)
    result = run()
    assert result.exit_code == 0
    assert "no bundled models" in result.stdout
    assert run("--json").stdout == ""


def test_texts_of_a_file_do_not_steer_the_terminal(bundled: Path) -> None:
    model = onnx.load(bundled / "trained.onnx")
    described = Counter(bundled / "trained.onnx").description
    data = described.trained_on[0].model_copy(update={"data_set": "fol\x1b[31mder"})
    described = described.model_copy(update={"name": "na\x1b[2Jme\n", "trained_on": (data,)})
    helper.set_model_props(model, {METADATA_KEY: described.to_json()})
    onnx.save(model, bundled / "trained.onnx")
    (bundled / "trained.md").write_bytes(b"# A card\n\x1b]0;title\x07 \xff\nits end\n")
    shown = run("trained").stdout
    assert "\x1b" not in shown + run().stdout
    assert "\x07" not in shown
    assert r"na\x1b[2Jme\n (" in shown
    assert shown.endswith("# A card\n" + r"\x1b]0;title\x07 " + "\ufffd\nits end\n")
