"""The heads of a folder as they are on the disk: found in whatever file they stand, and written as one CSV."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.folder import files_of_points, open_folder, pictures_below, read_table
from uepnet.annotations.labelling.csv_points import COLUMNS, UNFINISHED, write_csv
from uepnet.errors import DataSetError, OutputError

TABLE = "heads.csv"
"""The file that is begun where a folder has none."""

Points = Float[np.ndarray, "_ 2"]


@dataclass(frozen=True)
class Marked:
    """The heads of one picture; `done` once a person has said that they are all marked."""

    points: Points
    done: bool

    def same(self, other: "Marked") -> bool:
        """Whether nothing differs."""
        return self.done == other.done and np.array_equal(self.points, other.points)


NOTHING = Marked(np.zeros((0, 2)), done=False)
"""A picture that nobody has begun."""


@dataclass(frozen=True)
class Found:
    """What a folder holds: its pictures, their heads, and the files that say so (none, one, or one a picture).

    `plain` says that the one file is a CSV which can be written anew without losing anything that stood in it.
    """

    pictures: Mapping[str, Path]
    marked: Mapping[str, Marked]
    sources: tuple[Path, ...] = ()
    plain: bool = True
    digests: Mapping[Path, str] = field(default_factory=dict)

    def table(self, root: Path) -> Path:
        """The CSV that the heads are written to: the one that is there, or a new one."""
        return self.sources[0] if self.sources and self.sources[0].suffix.lower() == ".csv" else root / TABLE


def find_heads(root: Path) -> Found:
    """Read a folder in any of the layouts of `folder:`, or one without heads.

    Raises `DataSetError` or `AnnotationError`, as reading the data set would, for what is contradictory or cannot be read.
    """
    pictures = pictures_below(root)
    if not pictures:
        raise DataSetError(f"{root}: there are no pictures in this folder and those below it; put some there")
    tables, suffixes = files_of_points(root, pictures)
    if not tables and not suffixes:
        return Found(pictures, {})
    if len(tables) + len(suffixes) > 1:
        open_folder(root, "all")  # which says what contradicts what
    if suffixes:
        return _beside(root, pictures, suffix=suffixes[0])
    digest = digest_of(tables[0])
    points, unfinished = read_table(tables[0], pictures)
    marked = {name: Marked(heads, done=name not in unfinished) for name, heads in points.items()}
    return Found(pictures, marked, (tables[0],), _is_plain(tables[0]), {tables[0]: digest})


def write_heads(path: Path, marked: Mapping[str, Marked]) -> str:
    """Write the table whole and give its digest back; `OutputError` where that fails, and the old one stands."""
    points = {name: found.points for name, found in marked.items()}
    try:
        write_csv(path, points, unfinished={name for name, found in marked.items() if not found.done})
    except OSError as error:
        raise OutputError(f"{path}: the heads cannot be saved ({error.strerror}); what was there still is") from error
    return digest_of(path)


def digest_of(path: Path) -> str:
    """SHA-256 of a file; of one that is not there, a word that no file has."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise OutputError(f"{path}: the file cannot be read ({error.strerror}), so it is not written either") from error


def _beside(root: Path, pictures: Mapping[str, Path], *, suffix: str) -> Found:
    data_set = open_folder(root, "all")
    files = {entry.name: entry.picture.with_suffix(suffix) for entry in data_set.entries}
    there = [entry for entry in data_set.entries if files[entry.name].is_file()]
    digests = {files[entry.name]: digest_of(files[entry.name]) for entry in there}
    marked = {entry.name: Marked(data_set.read_points(entry), done=True) for entry in there}
    return Found(pictures, marked, tuple(files[entry.name] for entry in there), False, digests)


def _is_plain(path: Path) -> bool:
    """Whether the file is a CSV with no columns but ours."""
    if path.suffix.lower() != ".csv":
        return False
    with path.open(encoding="utf-8-sig") as file:
        columns = [name.strip().strip('"') for name in file.readline().rstrip("\r\n").split(",")]
    return set(columns) <= {*COLUMNS, UNFINISHED}
