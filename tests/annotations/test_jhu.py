"""JHU-Crowd++, on files written with its columns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path]) -> Path:
    for part, numbers in {"train": (1, 10), "val": (1,), "test": (7,)}.items():
        (tmp_path / part / "gt").mkdir(parents=True)
        for number in numbers:
            write_picture(tmp_path / part / "images" / f"{number:04d}.jpg")
            text = "3 4 9 10 1 0\n20 25 5 5 2 1\n" if number != 10 else ""
            (tmp_path / part / "gt" / f"{number:04d}.txt").write_text(text)
    return tmp_path


def test_the_publishers_parts(root: Path) -> None:
    names = {
        split: [entry.name for entry in open_data_set(f"jhu:{root}", split=split).entries]
        for split in ("train", "val", "test", "all")
    }
    assert names == {
        "train": ["train/0001", "train/0010"],
        "val": ["val/0001"],
        "test": ["test/0007"],
        "all": ["train/0001", "train/0010", "val/0001"],
    }


def test_points_and_a_picture_without_heads(root: Path) -> None:
    data = open_data_set(f"jhu:{root}")
    assert data.heads(data.entries[0]).xy.tolist() == [[3.0, 4.0], [20.0, 25.0]]
    assert len(data.heads(data.entries[1])) == 0


@pytest.mark.parametrize("line", ["3 4", "3 4 9 10 1 0 7", "a b c d e f", "nan 4 9 10 1 0", "3,4,9,10,1,0"])
def test_another_row_is_an_annotation_error_with_its_line(root: Path, line: str) -> None:
    (root / "train/gt/0001.txt").write_text(f"3 4 9 10 1 0\n{line}\n")
    data = open_data_set(f"jhu:{root}")
    with pytest.raises(AnnotationError, match=r"0001\.txt, line 2: .*six numbers"):
        data.heads(data.entries[0])


def test_a_missing_file_is_no_picture_without_heads(root: Path) -> None:
    (root / "train/gt/0010.txt").unlink()
    data = open_data_set(f"jhu:{root}")
    with pytest.raises(AnnotationError, match=r"0010\.txt: there is no such annotation file"):
        data.heads(data.entries[1])
