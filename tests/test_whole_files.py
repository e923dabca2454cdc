"""A file or folder is there whole or not at all."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from uepnet.errors import OutputError
from uepnet.whole_files import make_folder, make_place, whole_file, whole_folder, write_whole


def write_half(path: Path) -> None:
    """Stopped in the middle."""
    with whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_an_old_file_survives_a_failure_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_whole(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "a.bin", tmp_path):
        with pytest.raises(OSError, match=re.escape(f"{str(path)!r}")) as caught:
            write_whole(path, b"x")
        assert ".part" not in str(caught.value)

    def full(path: Path) -> None:
        with whole_file(path):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match=r"No space left on device: .*a\.bin"):
        full(tmp_path / "a.bin")
    assert not list(tmp_path.iterdir())


def test_places_are_made_or_refused_before_long_work(tmp_path: Path) -> None:
    make_place(tmp_path / "new" / "out.json", None)
    assert (tmp_path / "new").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"file/deeper: this folder cannot be made \(Not a directory\)"):
        make_place(tmp_path / "file" / "deeper" / "out.json")
    with pytest.raises(OutputError, match="a folder has this name"):
        make_place(tmp_path / "new")
    with pytest.raises(OutputError, match=r"this folder cannot be made \(File exists\)"):
        make_folder(tmp_path / "file")


def test_the_new_content_replaces_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_whole(path, b"a longer old content")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = {
        f".a.bin.{os.getppid()}.part",
        f".b.bin.{gone.pid}.part",
        ".a.bin.0.part",
        ".a.bin.x.part",
        f".a.bin.{10**40}.part",
    }
    for name in (*kept, f".a.bin.{gone.pid}.part"):
        (tmp_path / name).touch()
    write_whole(tmp_path / "a.bin", b"new")
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "a.bin"}


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def half(path: Path) -> None:
        with whole_folder(path) as folder:
            (folder / "a.txt").write_text("a", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half(tmp_path / "data")
    assert not list(tmp_path.iterdir())
    with whole_folder(tmp_path / "data") as folder:
        (folder / "a.txt").write_text("a", encoding="utf-8")
        assert not (tmp_path / "data").exists()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o755, "others may read it"
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["data", "data/a.txt"]


def test_two_that_write_one_folder_do_not_mix(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "data") as first:
        (first / "a.txt").touch()
        with whole_folder(tmp_path / "data") as second:
            assert second != first
        (tmp_path / "data").rmdir()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["a.txt"]
