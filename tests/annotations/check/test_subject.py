"""Which pictures are checked, and the part of each."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.check.subject import open_subjects
from uepnet.errors import DataSetError

WriteSet = Callable[..., str]
GREY = np.full((16, 24, 3), 90, dtype=np.uint8)
NONE = np.zeros((0, 2))


@pytest.fixture
def text(write_set: WriteSet) -> str:
    write_set(dict.fromkeys((4, 5), GREY), dict.fromkeys((4, 5), NONE), part="test")
    return write_set(dict.fromkeys((1, 10, 11), GREY), dict.fromkeys((1, 10, 11), NONE))


def parts(text: str, *splits: str) -> dict[str, str]:
    return {f"{s.entry.name}:{s.entry.picture.parts[-3]}": s.part for s in open_subjects(text, splits=splits)}


def test_the_whole_training_set_knows_its_validation_part(text: str) -> None:
    assert parts(text, "all") == {
        "IMG_1:train_data": "train",
        "IMG_10:train_data": "val",
        "IMG_11:train_data": "train",
    }


def test_several_splits_hold_each_picture_once(text: str) -> None:
    assert parts(text, "val", "all", "test", "train") == {
        "IMG_10:train_data": "val",
        "IMG_1:train_data": "train",
        "IMG_11:train_data": "train",
        "IMG_4:test_data": "test",
        "IMG_5:test_data": "test",
    }


def test_without_a_validation_part_all_train(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "a.png")
    (tmp_path / "a.txt").touch()
    assert [subject.part for subject in open_subjects(f"folder:{tmp_path}", splits=["all"])] == ["train"]


def test_a_data_set_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="there is no folder"):
        open_subjects(f"shanghaitech-a:{tmp_path / 'nowhere'}", splits=["all"])


def test_a_link_is_a_file_of_its_own(text: str) -> None:
    (first, *_) = open_subjects(text, splits=["train"])
    link = first.entry.picture.with_name("IMG_20.jpg")
    link.symlink_to(first.entry.picture)
    linked = next(s for s in open_subjects(text, splits=["val"]) if s.entry.name == "IMG_20")
    assert linked.file != first.file
