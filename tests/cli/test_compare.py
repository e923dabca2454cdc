"""`uepnet compare` with a model that counts red pixels: against itself, and against one that sees nobody."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import typer
from onnx import numpy_helper
from typer.testing import CliRunner, Result

from uepnet.cli.app import Program
from uepnet.cli.compare import compare


@pytest.fixture
def blind_model(red_dots_model: Path, tmp_path: Path) -> Path:
    """The model of red pixels with a filter of zeros."""
    model = onnx.load(red_dots_model)
    patch = next(constant for constant in model.graph.initializer if constant.name == "patch")
    patch.CopyFrom(numpy_helper.from_array(np.zeros((1, 1, 8, 8), dtype=np.float32), "patch"))
    onnx.save(model, tmp_path / "blind.onnx")
    return tmp_path / "blind.onnx"


@pytest.fixture
def pictures(write_red_dots, tmp_path: Path) -> Path:
    return write_red_dots(tmp_path / "pictures", {f"p{number}": number for number in range(5, 15)})


def run(*arguments: object) -> Result:
    program = typer.Typer(cls=Program, pretty_exceptions_enable=False)
    program.callback()(lambda: None)
    program.command()(compare)
    return CliRunner().invoke(program, ["compare", *map(str, arguments)])


def test_a_model_that_sees_nobody_is_worse(red_dots_model: Path, blind_model: Path, pictures: Path) -> None:
    result = run(red_dots_model, blind_model, "--data", f"folder:{pictures}", "--split", "all", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["first"]["mae"], told["second"]["mae"]) == (1.0, 9.5)
    assert told["difference"] == 8.5
    assert 0 < told["difference_low"] < 8.5 < told["difference_high"]
    assert told["separable"] is True


def test_a_model_does_not_differ_from_itself(red_dots_model: Path, pictures: Path) -> None:
    result = run(red_dots_model, red_dots_model, "--data", f"folder:{pictures}", "--split", "all")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "+0.0 to +0.0" in text
    assert "these pictures do not separate the two" in text


def test_a_missing_model_is_said_before_anything_is_counted(red_dots_model: Path, pictures: Path) -> None:
    result = run(red_dots_model, "nowhere.onnx", "--data", f"folder:{pictures}", "--split", "all")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere.onnx" in result.stderr
