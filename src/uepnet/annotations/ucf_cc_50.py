"""UCF_CC_50 (Idrees et al. 2013): `i.jpg` and `i_ann.mat` with the key `annPoints`, i = 1..50.

The points count pixels from 1 with a pixel's centre at the whole number, as MATLAB does: the centre of the first pixel
is 1 there and 0.5 here, so 0.5 is taken off. 6 of the 63,974 points lie outside [1, width] x [1, height]; they are kept.

There is no official division. Published figures are means over five folds, in one of two conventions (`FOLDS`). For
work without folds, the numbers divisible by 10 validate.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_root, pair_files
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.annotations.splits import no_test_part, number_divisible_by, part_of
from uepnet.errors import DataSetError

NAME = "ucf-cc-50"

FOLDS: dict[str, tuple[tuple[int, ...], ...]] = {
    "consecutive": tuple(tuple(range(first, first + 10)) for first in range(1, 51, 10)),
    "ccnn": (
        (37, 48, 29, 10, 14, 1, 45, 47, 40, 24),
        (25, 49, 18, 13, 28, 34, 17, 3, 26, 15),
        (31, 6, 33, 2, 30, 36, 42, 20, 38, 11),
        (5, 7, 4, 21, 27, 39, 22, 43, 32, 35),
        (8, 50, 12, 19, 44, 23, 9, 46, 16, 41),
    ),
}
"""The numbers of the pictures that each of the five folds tests, by the name of the convention."""


def open_ucf_cc_50(root: Path, split: str) -> DataSet:
    """UCF_CC_50: fifty very dense pictures, all grey."""
    if split == "test":
        raise no_test_part(NAME, root, instead="use its five folds (--folds ccnn or consecutive)")
    folder = find_root(root, marker="1_ann.mat", name=NAME)
    entries = pair_files(folder, folder, names="[0-9]+", picture="{}.jpg", annotation="{}_ann.mat", data_set=NAME)
    entries = part_of(entries, split=split, validates=number_divisible_by(10))
    return DataSet(NAME, root, split, entries, None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one i_ann.mat, from the upper left corner of the picture."""
    path = annotation_of(entry)
    return as_points(variable(read_mat(path), "annPoints", path=path), path=path) - 0.5


def folds(data_set: DataSet, *, convention: str) -> tuple[tuple[DataSet, DataSet], ...]:
    """The five pairs of training and test part of the whole data set (split "all") in one of the conventions.

    A convention that is not in `FOLDS` is a `ValueError`, a missing picture a `DataSetError`.
    """
    if convention not in FOLDS:
        raise ValueError(f"there are no folds named '{convention}'; the known ones are {', '.join(FOLDS)}")
    missing = {str(number) for number in range(1, 51)} - {entry.name for entry in data_set.entries}
    if missing:
        raise DataSetError(
            f"{NAME}: the folds need all fifty pictures, but {len(missing)} are missing (split 'all' holds all)"
        )
    tested = [frozenset(map(str, numbers)) for numbers in FOLDS[convention]]
    return tuple((data_set.without(names), data_set.only(names)) for names in tested)
