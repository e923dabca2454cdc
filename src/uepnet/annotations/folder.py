"""A folder of one's own pictures (those in its sub-folders too) with the points of their heads.

The points stand in one file at the top of the folder, or in one text file beside each picture:

- `NAME.csv` with the columns picture, x, y;
- `NAME.json`: {"picture.jpg": [[x, y], ...]};
- `picture.txt` beside picture.jpg: a line "x y" a head.

A picture is named by its path from the folder, such as "morning/gate.jpg". A picture without heads must be said to be
one (a row with its name alone, an empty list, an empty text file): one that is not mentioned was forgotten, and reading
its heads is an error. A mentioned picture that is not there is an error at once.

Validation: the pictures whose name has a SHA-256 divisible by 10, so that pictures added later move no other. There is
no test part; `all` is the whole folder.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.annotations.folders import PICTURE_SUFFIXES, find_folder, in_number_order, visible_files
from uepnet.annotations.labelling.csv_points import read_csv
from uepnet.annotations.labelling.json_points import read_json
from uepnet.annotations.labelling.text_points import read_text_points
from uepnet.annotations.splits import no_test_part, part_of
from uepnet.errors import AnnotationError, DataSetError

PointsTable = Mapping[str, Float[np.ndarray, "heads 2"]]
READERS: dict[str, Callable[[Path], PointsTable]] = {".csv": read_csv, ".json": read_json}


def open_folder(root: Path, split: str) -> DataSet:
    """The pictures of a folder; the one file of points is read here, text files beside the pictures when asked for."""
    if split == "test":
        raise no_test_part("folder", root, instead="measure on the whole of it with the split 'all'")
    find_folder(root, ["."], name="folder")
    pictures = {path.relative_to(root).as_posix(): path for path in _pictures(root)}
    tables = [path for path in visible_files(root) if path.suffix.lower() in READERS]
    texts = [path for path in visible_files(root) if path.suffix.lower() == ".txt"]
    if len(tables) + bool(texts) > 1:
        names = ", ".join(path.name for path in (*tables, *texts)[:5])
        raise DataSetError(f"folder: {root} holds several files of points ({names}); leave one, or text files alone")
    table = READERS[tables[0].suffix.lower()](tables[0]) if tables else None
    entries, read_points = _from_table(pictures, tables[0], table) if table is not None else _from_texts(root, pictures)
    return DataSet("folder", root, split, part_of(entries, split=split, validates=_validates), None, read_points)


def _from_table(pictures: Mapping[str, Path], path: Path, table: PointsTable) -> "Found":
    missing = sorted(table.keys() - pictures.keys())
    if missing:
        raise AnnotationError(f"{path}: it names {', '.join(missing[:5])} ({len(missing)} in all), not found beside it")

    def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
        if entry.name not in table:
            raise AnnotationError(f"{path}: it does not name '{entry.name}'; add its heads, or say that it has none")
        return table[entry.name]

    return _entries(pictures, lambda name: path if name in table else None), read_points


def _from_texts(root: Path, pictures: Mapping[str, Path]) -> "Found":
    return _entries(pictures, lambda name: (root / name).with_suffix(".txt")), _read_text


def _read_text(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    if entry.annotation is None:
        raise AnnotationError(f"{entry.picture}: there is no text file of its heads beside it")
    return read_text_points(entry.annotation)


Found = tuple[tuple[Entry, ...], Callable[[Entry], Float[np.ndarray, "heads 2"]]]


def _entries(pictures: Mapping[str, Path], annotation: Callable[[str], Path | None]) -> tuple[Entry, ...]:
    return tuple(Entry(name, pictures[name], annotation(name)) for name in sorted(pictures, key=in_number_order))


def _pictures(root: Path) -> tuple[Path, ...]:
    folders = (root, *sorted(path for path in root.rglob("*") if path.is_dir()))
    return tuple(
        path for folder in folders for path in visible_files(folder) if path.suffix.lower() in PICTURE_SUFFIXES
    )


def _validates(entry: Entry) -> bool:
    return int.from_bytes(hashlib.sha256(entry.name.encode()).digest(), "big") % 10 == 0
