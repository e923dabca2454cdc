"""Scenes as a data set of files."""

import csv
from pathlib import Path

import numpy as np
import pytest

from uepnet.errors import DataSetError
from uepnet.pictures import read_picture
from uepnet.scenes.empty import draw_empty
from uepnet.scenes.render import draw_scene
from uepnet.scenes.writing import write_empty, write_scenes


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "heads.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_what_is_written_is_what_was_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "sets" / "drawn"
    write_scenes(folder, seeds=range(4, 6), width=96, height=72, heads=8)
    assert sorted(path.name for path in folder.iterdir()) == ["heads.csv", "scene_000004.jpg", "scene_000005.jpg"]
    for seed in (4, 5):
        scene, name = draw_scene(seed=seed, width=96, height=72, heads=8), f"scene_{seed:06d}.jpg"
        points = [(float(row["x"]), float(row["y"])) for row in _rows(folder) if row["picture"] == name]
        assert points == [tuple(point) for point in scene.heads.xy.tolist()]
        stored = read_picture(folder / name).astype(int)
        assert np.abs(stored - scene.pixels).mean() < 6


def test_a_picture_without_heads_has_a_row_with_its_name_alone(tmp_path: Path) -> None:
    write_scenes(tmp_path / "drawn", seeds=range(1), width=96, height=64, heads=0)
    assert _rows(tmp_path / "drawn") == [{"picture": "scene_000000.jpg", "x": "", "y": ""}]


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DataSetError, match="there is something already"):
        write_scenes(tmp_path, seeds=range(1))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**wishes: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("uepnet.scenes.writing.draw_scene", broken)
    with pytest.raises(DataSetError, match="the disk is full"):
        write_scenes(tmp_path / "drawn", seeds=range(3))
    assert list(tmp_path.iterdir()) == []


def test_no_seeds_are_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no scene to write"):
        write_scenes(tmp_path / "drawn", seeds=range(0))


def test_empty_pictures_are_said_to_be_empty(tmp_path: Path) -> None:
    write_empty(tmp_path / "empty", seeds=range(2, 4), width=96, height=64)
    assert _rows(tmp_path / "empty") == [{"picture": f"empty_{n:06d}.jpg", "x": "", "y": ""} for n in (2, 3)]
    stored = read_picture(tmp_path / "empty" / "empty_000003.jpg").astype(int)
    assert np.abs(stored - draw_empty(3, width=96, height=64)).mean() < 12
