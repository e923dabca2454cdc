"""From what a person names on the command line to picture files."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from uepnet.errors import PictureError
from uepnet.pictures import OVERLAY_SUFFIX, PICTURE_SUFFIXES

VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".ts"})


def pictures_of(source: str) -> tuple[Path, ...]:
    """The picture files of a file, a folder (not the folders in it) or a pattern such as `photos/**/*.jpg`.

    In the order a person would list them: IMG_2 before IMG_10. Raises `PictureError` if there are none. `**` enters no
    folder through a link, so that no picture comes twice.
    """
    if not source:
        raise PictureError("an empty name was given; name a picture, a folder or a pattern")
    try:
        return _found(source)
    except OSError as error:
        raise PictureError(f"{source}: this cannot be read ({error.strerror})") from error


def _found(source: str) -> tuple[Path, ...]:
    path = Path(source)
    if path.is_file():
        if path.suffix.lower() in VIDEO_SUFFIXES:
            raise PictureError(f"{source}: this is a film, no picture; `uepnet count` counts films")
        return (path,)
    if path.is_dir():
        found = _in_order(file for file in path.iterdir() if _looks_like_a_picture(file))
        if not found:
            raise PictureError(
                f"{source}: there are no pictures in this folder (looked for {', '.join(sorted(PICTURE_SUFFIXES))}); "
                f"for pictures in folders below it, give the pattern '{path}/**/*.jpg'"
            )
        return found
    if path.exists():
        raise PictureError(f"{source}: this is a pipe, a socket or a device; name a picture file, or pipe one into -")
    if "://" in source:
        raise PictureError(f"{source}: this is an address; picture files are counted, so save the picture first")
    if glob.has_magic(source):
        found = _in_order(Path(match) for match in _matches(source) if Path(match).is_file())
        if not found:
            raise PictureError(f"{source}: no file matches this pattern")
        return found
    raise PictureError(f"{source}: there is no such file or folder")


def _looks_like_a_picture(file: Path) -> bool:
    """By its suffix, our own drawings left out; a link that leads nowhere too, so that it is reported and not left out in silence."""
    if file.name.endswith(OVERLAY_SUFFIX):
        return False
    return file.suffix.lower() in PICTURE_SUFFIXES and (file.is_file() or (file.is_symlink() and not file.is_dir()))


def _matches(pattern: str) -> Iterable[str]:
    """What a pattern matches; `**` is any number of folders, none of them hidden or a link (links may go round)."""
    parts = Path(pattern).parts
    if "**" not in parts:
        return glob.glob(pattern)  # noqa: PTH207  # Path.glob refuses patterns that start at the root
    place = parts.index("**")
    starts = glob.glob(str(Path(*parts[:place]))) if place else [""]  # noqa: PTH207
    below = Path(*[part for part in parts[place + 1 :] if part != "**"] or ["*"])
    folders = [folder for start in starts for folder in _folders(start)]
    return {match for folder in folders for match in glob.glob(str(Path(glob.escape(folder)) / below))}  # noqa: PTH207


def _folders(start: str) -> Iterator[str]:
    """A folder and those below it."""
    for folder, names, _ in os.walk(start or os.curdir):
        names[:] = [name for name in names if not name.startswith(".")]
        yield os.path.relpath(folder) if not start else folder


def _in_order(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Sorted by folder and name, numbers by their value."""
    return tuple(sorted(paths, key=lambda path: (_natural(str(path.parent)), _natural(path.name))))


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers within names by their value."""
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in re.split(r"(\d+)", text)]
