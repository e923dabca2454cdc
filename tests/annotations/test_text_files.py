"""Text files are read whole, and written whole or not at all."""

from pathlib import Path

import pytest

from uepnet.annotations.text_files import read_text, whole_text
from uepnet.errors import AnnotationError


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfhello")
    assert read_text(tmp_path / "a.txt") == "hello"


def test_what_cannot_be_read_is_an_annotation_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\xff")
    for path, message in ((tmp_path / "a.txt", "UTF-8"), (tmp_path / "b.txt", "no such"), (tmp_path, "cannot be read")):
        with pytest.raises(AnnotationError, match=message):
            read_text(path)


def write_and_be_interrupted(path: Path) -> None:
    with whole_text(path) as file:
        file.write("new")
        raise KeyboardInterrupt


def test_an_interrupted_writing_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with whole_text(path) as file:
        file.write("new\n")
    assert path.read_bytes() == b"new\n"
