"""The partitions that UEP is compared with, against their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import encode
from uepnet.counting.ordered_counts import order_counts
from uepnet.counting.other_partitions import (
    border_midpoints,
    integer_borders,
    log_borders,
    log_midpoints,
    one_linear_borders,
    two_linear_borders,
    uniform_len_borders,
    uniform_num_borders,
    whole_numbers,
)
from uepnet.errors import PartitionError

ORDERED = order_counts(np.random.default_rng(0).exponential(size=1000) ** 3, floor=1e-3)
NOTHING = order_counts(np.zeros(9), floor=1e-3)


@pytest.mark.parametrize("intervals", [2, 3, 10, 25])
def test_uniform_len_divides_t0_to_the_largest_count_into_equal_lengths(intervals: int) -> None:
    borders = uniform_len_borders(ORDERED, intervals)
    lengths = np.diff([*borders, ORDERED.largest])
    assert len(borders) == intervals - 1
    assert borders[0] == 1e-3
    np.testing.assert_allclose(lengths, (ORDERED.largest - 1e-3) / (intervals - 1))


@given(number=st.integers(30, 500), intervals=st.integers(2, 30), seed=st.integers(0, 1000))
def test_uniform_num_gives_every_class_the_same_number_to_one_sample(number: int, intervals: int, seed: int) -> None:
    counts = np.random.default_rng(seed).uniform(1, 2, number)
    borders = uniform_num_borders(order_counts(counts, floor=1.0), intervals)
    samples = np.bincount(encode(counts, borders), minlength=intervals)
    assert len(borders) == intervals - 1
    assert samples[0] == 0
    assert samples[1:].max() - samples[1:].min() <= 1


def test_two_linear_of_shanghaitech_b() -> None:
    borders = two_linear_borders(NOTHING, 25)
    fine = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]
    coarse = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0]
    assert borders == (1e-3, *fine, *coarse)


@pytest.mark.parametrize(("intervals", "largest"), [(12, 0.5), (25, 7.0), (27, 8.0), (55, 22.0)])
def test_the_number_of_two_linear_intervals_says_cmax(intervals: int, largest: float) -> None:
    assert two_linear_borders(NOTHING, intervals)[-1] == largest
    assert len(two_linear_borders(NOTHING, intervals)) == intervals - 1


def test_one_linear() -> None:
    assert one_linear_borders(NOTHING, 6) == (1e-3, 0.5, 1.0, 1.5, 2.0)


def test_linear_proxies_are_nothing_the_middles_and_cmax() -> None:
    assert border_midpoints((1e-6, 0.5, 1.0)) == (0.0, (1e-6 + 0.5) / 2, 0.75, 1.0)


def test_the_57_log_classes() -> None:
    borders = log_borders(NOTHING, 57)
    assert len(borders) == 56
    np.testing.assert_allclose(np.log(borders[1:]), [-2 + 0.1 * (i - 2) for i in range(2, 57)], atol=1e-12)
    proxies = log_midpoints(borders)
    assert len(proxies) == 57
    assert proxies[0] == 0
    assert proxies[1] == pytest.approx(math.exp(-2) / 2, rel=0.01)
    assert proxies[-1] == pytest.approx((math.exp(3.4) + math.exp(3.5)) / 2)


def test_the_integer_classes() -> None:
    counts = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 9.0])
    borders = integer_borders(order_counts(counts, floor=1.0), 5)
    assert encode(counts, borders).tolist() == [0, 1, 2, 3, 4, 4]
    assert whole_numbers(borders) == (0.0, 1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize("fraction", [0.5, 1.5])
def test_the_integer_partition_is_of_whole_counts(fraction: float) -> None:
    with pytest.raises(ValueError, match="whole counts of points"):
        integer_borders(order_counts(np.array([1.0, fraction]), floor=1.0), 5)


def test_uniform_partitions_of_background_alone_are_refused() -> None:
    with pytest.raises(PartitionError, match="the largest of 9 counts does not exceed t0"):
        uniform_len_borders(NOTHING, 5)
    with pytest.raises(PartitionError, match="all 9 counts are background"):
        uniform_num_borders(NOTHING, 5)


@pytest.mark.parametrize("counts", [[1.0, 1.0, 1.0, 2.0], [0.001, 0.001, 1.0, 2.0], [1.0, 2.0]])
def test_uniform_num_does_not_part_equal_counts(counts: list[float]) -> None:
    with pytest.raises(PartitionError, match="intervals with the same number of samples have 4 borders"):
        uniform_num_borders(order_counts(np.array(counts), floor=1e-3), 5)


@pytest.mark.parametrize(
    ("borders", "intervals", "least"),
    [
        (uniform_len_borders, 1, 2),
        (uniform_num_borders, 1, 2),
        (two_linear_borders, 11, 12),
        (one_linear_borders, 2, 3),
    ],
)
def test_too_few_intervals(borders: object, intervals: int, least: int) -> None:
    assert callable(borders)
    with pytest.raises(ValueError, match=f"{least} intervals.*not {intervals}"):
        borders(ORDERED, intervals)
