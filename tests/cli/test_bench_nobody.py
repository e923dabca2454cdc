"""`uepnet bench nobody`: what is seen in pictures without people, told by folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.laboratory.results import read_result

Write = Callable[[Path, dict[str, int]], Path]


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["bench", "nobody", *map(str, words)], env={"COLUMNS": "200"})


def hide(folder: Path) -> Path:
    """The dots stay in the pictures, but the annotation says that nobody is there: a count is a false one."""
    names = sorted(path.name for path in folder.rglob("*.png"))
    for points in [*folder.rglob("*.csv"), *folder.rglob("*.txt"), *folder.rglob("*.json")]:
        points.unlink()
    (folder / "heads.csv").write_text("picture,x,y\n" + "".join(f"{name},,\n" for name in names), encoding="utf-8")
    return folder


@pytest.fixture
def folders(write_red_dots: Write, tmp_path: Path) -> tuple[Path, Path]:
    return (
        hide(write_red_dots(tmp_path / "square", {"a": 1, "b": 4, "c": 8})),
        hide(write_red_dots(tmp_path / "hall", {"d": 1})),
    )


def test_every_folder_is_told_by_its_name(red_dots_model: Path, folders: tuple[Path, Path], tmp_path: Path) -> None:
    record, sheets = tmp_path / "nobody.json", tmp_path / "sheets"
    data = [word for folder in folders for word in ("--data", f"folder:{folder}")]
    result = run(*data, "--model", red_dots_model, "--record", record, "--pictures", sheets, "--json")
    assert result.exit_code == 0, result.output
    square, hall = (json.loads(line) for line in result.stdout.splitlines())
    assert (square["dataset"], hall["dataset"]) == ("square", "hall")
    # the model of the tests is one short, so 0, 3 and 7 are counted and nobody
    assert (square["pictures"], square["above"], hall["above"]) == (3, 2, 0)
    with Image.open(next(folders[0].rglob("c.png"))) as picture:
        megapixels = picture.width * picture.height / 1e6
    assert square["worst"] == pytest.approx(7 / megapixels, rel=1e-3)
    assert square["median"] == pytest.approx(3 / megapixels, rel=1e-3)
    assert square["per_megapixel"] == pytest.approx(10 / (3 * megapixels), rel=1e-3)
    assert square["worst_picture"] == "c.png"
    assert square["above_share"] == pytest.approx(2 / 3)
    stored = read_result(record)
    assert [one["dataset"] for one in stored.figures] == ["square", "hall"]
    assert [used.data_set for used in stored.data] == ["square", "hall"]
    assert str(tmp_path) not in record.read_text(encoding="utf-8")
    with Image.open(sheets / "nobody.jpg") as shown:
        assert shown.width == 6 * 248


def test_the_table_names_the_worst_picture(red_dots_model: Path, folders: tuple[Path, Path]) -> None:
    result = run("--data", f"folder:{folders[0]}", "--model", red_dots_model)
    assert result.exit_code == 0, result.output
    assert "c.png" in result.stdout


def test_a_picture_of_somebody_is_named(red_dots_model: Path, write_red_dots: Write, tmp_path: Path) -> None:
    folder = write_red_dots(tmp_path / "street", {"a": 2})
    result = run("--data", f"folder:{folder}", "--model", red_dots_model)
    assert result.exit_code == 1
    assert "a.png: the picture has 2 heads; it should show nobody" in result.output


def test_two_folders_of_one_name_are_refused(red_dots_model: Path, folders: tuple[Path, Path]) -> None:
    result = run("--data", f"folder:{folders[0]}", "--data", f"folder:{folders[0]}", "--model", red_dots_model)
    assert result.exit_code == 2
    assert "a last part of its own" in result.output
