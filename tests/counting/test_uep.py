"""Uniform Error Partition, against Algorithm 1 of the paper walked literally, and what becomes of hopeless data."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from uepnet.counting.ordered_counts import order_counts
from uepnet.counting.uep import paper_uep_borders, uep_borders
from uepnet.errors import PartitionError

T0 = 0.01


def algorithm_1(
    counts: list[float], m: int, *, goes_on: Callable[[float, float, int], bool], t0: float = T0
) -> list[float] | None:
    """The printed algorithm, line by line; None where halving has come to its end without one that may be returned.

    `goes_on(L, H, |P|)` is the printed `abs(H - L) > eps`.
    """
    samples = sorted(count for count in counts if count >= t0)
    largest = samples[-1]
    low, high, borders = 0.0, len(samples) * largest, [t0]
    number = 0
    while goes_on(low, high, number):
        target = (low + high) / 2
        if not low < target < high:
            return None
        border, n, borders = t0, 0, [t0]
        for count in samples:
            n += 1
            if (count - border) * n > target:
                n, border = 0, count
                borders.append(border)
        number = len(borders)
        if number >= m:
            low = target
        elif number == m - 1:
            if (largest - border) * n > target:
                low = target
            else:
                high = target
        else:
            high = target
    return sorted(borders)


def until_exact(m: int) -> Callable[[float, float, int], bool]:
    return lambda low, high, number: not (number == m - 1 and high - low <= 1e-6 * high)


def long_tailed(seed: int, number: int, *, digits: int = 17) -> np.ndarray:
    """Counts distributed like local counts; with few digits many of them are equal."""
    return np.round(np.random.default_rng(seed).exponential(size=number) ** 3, digits)


COUNTS = st.one_of(
    st.lists(st.floats(0, 50), min_size=2, max_size=60),
    st.lists(st.integers(0, 40).map(lambda eighths: eighths / 8), min_size=2, max_size=60),
    st.builds(
        lambda seed, number, digits: long_tailed(seed, number, digits=digits).tolist(),
        st.integers(0, 10_000),
        st.integers(2, 300),
        st.sampled_from([0, 1, 2, 17]),
    ),
)


@given(counts=COUNTS, m=st.integers(2, 12))
def test_the_borders_are_those_of_algorithm_1(counts: list[float], m: int) -> None:
    above = {count for count in counts if count > T0}
    assume(len(above) > m - 2)
    expected = algorithm_1(counts, m, goes_on=until_exact(m))
    if expected is None:
        with pytest.raises(PartitionError, match="no n \\* l gives"):
            uep_borders(np.array(counts), intervals=m, t0=T0)
    else:
        assert list(uep_borders(np.array(counts), intervals=m, t0=T0)) == expected


@given(counts=COUNTS, m=st.integers(2, 12), epsilon=st.sampled_from([0.01, 1.0, 100.0]))
def test_the_paper_s_eps_ends_where_algorithm_1_ends(counts: list[float], m: int, epsilon: float) -> None:
    foreground = [count for count in counts if count >= T0]
    assume(foreground and len(foreground) * max(foreground) > epsilon)
    expected = algorithm_1(counts, m, goes_on=lambda low, high, _: high - low > epsilon)
    assert list(paper_uep_borders(np.array(counts), intervals=m, t0=T0, epsilon=epsilon)) == expected


def test_25_intervals_of_a_few_thousand_counts() -> None:
    counts = long_tailed(1, 4000)
    borders = uep_borders(counts)
    assert list(borders) == algorithm_1(counts.tolist(), 25, goes_on=until_exact(25), t0=1.6e-4)
    assert len(borders) == 24
    assert borders[0] == 1.6e-4


@pytest.mark.parametrize("intervals", [2, 5, 10, 25])
def test_every_class_has_nearly_the_same_error(intervals: int) -> None:
    counts = long_tailed(2, 200_000)
    borders = uep_borders(counts, intervals=intervals)
    edges = [*borders, counts.max()]
    samples = np.histogram(counts, bins=edges)[0]
    errors = samples * np.diff(edges)
    assert len(borders) == intervals - 1
    assert errors.max() / errors.min() < 1.15


def test_algorithm_1_never_meets_its_rule_about_the_last_interval() -> None:
    """The walk has already asked it at its last sample: why ours leaves the rule out."""
    counts = sorted(long_tailed(3, 500, digits=2).tolist())
    for target in np.geomspace(1e-3, 1e4, 200):
        border, n = 0.0, 0
        for count in counts:
            n += 1
            if (count - border) * n > target:
                n, border = 0, count
        assert (counts[-1] - border) * n <= target


def test_counts_below_t0_take_no_part() -> None:
    counts = long_tailed(4, 1000)
    foreground = counts[counts >= T0]
    assert len(foreground) < len(counts)
    assert uep_borders(counts, intervals=6, t0=T0) == uep_borders(foreground, intervals=6, t0=T0)


def test_the_order_of_the_counts_and_their_shape_do_not_matter() -> None:
    counts = long_tailed(5, 1000)
    assert uep_borders(counts.reshape(20, 50)[::-1], intervals=6) == uep_borders(counts, intervals=6)


def test_counts_already_ordered() -> None:
    counts = long_tailed(5, 1000)
    assert uep_borders(order_counts(counts, floor=1e-6), intervals=6) == uep_borders(counts, intervals=6)


def test_single_precision_counts_are_taken_as_they_are() -> None:
    counts = long_tailed(6, 1000).astype(np.float32)
    assert uep_borders(counts, intervals=6) == uep_borders(counts.astype(np.float64), intervals=6)


def test_the_given_counts_stay_as_they_were() -> None:
    counts = long_tailed(7, 100)
    before = counts.copy()
    uep_borders(counts, intervals=4)
    np.testing.assert_array_equal(counts, before)


def test_as_many_different_counts_as_borders_makes_each_a_border() -> None:
    counts = np.array([0.0, 3.0, 1.0, 1.0, 3.0, 7.0])
    assert uep_borders(counts, intervals=5, t0=T0) == (T0, 1.0, 3.0, 7.0)


def test_too_few_different_counts() -> None:
    with pytest.raises(
        PartitionError, match=r"6 intervals need 4 different .* among 5 counts there are 3; .* at most 5"
    ):
        uep_borders(np.array([0.0, 3.0, 1.0, 1.0, 3.0, 7.0]), intervals=6, t0=T0)


@pytest.mark.parametrize("seed", range(20))
def test_where_ties_jump_over_the_wanted_number_the_numbers_on_both_sides_can_be_had(seed: int) -> None:
    counts = long_tailed(seed, 60, digits=0)
    refused = 0
    for intervals in range(2, 9):
        try:
            uep_borders(counts, intervals=intervals, t0=T0)
        except PartitionError as error:
            refused += 1
            fewer, more = (int(word) for word in str(error).split("take ")[1].split(" intervals")[0].split(" or "))
            assert fewer < intervals < more
            assert len(uep_borders(counts, intervals=fewer, t0=T0)) == fewer - 1
            assert len(uep_borders(counts, intervals=more, t0=T0)) == more - 1
    assert refused < 7


def test_all_background() -> None:
    with pytest.raises(PartitionError, match=r"all 9 counts are background, below t0 = 0.00016"):
        uep_borders(np.zeros((3, 3)))


def test_no_counts_at_all() -> None:
    with pytest.raises(PartitionError, match="no counts to divide"):
        uep_borders(np.zeros((0,)))


def test_one_interval_is_none() -> None:
    with pytest.raises(ValueError, match="at least 2 intervals, background and crowd, not 1"):
        uep_borders(np.ones(4), intervals=1)


@pytest.mark.parametrize("t0", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_first_border(t0: float) -> None:
    with pytest.raises(ValueError, match="the first border is a finite count above 0"):
        uep_borders(np.ones(4), t0=t0)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_an_impossible_count(wrong: float) -> None:
    with pytest.raises(ValueError, match="counts are finite and 0 or more, but 1 of 3 are not"):
        uep_borders(np.array([1.0, wrong, 2.0]))


def test_the_paper_s_eps_gives_fewer_borders_on_a_small_training_set() -> None:
    counts = long_tailed(8, 8000) * 0.1
    assert len(uep_borders(counts)) == 24
    assert len(paper_uep_borders(counts)) < 24


def test_the_paper_s_eps_may_leave_nothing_to_search() -> None:
    with pytest.raises(PartitionError, match=r"n \* l of at most 2, within the paper's eps of 100"):
        paper_uep_borders(np.array([0.5, 1.0]))
