"""`uepnet familiar`: what a model has learnt from travels in its file, and pictures unlike it are told."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from tests.toys import toy_description, toy_file, toy_shape
from uepnet.cli.app import app
from uepnet.inference.counter import Counter
from uepnet.laboratory.results import read_result


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def pictures(tmp_path: Path, write_red_dots: Callable[[Path, dict[str, int]], Path]) -> Path:
    return write_red_dots(tmp_path / "pictures", {f"picture{number:02}": number % 5 for number in range(24)})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return toy_file(tmp_path, toy_description("busy", network=toy_shape()))


def test_a_model_file_tells_what_is_unlike_its_pictures(model: Path, pictures: Path, tmp_path: Path) -> None:
    out, record = tmp_path / "told.safetensors", tmp_path / "familiar.json"
    data = ("--data", f"folder:{pictures}", "--split", "all")
    result = run("familiar", str(model), *data, "--most", "22", "--out", str(out), "--record", str(record), "--json")
    assert result.exit_code == 0, result.output
    (line,) = map(json.loads, result.stdout.splitlines())
    assert (line["dataset"], line["images"]) == ("folder", 22)
    assert 0 < line["median"] < 1
    (figure,) = read_result(record).figures
    assert figure == line
    told = Counter(out).description.familiar
    assert told is not None
    assert [(data.data_set, data.pictures) for data in told.learnt_from] == [("folder", 22)]
    assert Counter(model).description.familiar is None, "the file that was read stays as it was"

    def warnings(pixels: np.ndarray) -> list[str]:
        return [line for line in Counter(out).count(pixels).warnings if "looks like none" in line]

    learnt = np.array(Image.open(pictures / "picture04.png"))
    stripes = np.zeros_like(learnt)
    stripes[:, ::2] = 255
    assert (warnings(learnt), len(warnings(stripes))) == ([], 1)
    table = run("familiar", str(model), *data, "--out", str(out))
    assert "units of the limit" in table.stdout


def test_every_data_set_has_its_own_line(model: Path, pictures: Path, tmp_path: Path) -> None:
    striped = tmp_path / "striped"
    striped.mkdir()
    for number in range(5):
        pixels = np.full((40, 64, 3), 40 * number, dtype=np.uint8)
        pixels[:, :: number + 2] = 255
        Image.fromarray(pixels).save(striped / f"{number}.png")
        (striped / f"{number}.txt").write_text("3 3\n", encoding="utf-8")
    out = tmp_path / "told.safetensors"
    data = ("--data", f"folder:{pictures}", "--data", f"folder:{striped}", "--split", "all")
    result = run("familiar", str(model), *data, "--out", str(out), "--json")
    assert result.exit_code == 0, result.output
    dots, stripes = map(json.loads, result.stdout.splitlines())
    assert (dots["images"], stripes["images"]) == (24, 5)
    assert (dots["told_new"], stripes["told_new"]) == (None, 1.0), "five pictures are too few to fit to"
    assert stripes["most"] > dots["most"]
    familiar = Counter(out).description.familiar
    assert familiar is not None
    assert [told.pictures for told in familiar.learnt_from] == [24, 5]


def test_what_cannot_be_done_is_told_before_anything_is_counted(model: Path, pictures: Path, tmp_path: Path) -> None:
    few = ("--data", f"folder:{pictures}", "--split", "all", "--out", str(tmp_path / "a.onnx"))
    refused = run("familiar", str(model), *few)
    assert refused.exit_code == 2
    assert "ends in .safetensors, so this must too" in " ".join(refused.output.replace("│", " ").split())
    alone = tmp_path / "alone"
    alone.mkdir()
    for end in (".png", ".txt"):
        (alone / f"picture00{end}").write_bytes((pictures / f"picture00{end}").read_bytes())
    told = run(
        "familiar", str(model), "--data", f"folder:{alone}", "--split", "all", "--out", str(tmp_path / "a.safetensors")
    )
    assert "1 pictures do not show what is ordinary; give 20 or more" in str(told.exception) + told.output


def test_a_model_file_without_features_says_so(red_dots_model: Path, pictures: Path, tmp_path: Path) -> None:
    data = ("--data", f"folder:{pictures}", "--split", "all")
    result = run("familiar", str(red_dots_model), *data, "--out", str(tmp_path / "told.onnx"))
    assert result.exit_code == 1
    assert "export it again" in str(result.exception) + result.output
