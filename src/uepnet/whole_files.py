"""Files and folders that are there whole or not at all, whatever happens while they are written."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from uepnet.errors import OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only once it is complete and on disk.

    It is written beside its place under a name of this process alone, so two processes never mix their bytes. What
    processes that were killed have left of the same file is removed.
    """
    _remove_leftovers(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        if error.filename not in (None, str(partial), partial):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error  # the name that was asked for
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A new folder to write into, which has its name only once the block ends without an error; `OSError` where it cannot be.

    It is written beside its place under a name that no other process has. What one that was killed has left stays there, hidden:
    nobody can tell it from the work of another machine on the same disk.
    """
    partial = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    try:
        yield partial
        partial.chmod(0o755)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_place(path: Path) -> None:
    """`OutputError` where a file could not be written later: a folder has its name, or its folder is not there."""
    if path.is_dir():
        raise OutputError(f"{path}: a folder has this name; name another file")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}; make it, or name another file")


def make_folder(path: Path) -> None:
    """A folder that will be written to after long work; `OutputError` where it cannot be made."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: this folder cannot be made ({error.strerror}); name another") from error


def make_place(*paths: Path | None) -> None:
    """The folders of files that will be written after long work; `OutputError` where a file could not be."""
    for path in paths:
        if path is not None:
            make_folder(path.parent)
            check_place(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write all of a file's content."""
    with whole_file(path) as file:
        file.write(content)


def _remove_leftovers(path: Path) -> None:
    """Remove what processes of this machine that are no more had written of a file."""
    for leftover in _parts_in(path.parent.absolute()):
        name, _, process = leftover.name.removesuffix(".part").rpartition(".")
        if name == f".{path.name}" and _is_gone(process):
            leftover.unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _parts_in(folder: Path) -> tuple[Path, ...]:
    """The unfinished files in a folder when it is first written to; looking before every file would be slow."""
    return tuple(folder.glob(".*.part")) if folder.is_dir() else ()


def _is_gone(process: str) -> bool:
    """Whether no process has this number; signal 0 only asks, but not on Windows, where it would stop the process."""
    if os.name != "posix" or not (process.isascii() and process.isdigit() and int(process) > 0):
        return False
    with suppress(PermissionError, OverflowError):
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
    return False
