"""`uepnet bench nobody`: what is seen in pictures without people, told by folder."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.laboratory.results import read_result
from uepnet.laboratory.robustness.measure import EmptyCount
from uepnet.laboratory.robustness.nobody import nobody_record

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
    assert "a.png: it should show nobody, but heads are annotated in it: 2" in " ".join(result.output.split())


def test_two_folders_of_one_name_are_refused(red_dots_model: Path, folders: tuple[Path, Path]) -> None:
    result = run("--data", f"folder:{folders[0]}", "--data", f"folder:{folders[0]}", "--model", red_dots_model)
    assert result.exit_code == 2
    assert "a name of its own" in result.output


def test_a_folder_is_told_by_its_name_however_it_is_written(
    red_dots_model: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for here, text in (
        (folders[0].parent, "folder:square"),
        (folders[0].parent, "folder:square/"),
        (folders[0], "folder:."),
    ):
        monkeypatch.chdir(here)
        result = run("--data", text, "--model", red_dots_model, "--json")
        assert json.loads(result.stdout)["dataset"] == "square"


def test_names_are_no_markup(red_dots_model: Path, write_red_dots: Write, tmp_path: Path) -> None:
    folder = hide(write_red_dots(tmp_path / "[red]hall", {"c[b]": 3}))
    result = run("--data", f"folder:{folder}", "--model", red_dots_model)
    assert result.exit_code == 0, result.output
    assert "[red]hall" in result.stdout
    assert "c[b].png" in result.stdout


def test_a_place_that_cannot_be_written_is_found_before_the_work(
    red_dots_model: Path, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    result = run("--data", f"folder:{folders[0]}", "--model", red_dots_model, "--pictures", taken)
    assert result.exit_code == 1
    assert "taken" in result.output
    assert "above" not in result.output


def test_a_broken_picture_is_named(red_dots_model: Path, folders: tuple[Path, Path]) -> None:
    next(folders[0].rglob("b.png")).write_bytes(b"no picture")
    result = run("--data", f"folder:{folders[0]}", "--model", red_dots_model)
    assert result.exit_code == 1
    assert "b.png" in result.output


def test_the_record_weighs_pictures_by_their_size_and_counts_what_warns() -> None:
    def one(width: int, count: float, *, warned: bool) -> EmptyCount:
        return EmptyCount(f"{count}", width, 1000, count, warned, np.zeros((1, 1, 3), np.uint8))

    counts = [
        *(one(1000, 4.0, warned=True), one(3000, 0.0, warned=True)),
        *(one(1000, 0.5, warned=False), one(1000, 0.6, warned=False)),
    ]
    record = nobody_record("hall", counts)
    assert record["per_megapixel"] == pytest.approx(5.1 / 6)
    assert record["median"] == pytest.approx(0.55)
    assert (record["above"], record["above_warned"], record["limit"]) == (2, 1, 0.5)  # 0.5 is not above 0.5
    assert (record["worst"], record["worst_picture"]) == (4.0, "4.0")
