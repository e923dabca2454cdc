"""Counts in ascending order, and what is known of each class from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import encode
from uepnet.counting.ordered_counts import OrderedCounts, order_counts

COUNTS = st.lists(st.one_of(st.floats(0, 9), st.integers(0, 9).map(float)), min_size=1, max_size=60).map(np.array)
BORDERS = st.lists(st.floats(0.5, 9.5), min_size=1, max_size=8, unique=True).map(sorted).map(tuple)


def gathered(counts: np.ndarray, *, floor: float) -> OrderedCounts:
    """The same samples with equal ones gathered, as from a histogram."""
    values, numbers = np.unique(counts[counts >= floor], return_counts=True)
    background = counts[counts < floor]
    return OrderedCounts(floor, background.size, float(background.sum()), values, np.cumsum(numbers))


@given(COUNTS, BORDERS)
def test_samples_and_means_of_the_classes(counts: np.ndarray, borders: tuple[float, ...]) -> None:
    classes = encode(counts, borders)
    for ordered in (order_counts(counts, floor=0.5), gathered(counts, floor=0.5)):
        numbers, means = ordered.per_class(borders)
        assert numbers.tolist() == np.bincount(classes, minlength=len(borders) + 1).tolist()
        for index, mean in enumerate(means):
            members = counts[classes == index]
            if len(members):
                assert mean == pytest.approx(members.mean(), rel=1e-12, abs=1e-15)
                assert encode(np.array([mean]), borders)[0] == index
            else:
                assert np.isnan(mean)


@given(COUNTS, st.floats(0.5, 9.5))
def test_a_higher_floor_later_is_that_floor_at_once(counts: np.ndarray, floor: float) -> None:
    at_once = order_counts(counts, floor=floor)
    for ordered in (order_counts(counts, floor=0.5), gathered(counts, floor=0.5)):
        later = order_counts(ordered, floor=floor)
        assert (later.floor, later.below, len(later)) == (floor, at_once.below, len(at_once))
        assert later.below_sum == pytest.approx(at_once.below_sum, rel=1e-12, abs=1e-15)
        assert [later.sampler()(i) for i in range(len(later))] == at_once.values.tolist()


@given(COUNTS)
def test_gathered_counts_are_the_same_samples(counts: np.ndarray) -> None:
    ordered, fewer = order_counts(counts, floor=0.5), gathered(counts, floor=0.5)
    assert (fewer.samples, len(fewer), fewer.largest) == (len(counts), len(ordered), ordered.largest)
    assert fewer.distinct == ordered.distinct == len({count for count in counts if count > 0.5})


@pytest.mark.parametrize("value", [0.1, 0.3, 0.7, 1.1])
def test_the_mean_of_equal_counts_is_that_count(value: float) -> None:
    """Added up, 0.1 ten times over 10 is not 0.1; such a mean must not slip below the border 0.1."""
    for number in (3, 6, 10, 49):
        _, means = order_counts(np.full(number, value), floor=0.05).per_class((0.05, value))
        assert means[2] == value


def test_background_just_below_the_floor_has_its_mean_below() -> None:
    below = np.nextafter(0.1, 0)
    _, means = order_counts(np.full(1001, below), floor=0.1).per_class((0.1,))
    assert means[0] == below


def test_a_lower_floor_later_is_refused() -> None:
    ordered = order_counts(np.ones(3), floor=0.5)
    with pytest.raises(ValueError, match=r"ordered from 0.5 on, they cannot be divided from 0.1 on"):
        order_counts(ordered, floor=0.1)
    with pytest.raises(ValueError, match=r"ordered from 0.5 on, but the first border is 0.1"):
        ordered.per_class((0.1, 2.0))


def test_single_precision_counts_are_compared_with_the_floor_as_it_is() -> None:
    """1.6e-4 rounded to single precision lies below 1.6e-4."""
    counts = np.array([1.6e-4, 0.1], dtype=np.float32)
    ordered = order_counts(counts, floor=1.6e-4)
    assert (ordered.below, len(ordered)) == (1, 1)
    assert encode(counts, (1.6e-4,)).tolist() == [0, 1]


def test_whole_numbers_are_counts_too() -> None:
    ordered = order_counts(np.array([[0, 3], [1, 0]]), floor=1.0)
    assert ordered.values.tolist() == [1.0, 3.0]
    assert ordered.below == 2
