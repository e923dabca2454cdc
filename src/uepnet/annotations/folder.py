"""A folder of one's own pictures (those in its sub-folders too) with the points of their heads.

The points stand in one file at the top of the folder,

- `NAME.csv` with the columns picture, x, y, or `NAME.json`: {"picture.jpg": [[x, y], ...]},
- `NAME.xml` of CVAT, `NAME.json` of Label Studio or COCO,

or in one file beside each picture of the same name: `picture.txt` with a line "x y" a head, or LabelMe's `picture.json`.

A picture is named by its path from the folder, such as "morning/gate.jpg"; its last part is enough where no other
picture has it. A picture without heads must be said to be one (a row with its name alone, an empty list, an empty text
file): one that is not mentioned was forgotten, and reading its heads is an error. A mentioned picture that is not there
is an error at once. In a CSV a picture can be said to be unfinished (`labelling/csv_points.py`): it is left out of every
split, and `DataSet.unfinished` names it.

Validation: the pictures whose name has a SHA-256 divisible by 10, so that pictures added later move no other. There is
no test part; `all` is the whole folder.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, in_number_order, visible_files
from uepnet.annotations.labelling.csv_points import read_csv_in_work
from uepnet.annotations.labelling.formats import ENDINGS, read_heads
from uepnet.annotations.labelling.labelme import read_labelme
from uepnet.annotations.labelling.text_points import read_text_points
from uepnet.annotations.splits import no_test_part, part_of
from uepnet.errors import AnnotationError, DataSetError
from uepnet.pictures import OVERLAY_SUFFIX, PICTURE_SUFFIXES, RESULT_SUFFIX

Pictures = Mapping[str, Path]
Table = Mapping[str, Float[np.ndarray, "_ 2"]]
ReadPoints = Callable[[Entry], Float[np.ndarray, "heads 2"]]
BESIDE = (".txt", ".json")
OWN = (OVERLAY_SUFFIX, RESULT_SUFFIX)
"""What `uepnet count` has left beside the pictures is neither a picture nor a file of points."""


def open_folder(root: Path, split: str) -> DataSet:
    """The pictures of a folder; one file for all is read here, files beside the pictures when they are asked for."""
    if split == "test":
        raise no_test_part("folder", root, instead="measure on the whole of it with the split 'all'")
    find_folder(root, ["."], name="folder")
    pictures = pictures_below(root)
    table, suffix = _source_of_points(root, pictures)
    if table is None:
        _expect_a_picture_for_each_file(root, pictures, suffix=suffix)
        entries = [Entry(name, path, path.with_suffix(suffix)) for name, path in pictures.items()]
        return _data_set(root, split, entries, _read_beside)
    points, unfinished = read_table(table, pictures)
    finished = {name: path for name, path in pictures.items() if name not in unfinished}
    if not finished and unfinished:
        raise DataSetError(
            f"folder: {table} says of all {len(unfinished)} pictures that they are unfinished; finish some of them"
        )
    entries = [Entry(name, path, table if name in points else None) for name, path in finished.items()]
    opened = _data_set(root, split, entries, partial(_look_up, points, table))
    return replace(opened, unfinished=tuple(name for name in pictures if name in unfinished))


def open_drawn(root: Path, split: str) -> DataSet:
    """A folder of drawn scenes (`uepnet draw`), under a name of their own in the records of a training."""
    return replace(open_folder(root, split), name="drawn")


def _data_set(root: Path, split: str, entries: list[Entry], read_points: ReadPoints) -> DataSet:
    return DataSet("folder", root, split, part_of(entries, split=split, validates=_validates), None, read_points)


def _validates(entry: Entry) -> bool:
    return int.from_bytes(hashlib.sha256(entry.name.encode()).digest(), "big") % 10 == 0


def pictures_below(root: Path) -> dict[str, Path]:
    """The pictures in a folder and those below it by their paths from there, in the order that a person would list them."""
    found = sorted(_files_below(root, PICTURE_SUFFIXES), key=lambda path: in_number_order(str(path)))
    return {path.relative_to(root).as_posix(): path for path in found}


def files_of_points(root: Path, pictures: Pictures) -> tuple[list[Path], list[str]]:
    """The files of points at the top of a folder, and the suffixes of those beside its pictures; rightly one of all."""
    beside = {path.with_suffix(suffix) for path in pictures.values() for suffix in BESIDE}
    suffixes = sorted({path.suffix for path in beside if path.is_file()})
    files = (path for path in visible_files(root) if not path.name.endswith(OWN))
    tables = [path for path in files if path.suffix.lower() in ENDINGS and path not in beside]
    return tables, suffixes


def read_table(path: Path, pictures: Pictures) -> tuple[Table, frozenset[str]]:
    """The points in one file for all pictures, by the names that these have here, and which of them are unfinished."""
    if path.suffix.lower() != ".csv":
        return _by_picture(read_heads(path), pictures, path=path), frozenset()
    points, unfinished = read_csv_in_work(path)
    in_work = _by_picture({name: points[name] for name in unfinished}, pictures, path=path)
    return _by_picture(points, pictures, path=path), frozenset(in_work)


def _source_of_points(root: Path, pictures: Pictures) -> tuple[Path | None, str]:
    """The one file of points, or None and the suffix of the files beside the pictures."""
    tables, suffixes = files_of_points(root, pictures)
    if len(suffixes) + len(tables) != 1:
        found = [path.name for path in tables] + [f"{suffix} files beside pictures" for suffix in suffixes]
        raise DataSetError(
            f"folder: {root} should hold either one file of points ({', '.join(ENDINGS)}) or one beside each picture "
            f"({', '.join(BESIDE)}), but it holds {', '.join(found) or 'neither'}"
        )
    return (tables[0], "") if tables else (None, suffixes[0])


def _by_picture(table: Table, pictures: Pictures, *, path: Path) -> Table:
    """The table with the names that the pictures have here."""
    here: dict[str, list[str]] = {}
    for name in pictures:
        here.setdefault(PurePosixPath(name).name, []).append(name)
    points: dict[str, Float[np.ndarray, "_ 2"]] = {}
    for named, heads in table.items():
        alike = [named] if named in pictures else here.get(PurePosixPath(named.replace("\\", "/")).name, [])
        if len(alike) != 1:
            what = f"is any of {', '.join(alike)}" if alike else "is not in the folder"
            raise AnnotationError(f"{path}: it names the picture '{named}', which {what}; correct the name")
        if alike[0] in points:
            raise AnnotationError(f"{path}: it names the picture '{alike[0]}' twice; leave one of them")
        points[alike[0]] = heads
    return points


def _look_up(points: Table, path: Path, entry: Entry) -> Float[np.ndarray, "heads 2"]:
    if entry.name not in points:
        raise AnnotationError(f"{path}: it does not name '{entry.name}'; add its heads, or say that it has none")
    return points[entry.name]


def _expect_a_picture_for_each_file(root: Path, pictures: Pictures, *, suffix: str) -> None:
    expected: dict[Path, Path] = {}
    for picture in pictures.values():
        file = picture.with_suffix(suffix)
        if file in expected:
            raise DataSetError(
                f"folder: {picture} and {expected[file].name} would share {file.name}; rename one of them"
            )
        expected[file] = picture
    for file in _files_below(root, {suffix}):
        if file not in expected:
            raise DataSetError(f"folder: {file} stands beside no picture of its name; rename it or move it away")


def _read_beside(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    path = annotation_of(entry)
    if path.suffix == ".txt" or not path.exists():
        return read_text_points(path)
    ((named, points),) = read_labelme(path).items()
    if PurePosixPath(named).name != entry.picture.name:
        raise AnnotationError(f"{path}: it is of the picture '{named}', but stands beside {entry.picture.name}")
    return points


def _files_below(root: Path, suffixes: Collection[str]) -> list[Path]:
    below = (path for path in root.rglob("*") if path.is_dir())
    folders = [
        root,
        *(path for path in below if not any(part.startswith(".") for part in path.relative_to(root).parts)),
    ]
    files = (path for folder in folders for path in visible_files(folder) if not path.name.endswith(OWN))
    return [path for path in files if path.suffix.lower() in suffixes]
