"""What is checked: the pictures of data sets, each with the part that it belongs to."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.check.fingerprint import Fingerprint
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.errors import DataSetError
from uepnet.points import HeadPoints


@dataclass(frozen=True)
class Subject:
    """One picture of a data set, and whether it trains, validates or tests ("train", "val", "test")."""

    data_set: DataSet
    entry: Entry
    part: str

    @property
    def label(self) -> str:
        """Data set and name, such as "shanghaitech-a/IMG_10"."""
        return f"{self.data_set.name}/{self.entry.name}"

    @property
    def file(self) -> str:
        """The picture's path from the root of the file system, links not followed: a link to a picture repeats it."""
        return os.path.abspath(self.entry.picture)  # noqa: PTH100 - Path.resolve would follow links


@dataclass(frozen=True)
class Reading:
    """A subject with what could be read of it: its heads, and the fingerprint of its pixels."""

    subject: Subject
    heads: HeadPoints | None = None
    fingerprint: Fingerprint | None = None


def open_subjects(text: str, *, splits: Sequence[str]) -> tuple[Subject, ...]:
    """The pictures of the splits of "NAME:ROOT", each once; a data set that cannot be opened raises as it does there."""
    found: dict[str, Subject] = {}
    for subject in _of_splits(text, splits):
        found.setdefault(subject.file, subject)
    return tuple(found.values())


def parts_of(subjects: Iterable[Subject]) -> frozenset[str]:
    """The parts that some of the subjects belong to."""
    return frozenset(subject.part for subject in subjects)


def _of_splits(text: str, splits: Sequence[str]) -> Iterator[Subject]:
    for split in splits:
        data_set = open_data_set(text, split=split)
        validated = _validated(text) if split == "all" else frozenset()
        for entry in data_set.entries:
            part = split if split != "all" else "val" if entry.name in validated else "train"
            yield Subject(data_set, entry, part)


def _validated(text: str) -> frozenset[str]:
    """The names that validate, of a data set whose whole can be opened: what keeps `val` from it is that it is empty."""
    try:
        return frozenset(entry.name for entry in open_data_set(text, split="val").entries)
    except DataSetError:
        return frozenset()
