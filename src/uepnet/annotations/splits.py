"""The fixed validation part of every training set: the same pictures for everybody and for good."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from uepnet.annotations.data_set import Entry
from uepnet.errors import DataSetError


def part_of(entries: Iterable[Entry], *, split: str, validates: Callable[[Entry], bool]) -> tuple[Entry, ...]:
    """The "train", "val" or "all" part of a training set, where `validates` says which entries are for validation.

    >>> entries = [Entry(f"IMG_{n}", Path(f"{n}.jpg"), None) for n in range(8, 12)]
    >>> [entry.name for entry in part_of(entries, split="val", validates=number_divisible_by(10))]
    ['IMG_10']
    """
    if split == "all":
        return tuple(entries)
    return tuple(entry for entry in entries if validates(entry) == (split == "val"))


def number_divisible_by(divisor: int) -> Callable[[Entry], bool]:
    """Validates the entries whose last number in the name is divisible by `divisor`."""
    return lambda entry: last_number(entry.name) % divisor == 0


def every_tenth(names: Iterable[str]) -> frozenset[str]:
    """The first, eleventh, twenty-first ... of the names in sorted order."""
    return frozenset(sorted(names)[::10])


def last_number(name: str) -> int:
    """The last number in a picture's name; `DataSetError` where there is none.

    >>> last_number("PartA_00025")
    25
    """
    numbers = re.findall(r"\d+", name)
    if not numbers:
        raise DataSetError(f"the picture '{name}' has no number in its name, but its layout numbers the pictures")
    return int(numbers[-1])


def no_test_part(name: str, root: Path, *, instead: str) -> DataSetError:
    """The error for the test part of a data set that has none."""
    return DataSetError(f"{name}: {root} has no test part; {instead}")
