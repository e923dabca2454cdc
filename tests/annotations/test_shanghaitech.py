"""ShanghaiTech: the layout in its spellings, wrong files, and the numbers of the real one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError, DataSetError, PictureError

WriteMat = Callable[..., Path]
WritePicture = Callable[..., Path]


def image_info(points: np.ndarray, number: Any) -> dict[str, Any]:
    inner = np.zeros((1, 1), dtype=[("location", object), ("number", object)])
    inner["location"][0, 0] = points
    inner["number"][0, 0] = number
    outer = np.empty((1, 1), dtype=object)
    outer[0, 0] = inner
    return {"image_info": outer}


@pytest.fixture(params=["part_A_final/train_data/ground-truth", "part_A/train_data/ground_truth"])
def root(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    write_picture: WritePicture,
    write_mat: WriteMat,
    points: np.ndarray,
) -> Path:
    truth = tmp_path / request.param
    for number in (1, 9, 10, 20):
        write_picture(truth.parent / "images" / f"IMG_{number}.jpg")
        write_mat(truth / f"GT_IMG_{number}.mat", image_info(points, len(points)))
    return tmp_path


def truth_of(root: Path, number: int) -> Path:
    return next(root.rglob(f"GT_IMG_{number}.mat"))


def test_the_numbers_divisible_by_ten_validate(root: Path) -> None:
    names = {
        split: [entry.name for entry in open_data_set(f"shanghaitech-a:{root}", split=split).entries]
        for split in ("train", "val", "all")
    }
    assert names == {
        "train": ["IMG_1", "IMG_9"],
        "val": ["IMG_10", "IMG_20"],
        "all": ["IMG_1", "IMG_9", "IMG_10", "IMG_20"],
    }


def test_points_are_as_in_the_file(root: Path, points: np.ndarray) -> None:
    data = open_data_set(f"shanghaitech-a:{root}")
    heads = data.heads(data.entries[0])
    assert heads.xy.tolist() == points.tolist()
    assert (heads.width, heads.height) == (40, 30)


def test_the_part_s_folder_and_a_parent_are_good_too(root: Path, tmp_path: Path) -> None:
    part = next(root.glob("part_A*"))
    assert open_data_set(f"shanghaitech-a:{part}").entries == open_data_set(f"shanghaitech-a:{root}").entries
    parent = tmp_path / "parent"
    parent.mkdir()
    part.rename(parent / "moved")
    (parent / "ShanghaiTech").mkdir()
    (parent / "moved").rename(parent / "ShanghaiTech" / part.name)
    assert len(open_data_set(f"shanghaitech-a:{parent}")) == 2


def test_the_folder_of_the_other_part_is_refused(root: Path) -> None:
    part = next(root.glob("part_A*"))
    with pytest.raises(DataSetError, match="is part A; give the folder that holds part_B_final"):
        open_data_set(f"shanghaitech-b:{part}")
    with pytest.raises(DataSetError, match=r"shanghaitech-b: .*part_B_final/train_data"):
        open_data_set(f"shanghaitech-b:{root}")


def test_the_test_part_is_the_test_folder_whole(
    root: Path, write_picture: WritePicture, write_mat: WriteMat, points: np.ndarray
) -> None:
    part = next(root.glob("part_A*"))
    with pytest.raises(DataSetError, match="test_data"):
        open_data_set(f"shanghaitech-a:{root}", split="test")
    for number in (5, 10):
        write_picture(part / "test_data/images" / f"IMG_{number}.jpg")
        write_mat(part / "test_data/ground-truth" / f"GT_IMG_{number}.mat", image_info(points, 3))
    assert [entry.name for entry in open_data_set(f"shanghaitech-a:{root}", split="test").entries] == [
        "IMG_5",
        "IMG_10",
    ]


def test_a_declared_number_that_differs_is_told_with_both(root: Path, write_mat: WriteMat, points: np.ndarray) -> None:
    write_mat(truth_of(root, 9), image_info(points, 4))
    data = open_data_set(f"shanghaitech-a:{root}")
    with pytest.raises(AnnotationError, match=r"GT_IMG_9\.mat: it declares 4 heads, but holds 3 points"):
        data.heads(data.entries[1])


@pytest.mark.parametrize(
    "content",
    [
        {"annPoints": np.zeros((1, 2))},
        {"image_info": np.zeros((2, 2))},
        {"image_info": "text"},
        image_info(np.array([[1.0, np.nan]]), 1),
        image_info(np.zeros((3, 4)), 3),
        image_info(np.zeros((1, 2)), "many"),
    ],
)
def test_a_file_that_holds_something_else_is_an_annotation_error(
    root: Path, write_mat: WriteMat, content: dict[str, Any]
) -> None:
    write_mat(truth_of(root, 1), content)
    data = open_data_set(f"shanghaitech-a:{root}")
    with pytest.raises(AnnotationError, match=r"GT_IMG_1\.mat: "):
        data.heads(data.entries[0])


def test_a_picture_without_annotation_and_the_reverse_are_errors_when_read(root: Path) -> None:
    truth_of(root, 1).unlink()
    next(root.rglob("IMG_9.jpg")).unlink()
    data = open_data_set(f"shanghaitech-a:{root}")
    assert [entry.name for entry in data.entries] == ["IMG_1", "IMG_9"]
    with pytest.raises(AnnotationError, match=r"GT_IMG_1\.mat: there is no such annotation file"):
        data.heads(data.entries[0])
    with pytest.raises(PictureError, match=r"IMG_9\.jpg: there is no such file"):
        data.heads(data.entries[1])


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "split", "numbers", "sigma"),
    [
        ("a", "all", (300, 162_413, 33, 3138), None),
        ("a", "val", (30, 16_405, 99, 2348), None),
        ("b", "all", (400, 49_151, 12, 576), 15.0),
        ("b", "val", (40, 4_938, 28, 359), 15.0),
    ],
)
def test_the_real_data_set_has_its_published_numbers(
    shared_data: Path, name: str, split: str, numbers: tuple[int, int, int, int], sigma: float | None
) -> None:
    """Pictures, heads, fewest and most."""
    data = open_data_set(f"shanghaitech-{name}:{shared_data / 'ShanghaiTech'}", split=split)
    points = [data.heads(entry) for entry in data.entries]
    counts = [len(each) for each in points]
    assert (len(data), sum(counts), min(counts), max(counts)) == numbers
    assert data.fixed_sigma == sigma
    assert all(each.inside().all() for each in points)


@pytest.mark.real_data
def test_the_picture_of_part_b_that_is_wrong_is_named_but_stays(shared_data: Path) -> None:
    train = open_data_set(f"shanghaitech-b:{shared_data}")
    assert (len(train), train.known_wrong) == (360, frozenset({"IMG_108"}))
    assert len(train.without(train.known_wrong)) == 359
    assert open_data_set(f"shanghaitech-b:{shared_data}", split="val").known_wrong == frozenset()
    assert open_data_set(f"shanghaitech-a:{shared_data}").known_wrong == frozenset()


@pytest.mark.real_data
def test_the_real_pictures_are_read_in_colour_and_grey(shared_data: Path) -> None:
    data = open_data_set(f"shanghaitech-a:{shared_data}", split="val")
    for entry in data.entries:
        pixels, heads = data.pixels(entry), data.heads(entry)
        assert pixels.shape == (heads.height, heads.width, 3)
