"""Mall, on a file written with its keys: cells of structs, and counts as uint8."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from PIL import Image

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError, PictureError

WriteMat = Callable[..., Path]
FRAMES = 810


def truth(counts: list[int], *, declared: list[int] | None = None) -> dict[str, Any]:
    frames = np.empty((1, len(counts)), dtype=object)
    for index, count in enumerate(counts):
        frame = np.empty((1, 1), dtype=[("loc", object)])
        frame["loc"][0, 0] = np.full((count, 2), float(index + 1))
        frames[0, index] = frame
    return {"frame": frames, "count": np.array([declared or counts], dtype=np.uint8).T}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """810 frames, so that the parts have their ends; only read."""
    root = tmp_path_factory.mktemp("mall")
    scipy.io.savemat(root / "mall_gt.mat", truth([30 + number % 20 for number in range(1, FRAMES + 1)]))
    (root / "frames").mkdir()
    first = root / "frames" / "seq_000001.jpg"
    Image.new("L", (40, 30)).save(first)
    for number in range(2, FRAMES + 1):
        (root / "frames" / f"seq_{number:06d}.jpg").symlink_to(first)
    return root


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path]) -> Path:
    for number in (1, 2, 3):
        write_picture(tmp_path / "frames" / f"seq_{number:06d}.jpg")
    return tmp_path


def test_the_first_eight_hundred_frames_train_and_the_last_eighty_of_them_validate(whole: Path) -> None:
    parts = {split: open_data_set(f"mall:{whole}", split=split).entries for split in ("train", "val", "test", "all")}
    ends = {split: (len(each), each[0].name, each[-1].name) for split, each in parts.items()}
    assert ends == {
        "train": (720, "seq_000001", "seq_000720"),
        "val": (80, "seq_000721", "seq_000800"),
        "test": (10, "seq_000801", "seq_000810"),
        "all": (800, "seq_000001", "seq_000800"),
    }


def test_each_frame_has_its_own_points(whole: Path) -> None:
    data = open_data_set(f"mall:{whole}", split="val")
    heads = data.heads(data.entries[5])
    assert len(heads) == 30 + 726 % 20
    assert (heads.xy == 726.0).all()


def test_the_sum_of_all_heads_exceeds_what_a_byte_holds(whole: Path) -> None:
    data = open_data_set(f"mall:{whole}", split="test")
    assert sum(len(data.heads(entry)) for entry in data.entries) == sum(30 + n % 20 for n in range(801, 811)) > 255


def test_a_declared_count_that_differs_is_told_with_both(root: Path, write_mat: WriteMat) -> None:
    write_mat(root / "mall_gt.mat", truth([3, 4], declared=[3, 5]))
    data = open_data_set(f"mall:{root}", split="all")
    assert len(data.heads(data.entries[0])) == 3
    with pytest.raises(AnnotationError, match=r"mall_gt\.mat: it declares 5 heads in frame 2, but holds 4 points"):
        data.heads(data.entries[1])


def test_a_frame_without_points_and_points_without_a_frame_are_errors_when_read(
    root: Path, write_mat: WriteMat
) -> None:
    write_mat(root / "mall_gt.mat", truth([3, 4]))
    (root / "frames/seq_000002.jpg").unlink()
    data = open_data_set(f"mall:{root}", split="all")
    with pytest.raises(PictureError, match=r"seq_000002\.jpg"):
        data.heads(data.entries[1])
    with pytest.raises(AnnotationError, match=r"it holds 2 frames, but there is a picture seq_000003\.jpg"):
        data.heads(data.entries[2])


def test_another_structure_is_an_annotation_error(root: Path, write_mat: WriteMat) -> None:
    write_mat(root / "mall_gt.mat", {"frame": np.zeros((1, 2)), "count": np.zeros((2, 1))})
    data = open_data_set(f"mall:{root}", split="all")
    with pytest.raises(AnnotationError, match="frame 1 should hold points under 'loc'"):
        data.heads(data.entries[0])
    write_mat(root / "mall_gt.mat", truth([3, 4], declared=[3]))
    with pytest.raises(AnnotationError, match="2 frames, but the counts of 1"):
        open_data_set(f"mall:{root}")
    write_mat(root / "mall_gt.mat", {"count": 1})
    with pytest.raises(AnnotationError, match="under 'frame'"):
        open_data_set(f"mall:{root}")
