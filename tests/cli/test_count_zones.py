"""`uepnet count --zones`: rows below each picture, keys in the JSON, and zones that do not fit said as such."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from uepnet.cli.app import app

LEFT = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]
RIGHT = [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]


@pytest.fixture
def run(red_dots_model: Path):
    """The program, with a model that counts red pixels."""

    def call(*arguments: object):
        words = ["count", "--model", str(red_dots_model), *map(str, arguments)]
        return CliRunner().invoke(app, words, env={"COLUMNS": "200"})

    return call


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """12 people on the left, 5 on the right."""
    pixels = np.zeros((80, 96, 3), dtype=np.uint8)
    pixels[:, :, 1] = 60 + 10 * (np.arange(96) % 12)
    pixels[5, 2:14] = pixels[70, 60:65] = (255, 0, 0)
    path = tmp_path / "crowd.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def zones(tmp_path: Path):
    def write(**more: Any) -> Path:
        content = {
            "units": "fractions",
            "zones": [
                {"name": "[red]left", "include": [LEFT], "people_limit": 10, "area_m2": 4},
                {"name": "right", "include": [RIGHT], "people_limit": 10},
            ],
        }
        path = tmp_path / "z.json"
        path.write_text(json.dumps({**content, **more}), encoding="utf-8")
        return path

    return write


def test_zones_are_rows_below_their_picture(run, picture: Path, zones) -> None:
    Image.fromarray(np.full((80, 96, 3), np.arange(96)[:, None], dtype=np.uint8)).save(picture.parent / "empty.png")
    result = run(picture, picture.parent / "empty.png", "--zones", zones())
    assert result.exit_code == 0
    header, first, left, right, second, *_ = (line.split() for line in result.stdout.splitlines())
    assert header[:8] == ["picture", "people", "size", "seconds", "people", "per", "m²", "status"]
    assert (first[:2], second[1]) == ([str(picture), "17"], "0")
    assert left == ["[red]left", "12", "4.0", "m²", "3.00,", "reduced", "speed", "over,", "limit", "10"]
    assert right == ["right", "5", "ok,", "limit", "10"]


def test_zones_are_in_the_json_and_over_is_no_failure(run, picture: Path, zones, tmp_path: Path) -> None:
    result = run(picture, "--zones", zones(), "--json", "--out", tmp_path / "out", "--overlay")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert [(zone["name"], zone["count"], zone["status"]) for zone in told["zones"]] == [
        ("[red]left", 12.0, "over"),
        ("right", 5.0, "ok"),
    ]
    assert told["count"] == 17
    assert json.loads((tmp_path / "out/crowd.count.json").read_text(encoding="utf-8")) == told
    with Image.open(tmp_path / "out/crowd.overlay.jpg") as drawing:
        assert drawing.height > 480 * 80 / 96 + 7 * 10


def test_a_picture_that_the_zones_do_not_fit_does_not_stop_the_others(
    run, picture: Path, zones, tmp_path: Path
) -> None:
    Image.open(picture).rotate(90, expand=True).save(tmp_path / "upright.png")
    path = zones(picture={"width": 960, "height": 800})
    result = run(tmp_path / "upright.png", picture, "--zones", path, "--json")
    assert result.exit_code == 1
    failed, counted = map(json.loads, result.stdout.splitlines())
    assert failed["error"]["kind"] == "zones"
    assert "drawn on a picture of 960 x 800 pixels, this one is 80 x 96" in failed["error"]["message"]
    assert counted["zones"][0]["count"] == 12


def test_a_broken_zone_file_is_said_before_anything_is_counted(run, picture: Path, zones) -> None:
    result = run(picture, "--zones", zones(zones=[]))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("uepnet: error: ")
    assert "z.json: zones: " in result.stderr
