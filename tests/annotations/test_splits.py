"""The fixed validation parts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.annotations.data_set import Entry
from uepnet.annotations.splits import every_tenth, last_number, number_divisible_by, part_of
from uepnet.errors import DataSetError


def entries(numbers: list[int]) -> list[Entry]:
    return [Entry(f"IMG_{number}", Path(f"IMG_{number}.jpg"), None) for number in numbers]


@given(st.lists(st.integers(0, 500), unique=True), st.integers(1, 60))
def test_train_and_val_part_all(numbers: list[int], divisor: int) -> None:
    rule = number_divisible_by(divisor)
    train, val, everything = (
        part_of(entries(numbers), split=split, validates=rule) for split in ("train", "val", "all")
    )
    assert list(everything) == entries(numbers)
    assert sorted([*train, *val], key=lambda entry: entry.name) == sorted(everything, key=lambda entry: entry.name)
    assert list(val) == entries([number for number in numbers if number % divisor == 0])


def test_the_last_number_of_a_name_counts() -> None:
    assert last_number("Part2_A_0150") == 150


def test_a_name_without_number_is_refused() -> None:
    with pytest.raises(DataSetError, match="'gate' has no number"):
        last_number("gate")


def test_every_tenth_begins_with_the_first_in_sorted_order() -> None:
    names = [f"{number:03d}" for number in range(25)]
    assert every_tenth(reversed(names)) == {"000", "010", "020"}
    assert every_tenth([]) == frozenset()
