"""Finding a data set's folders, and pairing the pictures in them with their annotations."""

import re
from collections.abc import Iterable
from pathlib import Path

from uepnet.annotations.data_set import Entry
from uepnet.errors import DataSetError
from uepnet.pictures import PICTURE_SUFFIXES


def find_folder(root: Path, places: Iterable[str], *, name: str) -> Path:
    """The first of `places` under `root` ("." is root itself) that is a folder; `DataSetError` lists where it looked."""
    looked = [root / place for place in places]
    for folder in looked:
        if folder.is_dir():
            return folder
    if not root.exists():
        raise DataSetError(f"{name}: there is no folder {root}; give the folder that holds the data set")
    if not root.is_dir():
        raise DataSetError(f"{name}: {root} is a file; give the folder that holds the data set")
    raise DataSetError(
        f"{name}: {root} is not laid out as expected; none of these is there: {', '.join(map(str, looked))}"
    )


def find_root(root: Path, *, marker: str, name: str) -> Path:
    """The folder that holds `marker` (a file or folder of the layout): root itself, or the one such folder in it."""
    if (root / marker).exists():
        return root
    if not root.is_dir():
        return find_folder(root, ["."], name=name)
    inside = sorted(path for path in root.iterdir() if path.is_dir() and (path / marker).exists())
    if len(inside) != 1:
        found = f"in several of its folders ({', '.join(path.name for path in inside[:5])})" if inside else "not there"
        raise DataSetError(f"{name}: {marker} is looked for in {root} and in its folders, but it is {found}")
    return inside[0]


def pair_files(
    pictures: Path, annotations: Path, *, names: str, picture: str, annotation: str, data_set: str
) -> tuple[Entry, ...]:
    """One entry for every picture and for every annotation, sorted by the numbers in their names.

    `names` is the pattern of a name; `picture` and `annotation` are its file names, such as "GT_{}.mat". Where one of
    the two files is missing the entry stands all the same, and reading it raises: nothing is left out in silence. For
    the same reason a picture whose name does not fit is a `DataSetError`.
    """
    found = {
        match.group(1)
        for folder, file_name in ((pictures, picture), (annotations, annotation))
        for path in visible_files(folder)
        if (match := re.fullmatch(re.escape(file_name).replace(r"\{\}", f"({names})"), path.name))
    }
    expected = {picture.format(name) for name in found}
    for path in visible_files(pictures):
        if path.suffix.lower() in PICTURE_SUFFIXES and path.name not in expected:
            raise DataSetError(
                f"{data_set}: {path} is not named as this layout names pictures; rename it or move it away"
            )
    return tuple(
        Entry(name, pictures / picture.format(name), annotations / annotation.format(name))
        for name in sorted(found, key=in_number_order)
    )


def visible_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder by name, those that a system hides (a leading dot) left out."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")))
    except OSError as error:
        raise DataSetError(f"{folder}: the folder cannot be read ({error.strerror})") from error


def in_number_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A sort key that puts "IMG_9" before "IMG_10".

    >>> sorted(["IMG_10", "IMG_9"], key=in_number_order)
    ['IMG_9', 'IMG_10']
    """
    pieces = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((True, int(piece), "") if piece[0] in "0123456789" else (False, 0, piece) for piece in pieces)
