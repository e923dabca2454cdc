"""WorldExpo'10, on files written with its keys."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.worldexpo10 import read_perspective, read_roi, scene_of
from uepnet.errors import AnnotationError, DataSetError, PictureError

WriteMat = Callable[..., Path]
SCENES = [f"{number}" for number in range(100010, 100022)]
X, Y = [3.0, 35.0, 30.0, 5.0], [2.0, 4.0, 28.0, 27.0]


@pytest.fixture(params=["in folders by scene", "in one folder"])
def root(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    write_picture: Callable[..., Path],
    write_mat: WriteMat,
    points: np.ndarray,
) -> Path:
    for part, scenes in {"train": SCENES, "test": ["104207"]}.items():
        for scene in scenes:
            labels = tmp_path / f"{part}_label" / scene
            roi = {"maskVerticesXCoordinates": np.array([X]).T, "maskVerticesYCoordinates": np.array([Y]).T}
            write_mat(labels / "roi.mat", roi)
            write_mat(tmp_path / f"{part}_perspective" / f"{scene}.mat", {"pMap": np.full((30, 40), 12.5)})
            for frame in (f"{scene}_1-1", f"{scene}_1-2"):
                write_mat(labels / f"{frame}.mat", {"point_position": points})
                folder = tmp_path / f"{part}_frame"
                write_picture((folder / scene if "scene" in request.param else folder) / f"{frame}.jpg")
    return tmp_path


def test_whole_scenes_validate(root: Path) -> None:
    data = {split: open_data_set(f"worldexpo10:{root}", split=split) for split in ("train", "val", "test", "all")}
    scenes = {split: sorted({scene_of(entry) for entry in each.entries}) for split, each in data.items()}
    assert scenes["val"] == ["100010", "100020"]
    assert scenes["train"] == [scene for scene in SCENES if scene not in scenes["val"]]
    assert (scenes["all"], scenes["test"]) == (SCENES, ["104207"])
    assert {split: len(each) for split, each in data.items()} == {"train": 20, "val": 4, "test": 2, "all": 24}


def test_points_region_perspective_and_sigma(root: Path, points: np.ndarray) -> None:
    data = open_data_set(f"worldexpo10:{root}", split="test")
    entry = data.entries[0]
    assert entry.name == "104207/104207_1-1"
    assert data.heads(entry).xy.tolist() == points.tolist()
    assert data.pixels(entry).shape == (30, 40, 3)
    assert data.read_roi is not None
    assert data.read_roi(entry).tolist() == [list(corner) for corner in zip(X, Y, strict=True)]
    assert read_perspective(entry).shape == (30, 40)
    assert data.fixed_sigma == 5.0


def test_a_region_that_is_none_is_an_annotation_error(root: Path, write_mat: WriteMat) -> None:
    entry = open_data_set(f"worldexpo10:{root}", split="test").entries[0]
    path = root / "test_label/104207/roi.mat"
    write_mat(path, {"maskVerticesXCoordinates": np.array(X), "maskVerticesYCoordinates": np.array(Y[:3])})
    with pytest.raises(AnnotationError, match="4 and 3"):
        read_roi(entry)
    write_mat(path, {"maskVerticesXCoordinates": np.array(X)})
    with pytest.raises(AnnotationError, match="maskVerticesYCoordinates"):
        read_roi(entry)
    path.unlink()
    with pytest.raises(AnnotationError, match="no such annotation file"):
        read_roi(entry)


@pytest.mark.parametrize("values", [np.zeros((30, 40)), np.ones(()), np.array([[1.0, -2.0]])])
def test_a_perspective_map_holds_positive_numbers(root: Path, write_mat: WriteMat, values: np.ndarray) -> None:
    entry = open_data_set(f"worldexpo10:{root}", split="test").entries[0]
    write_mat(root / "test_perspective/104207.mat", {"pMap": values})
    if values.ndim == 0:  # MATLAB knows no number that is no matrix: it comes back as 1 x 1
        assert read_perspective(entry).shape == (1, 1)
        return
    with pytest.raises(AnnotationError, match="positive numbers"):
        read_perspective(entry)


def test_a_label_without_frame_and_the_reverse_are_no_silence(root: Path, write_picture: Callable[..., Path]) -> None:
    next(root.glob("test_frame/**/104207_1-2.jpg")).unlink()
    data = open_data_set(f"worldexpo10:{root}", split="test")
    assert len(data) == 2
    with pytest.raises(PictureError, match="no such file"):
        data.heads(data.entries[1])
    write_picture(root / "test_frame" / "104207_1-3.jpg")
    with pytest.raises(DataSetError, match=r"104207_1-3\.jpg has no label"):
        open_data_set(f"worldexpo10:{root}", split="test")


def test_a_frame_in_its_scene_s_folder_without_label_is_an_error_when_read(
    root: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(root / "test_frame" / "104207" / "104207_1-3.jpg")
    data = open_data_set(f"worldexpo10:{root}", split="test")
    with pytest.raises(AnnotationError, match=r"104207_1-3\.mat: there is no such annotation file"):
        data.heads(data.entries[2])
