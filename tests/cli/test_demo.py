"""The demo says what is true beside what is predicted, and the files that it names are there."""

import re
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.inference.counter import Counter
from uepnet.pictures import read_picture
from uepnet.scenes.example import draw_example

pytestmark = pytest.mark.xdist_group("demo")  # what is made once serves all tests of this file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "new" / "folder"


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    result = CliRunner().invoke(app, ["demo", "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_true_number_and_the_predicted_one(printed: str, folder: Path) -> None:
    match = re.search(r"^true +(\d+) people\npredicted +([\d.]+) people \(([+-][\d.]+)\)", printed, re.MULTILINE)
    assert match
    true, predicted, difference = (float(group) for group in match.groups())
    assert true == len(draw_example().heads)
    assert predicted == pytest.approx(Counter().count(folder / "example.jpg").count, abs=0.05)
    assert difference == pytest.approx(predicted - true, abs=0.11)


def test_it_says_that_it_is_a_drawing_and_how_to_count_a_photograph(printed: str, folder: Path) -> None:
    assert "is a drawing" in printed
    assert f"count photo.jpg --overlay --out {folder.parent}" in printed


def test_the_picture_and_its_heat_map_are_where_it_says(printed: str, folder: Path) -> None:
    files = {folder / "example.jpg", folder / "example.overlay.jpg"}
    assert set(folder.iterdir()) == files
    assert all(f"{file}\n" in printed for file in files)
    assert read_picture(folder / "example.jpg").shape == (768, 1024, 3)
    with Image.open(folder / "example.overlay.jpg") as overlay:
        assert overlay.width == 1024
