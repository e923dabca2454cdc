"""NWPU-Crowd, on files written with its keys."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError, DataSetError, PictureError


@pytest.fixture(params=["mats", "jsons"])
def root(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    write_picture: Callable[..., Path],
    write_mat: Callable[..., Path],
    points: np.ndarray,
) -> Path:
    for number in range(1, 7):
        folder = "images_part1" if number < 4 else "images_part2"
        write_picture(tmp_path / folder / f"{number:04d}.jpg")
    for number in range(1, 5):
        heads = points if number != 2 else np.zeros((0, 0))
        path = tmp_path / request.param / f"{number:04d}"
        if request.param == "mats":
            write_mat(path.with_suffix(".mat"), {"annPoints": heads, "annBoxes": []})
        else:
            path.parent.mkdir(exist_ok=True)
            content = {"img_id": f"{number:04d}.jpg", "human_num": len(heads), "points": heads.tolist(), "boxes": []}
            path.with_suffix(".json").write_text(json.dumps(content))
    (tmp_path / "train.txt").write_text("0001 0 1\n0002 2 1\n0004 0 0\n")
    (tmp_path / "val.txt").write_text("0003 1 1\n\n")
    return tmp_path


def test_the_lists_say_the_parts_and_the_rest_is_test(root: Path) -> None:
    names = {
        split: [entry.name for entry in open_data_set(f"nwpu:{root}", split=split).entries]
        for split in ("train", "val", "test", "all")
    }
    assert names == {
        "train": ["0001", "0002", "0004"],
        "val": ["0003"],
        "test": ["0005", "0006"],
        "all": ["0001", "0002", "0003", "0004"],
    }


def test_points_and_a_picture_without_heads(root: Path, points: np.ndarray) -> None:
    data = open_data_set(f"nwpu:{root}")
    assert data.heads(data.entries[0]).xy.tolist() == points.tolist()
    assert len(data.heads(data.entries[1])) == 0


def test_the_heads_of_the_test_part_are_not_published(root: Path) -> None:
    data = open_data_set(f"nwpu:{root}", split="test")
    assert data.pixels(data.entries[0]).shape == (30, 40, 3)
    with pytest.raises(AnnotationError, match=r"0005\.jpg: no heads are published"):
        data.heads(data.entries[0])


def test_a_listed_picture_that_is_not_there_is_an_error_when_read(root: Path) -> None:
    (root / "images_part1/0001.jpg").unlink()
    data = open_data_set(f"nwpu:{root}")
    with pytest.raises(PictureError, match=r"0001\.jpg"):
        data.heads(data.entries[0])


def test_lists_that_overlap_are_refused(root: Path) -> None:
    (root / "val.txt").write_text("0003 1 1\n0004 1 1\n")
    with pytest.raises(DataSetError, match="both list 0004"):
        open_data_set(f"nwpu:{root}")


def test_a_missing_list_is_told(root: Path) -> None:
    (root / "val.txt").unlink()
    with pytest.raises(AnnotationError, match=r"val\.txt"):
        open_data_set(f"nwpu:{root}")


def test_a_declared_number_that_differs_is_told_with_both(root: Path) -> None:
    if (root / "mats").is_dir():
        (root / "mats").rename(root / "jsons")
    (root / "jsons/0001.json").write_text('{"human_num": 4, "points": [[1, 2]]}')
    data = open_data_set(f"nwpu:{root}")
    with pytest.raises(AnnotationError, match="declares 4 heads, but holds 1 points"):
        data.heads(data.entries[0])
