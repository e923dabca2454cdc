"""`uepnet export`: what it writes counts like what it read."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from tests.material import unchecked
from tests.toys import toy_description, toy_file, toy_shape
from uepnet.annotations.catalog import open_data_set
from uepnet.cli.app import app
from uepnet.counting.partition import Partition
from uepnet.inference.counter import Counter


def run(*arguments: object) -> Result:
    with unchecked():
        return CliRunner().invoke(app, ["export", *map(str, arguments)])


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    partitions = (Partition(borders=(0.001, 0.1), proxies=(0.0, 0.05, 0.3)),)
    return toy_file(tmp_path, toy_description(network=toy_shape(deepest=8), partitions=partitions))


def test_the_onnx_file_counts_like_the_weights(weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "tiny.onnx"
    result = run(weights, "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{out}: 1.4 MB; 7 pictures compared with torch: maps within ")
    picture = np.random.default_rng(0).integers(0, 256, (70, 90, 3), dtype=np.uint8)
    assert Counter(out).count(picture).count == pytest.approx(Counter(weights).count(picture).count, rel=0.01)
    assert Counter(out).description == Counter(weights).description


def test_another_ending_is_refused(weights: Path, tmp_path: Path) -> None:
    result = run(weights, "--out", tmp_path / "tiny.pt")
    assert result.exit_code == 2
    assert "tiny.onnx" in result.stderr


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    result = run(tmp_path / "model.safetensors", "--out", tmp_path / "out" / "model.onnx")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"uepnet: error: {tmp_path / 'model.safetensors'}: this is no readable safetensors")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["--int8"], ["--data", "folder:pictures"]])
def test_int8_and_data_go_together(weights: Path, tmp_path: Path, arguments: list[str]) -> None:
    result = run(weights, "--out", tmp_path / "tiny.onnx", *arguments)
    assert result.exit_code == 2
    assert "go together" in result.stderr


def test_int8_is_calibrated_on_train_and_checked_on_val(weights: Path, tmp_path: Path) -> None:
    for number in range(10):
        pixels = np.random.default_rng(number).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        (tmp_path / "pictures").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{number}.png")
        (tmp_path / "pictures" / f"{number}.txt").write_text("1.0 1.0\n", encoding="utf-8")
    out = tmp_path / "int8.onnx"
    result = run(weights, "--out", out, "--int8", "--data", f"folder:{tmp_path / 'pictures'}")
    assert result.exit_code == 0, result.output
    held_out = len(open_data_set(f"folder:{tmp_path / 'pictures'}", split="val"))
    assert f"calibrated on {10 - held_out} crops; counts of {held_out} validation pictures change by" in result.stdout
    assert out.stat().st_size < 800_000
    picture = np.random.default_rng(99).integers(0, 256, (70, 90, 3), dtype=np.uint8)
    assert Counter(out).count(picture).count == pytest.approx(Counter(weights).count(picture).count, rel=0.05)
