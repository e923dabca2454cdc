"""Count proxies: their definitions, and the promise of the mean ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import decode, encode
from uepnet.counting.proxies import mean_proxies, midpoint_proxies

COUNTS = st.lists(st.floats(0, 20), min_size=1, max_size=80).map(np.array)
BORDERS = st.lists(st.floats(1e-4, 19), min_size=1, max_size=10, unique=True).map(sorted).map(tuple)


@given(COUNTS, BORDERS)
def test_mean_proxies_leave_no_discretisation_error_on_the_fitted_samples(
    counts: np.ndarray, borders: tuple[float, ...]
) -> None:
    decoded = decode(encode(counts, borders), mean_proxies(counts, borders))
    assert decoded.sum() == pytest.approx(counts.sum(), rel=1e-12, abs=1e-12)


@given(COUNTS, BORDERS)
def test_a_mean_proxy_is_the_mean_and_an_empty_class_has_its_middle(
    counts: np.ndarray, borders: tuple[float, ...]
) -> None:
    classes, edges = encode(counts, borders), (0.0, *borders, max(counts.max(), borders[-1]))
    for index, proxy in enumerate(mean_proxies(counts, borders)):
        members = counts[classes == index]
        middle = (edges[index] + edges[index + 1]) / 2
        assert proxy == pytest.approx(members.mean() if len(members) else middle, rel=1e-12, abs=1e-15)


@given(COUNTS, BORDERS)
def test_both_kinds_of_proxies_lie_in_their_classes(counts: np.ndarray, borders: tuple[float, ...]) -> None:
    for proxies in (mean_proxies(counts, borders), midpoint_proxies(counts, borders)):
        assert encode(np.array(proxies), borders).tolist() == list(range(len(borders) + 1))


def test_the_background_has_the_mean_of_its_samples() -> None:
    assert mean_proxies(np.array([0.0, 0.0, 0.3, 2.0]), (0.5,)) == pytest.approx((0.1, 2.0))


def test_the_last_middle_is_that_of_its_border_and_the_largest_count() -> None:
    assert midpoint_proxies(np.array([0.2, 5.0]), (0.5, 1.5)) == (0.25, 1.0, 3.25)


def test_a_last_class_above_all_counts_has_its_border() -> None:
    counts = np.array([0.2, 1.0])
    assert midpoint_proxies(counts, (0.5, 1.5)) == (0.25, 1.0, 1.5)
    assert mean_proxies(counts, (0.5, 1.5)) == (0.2, 1.0, 1.5)
