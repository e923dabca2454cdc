"""UCF-QNRF, on files written with its keys."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path], write_mat: Callable[..., Path]) -> Path:
    points = np.array([[0.0, 0.0], [39.5, 29.5], [40.0, 10.0], [10.0, 30.0], [-1.0, 5.0]])
    for part, numbers in {"Train": (1, 2, 10), "Test": (1, 10)}.items():
        for number in numbers:
            write_picture(tmp_path / part / f"img_{number:04d}.jpg")
            write_mat(tmp_path / part / f"img_{number:04d}_ann.mat", {"annPoints": points})
    return tmp_path


def test_points_outside_the_picture_are_dropped(root: Path) -> None:
    data = open_data_set(f"ucf-qnrf:{root}")
    assert data.heads(data.entries[0]).xy.tolist() == [[0.0, 0.0], [39.5, 29.5]]
    assert data.fixed_sigma is None


def test_the_parts(root: Path) -> None:
    names = {
        split: [entry.name for entry in open_data_set(f"ucf-qnrf:{root}", split=split).entries]
        for split in ("train", "val", "test", "all")
    }
    assert names == {
        "train": ["img_0001", "img_0002"],
        "val": ["img_0010"],
        "test": ["img_0001", "img_0010"],
        "all": ["img_0001", "img_0002", "img_0010"],
    }


def test_bytes_behind_the_end_of_a_picture_do_no_harm(root: Path) -> None:
    data = open_data_set(f"ucf-qnrf:{root}")
    with data.entries[0].picture.open("ab") as file:
        file.write(b"\0" * 1000)
    assert data.pixels(data.entries[0]).shape == (30, 40, 3)
    assert len(data.heads(data.entries[0])) == 2


def test_a_wrong_key_is_an_annotation_error(root: Path, write_mat: Callable[..., Path]) -> None:
    write_mat(root / "Train/img_0001_ann.mat", {"image_info": 1})
    data = open_data_set(f"ucf-qnrf:{root}")
    with pytest.raises(AnnotationError, match=r"img_0001_ann\.mat: it holds image_info"):
        data.heads(data.entries[0])
