"""Which validation pictures are measured: a choice that depends on their names alone, and that later pictures do not stir."""

import hashlib
from collections.abc import Collection

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.errors import DataSetError
from uepnet.pictures import picture_size

LARGEST_MEGAPIXELS = 1.2
"""Of a picture that is counted under every change; at twice its size it has four times as many pixels."""


def chosen_for_changes(data_set: DataSet, *, most: int) -> DataSet:
    """At most so many pictures that are no larger than `LARGEST_MEGAPIXELS`; `DataSetError` if there is none."""
    small = [entry for entry in data_set.entries if _megapixels(entry) <= LARGEST_MEGAPIXELS]
    if not small:
        raise DataSetError(
            f"{data_set.name}: all {len(data_set)} pictures of the '{data_set.split}' part are larger than "
            f"{LARGEST_MEGAPIXELS:g} megapixels; leave this data set out of the measurement"
        )
    return data_set.only(_first(small, most))


def chosen_for_warnings(data_set: DataSet, *, most: int, besides: DataSet) -> DataSet:
    """Those of `besides`, and more up to so many in all."""
    already = {entry.name for entry in besides.entries}
    others = [entry for entry in data_set.entries if entry.name not in already]
    return data_set.only(already | _first(others, max(0, most - len(already))))


def _first(entries: Collection[Entry], most: int) -> set[str]:
    in_order = sorted((entry.name for entry in entries), key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return set(in_order[:most])


def _megapixels(entry: Entry) -> float:
    width, height = picture_size(entry.picture)
    return width * height / 1e6
