"""Counts gathered in a histogram, against the counts themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import decode, encode
from uepnet.counting.histogram import CountHistogram
from uepnet.counting.partition import METHODS, fit_partitions
from uepnet.errors import PartitionError

PICTURES = np.random.default_rng(0).exponential(size=(20, 30, 40)) ** 3


def gathered(pictures: np.ndarray, *, width: float = 1e-4) -> CountHistogram:
    histogram = CountHistogram(width=width)
    for picture in pictures:
        histogram.add(picture)
    return histogram


def test_it_is_the_same_as_the_counts_moved_to_the_means_of_their_bins() -> None:
    width = 0.05
    edges = 1e-6 * np.exp(np.arange(600) * np.log1p(width))
    bins = np.searchsorted(edges, PICTURES.ravel(), side="right")
    moved = np.array([PICTURES.ravel()[bins == index].mean() for index in bins])
    from_histogram = fit_partitions(gathered(PICTURES, width=width).ordered(), intervals=10)
    for ours, expected in zip(from_histogram, fit_partitions(moved, intervals=10), strict=True):
        np.testing.assert_allclose(ours.borders, expected.borders, rtol=1e-12)
        np.testing.assert_allclose(ours.proxies, expected.proxies, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_fits_it_to_within_a_few_bin_widths(method: str) -> None:
    pictures = np.floor(PICTURES) if METHODS[method].of_points else PICTURES
    (ours,) = fit_partitions(gathered(pictures).ordered(), method=method, heads="single")
    (expected,) = fit_partitions(pictures, method=method, heads="single")
    np.testing.assert_allclose(ours.borders, expected.borders, rtol=2e-3)
    np.testing.assert_allclose(ours.proxies, expected.proxies, rtol=2e-3)


def test_its_mean_proxies_leave_no_discretisation_error_but_of_parted_bins() -> None:
    (partition,) = fit_partitions(gathered(PICTURES).ordered(), heads="single")
    decoded = decode(encode(PICTURES, partition.borders), partition.proxies)
    assert decoded.sum() == pytest.approx(PICTURES.sum(), rel=1e-4)


@given(st.lists(st.floats(0, 99), min_size=1, max_size=60), st.integers(1, 9))
def test_no_sample_is_lost_and_none_moves_further_than_its_bin(counts: list[float], at_once: int) -> None:
    histogram = CountHistogram(floor=0.01, largest=100.0, width=0.1)
    for first in range(0, len(counts), at_once):
        histogram.add(np.array(counts[first : first + at_once]))
    ordered, expected = histogram.ordered(), np.sort([count for count in counts if count >= 0.01])
    assert (ordered.samples, ordered.below) == (len(counts), len(counts) - len(expected))
    assert ordered.below_sum == pytest.approx(sum(count for count in counts if count < 0.01))
    sample = ordered.sampler()
    moved = np.array([sample(index) for index in range(len(ordered))])
    assert (np.abs(moved - expected) <= 0.1 * expected + 1e-15).all()
    assert (np.diff(ordered.values) > 0).all()
    assert moved.sum() == pytest.approx(expected.sum())


def test_pictures_without_counts_change_nothing() -> None:
    histogram = gathered(PICTURES)
    histogram.add(np.zeros((0, 4)))
    assert histogram.ordered().samples == PICTURES.size


def test_no_counts() -> None:
    with pytest.raises(PartitionError, match="no counts to divide"):
        CountHistogram().ordered()


def test_background_alone() -> None:
    histogram = CountHistogram()
    histogram.add(np.zeros((3, 3)))
    with pytest.raises(PartitionError, match="all 9 counts are background"):
        fit_partitions(histogram.ordered())


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_impossible_counts_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="but 1 of 2 are not"):
        CountHistogram().add(np.array([1.0, wrong]))


def test_counts_beyond_the_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="a count of 200 is above the histogram's largest, 10"):
        CountHistogram(largest=100.0).add(np.array([200.0]))


@pytest.mark.parametrize("bins", [{"floor": 0.0}, {"floor": 2.0, "largest": 1.0}, {"width": 0.0}, {"width": 1.0}])
def test_impossible_bins_are_refused(bins: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="bins go from a floor above 0"):
        CountHistogram(**bins)


def test_a_first_border_below_the_bins_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be divided from 1e-07 on"):
        fit_partitions(gathered(PICTURES).ordered(), t0=1e-7)
