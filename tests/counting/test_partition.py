"""Partitions of the heads, by every method."""

import inspect
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import decode, encode
from uepnet.counting.partition import METHODS, Heads, Partition, fit_partitions, method_named
from uepnet.counting.proxies import mean_proxies, midpoint_proxies
from uepnet.counting.uep import uep_borders
from uepnet.errors import PartitionError

COUNTS = np.random.default_rng(0).exponential(size=20_000) ** 3


def counts_for(method: str) -> np.ndarray:
    return np.floor(COUNTS) if METHODS[method].of_points else COUNTS


def without_type_checks(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as users call it; in tests jaxtyping would refuse a wrong name before the function's own message."""
    return cast(Callable[..., Any], inspect.unwrap(function))


def test_the_first_head_has_the_uep_borders_and_mean_proxies() -> None:
    first, _ = fit_partitions(COUNTS)
    assert first.borders == uep_borders(COUNTS)
    assert first.proxies == mean_proxies(COUNTS, first.borders)
    assert first.classes == 25


def test_the_second_head_of_iph_has_the_first_head_s_proxies_as_borders() -> None:
    first, second = fit_partitions(COUNTS, intervals=25, heads="iph")
    assert second.borders == (first.borders[0], *first.proxies[1:])
    assert second.proxies == mean_proxies(COUNTS, second.borders)
    assert (first.classes, second.classes) == (25, 26)


def test_the_borders_of_the_second_head_lie_within_the_first_head_s_classes() -> None:
    first, second = fit_partitions(COUNTS, intervals=10)
    for border, (left, right) in zip(second.borders[1:], pairwise([*first.borders, np.inf]), strict=True):
        assert left < border < right


def test_parallel_heads_are_the_same_and_a_single_head_is_one() -> None:
    (single,) = fit_partitions(COUNTS, heads="single")
    assert fit_partitions(COUNTS, heads="pph") == (single, single)


@pytest.mark.parametrize(
    ("method", "heads"),
    [(method, heads) for method in METHODS for heads in ("single", "iph") if (method, heads) != ("integer", "iph")],
)
def test_every_method_makes_heads_without_discretisation_error(method: str, heads: Heads) -> None:
    counts = counts_for(method)
    for partition in fit_partitions(counts, method=method, heads=heads):
        decoded = decode(encode(counts, partition.borders), partition.proxies)
        assert decoded.sum() == pytest.approx(counts.sum(), rel=1e-12)


@pytest.mark.parametrize(
    ("method", "proxies"),
    [("two-linear", (0.0, None, 7.0)), ("one-linear", (0.0, None, 11.5)), ("log", (0.0, None, 31.54))],
)
def test_the_fixed_partitions_have_their_own_middles(method: str, proxies: tuple[float, None, float]) -> None:
    (partition,) = fit_partitions(COUNTS, method=method, heads="single", proxies="midpoint")
    assert partition.proxies[0] == proxies[0]
    assert partition.proxies[-1] == pytest.approx(proxies[-1], abs=0.01)


def test_the_integer_partition_of_points() -> None:
    counts = counts_for("integer")
    (middles,) = fit_partitions(counts, method="integer", heads="single", proxies="midpoint")
    assert middles == Partition(borders=(1.0, 2.0, 3.0, 4.0), proxies=(0.0, 1.0, 2.0, 3.0, 4.0))
    (means,) = fit_partitions(counts, method="integer", heads="single")
    assert means.proxies[:4] == (0.0, 1.0, 2.0, 3.0)
    assert means.proxies[4] == pytest.approx(counts[counts >= 4].mean())


@pytest.mark.parametrize("method", ["uep", "uep-paper", "uniform-len", "uniform-num"])
def test_the_other_methods_have_the_paper_s_median(method: str) -> None:
    for partition in fit_partitions(COUNTS, method=method, proxies="midpoint"):
        assert partition.proxies == midpoint_proxies(COUNTS, partition.borders)


def test_t0_is_the_first_border() -> None:
    assert all(partition.borders[0] == 0.01 for partition in fit_partitions(COUNTS, t0=0.01))


@given(number=st.integers(100, 2000), intervals=st.integers(3, 12), seed=st.integers(0, 10_000))
def test_interleaved_heads_of_any_counts_ascend(number: int, intervals: int, seed: int) -> None:
    counts = np.random.default_rng(seed).exponential(size=number)
    try:
        first, second = fit_partitions(counts, intervals=intervals)
    except PartitionError:
        return  # few counts may jump over the wanted number of borders: test_uep.py
    assert (first.classes, second.classes) == (intervals, intervals + 1)


def test_a_single_picture_is_enough_if_it_has_different_counts() -> None:
    picture = np.linspace(0, 3, 12 * 16).reshape(12, 16)
    assert [partition.classes for partition in fit_partitions(picture, intervals=5)] == [5, 6]


def test_counts_above_the_largest_seen_fall_in_the_last_class() -> None:
    for partition in fit_partitions(COUNTS):
        above = np.array([COUNTS.max(), COUNTS.max() * 10])
        assert encode(above, partition.borders).tolist() == [partition.classes - 1] * 2


def test_a_first_class_that_holds_nothing_but_its_border_cannot_be_interleaved() -> None:
    with pytest.raises(PartitionError, match=r"all counts of class 1 equal its border 1.*heads single or pph"):
        fit_partitions(counts_for("integer"), method="integer", heads="iph")


@pytest.mark.parametrize("method", ["uep", "uep-paper", "uniform-len", "uniform-num"])
def test_background_alone_cannot_be_divided(method: str) -> None:
    with pytest.raises(PartitionError):
        fit_partitions(np.zeros(1000), method=method)


@pytest.mark.parametrize("method", METHODS)
def test_no_counts_cannot_be_divided(method: str) -> None:
    with pytest.raises(PartitionError, match="no counts to divide"):
        fit_partitions(np.zeros(0), method=method)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"method": "eup"}, "no partition method 'eup'; the methods are uep, uep-paper, uniform-len"),
        ({"heads": "double"}, "heads are single, pph or iph, not 'double'"),
        ({"proxies": "median"}, "proxies are mean or midpoint, not 'median'"),
        ({"method": "log", "intervals": 25}, "log has 57 intervals by definition; leave 25 intervals out"),
        ({"method": "two-linear", "t0": 0.01}, "the first border of two-linear is 1e-06 by definition"),
        ({"t0": 0.0}, "the first border is a finite count above 0"),
        ({"intervals": 0}, "at least 2 intervals"),
    ],
)
def test_impossible_choices_are_refused(choice: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        without_type_checks(fit_partitions)(COUNTS, **choice)


def test_an_unknown_method_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=", ".join(METHODS)):
        method_named("linear")


@pytest.mark.parametrize(
    ("borders", "proxies", "message"),
    [
        ((), (0.0,), "at least one border"),
        ((0.5, 1.0), (0.1, 0.7), "2 borders make 3 intervals, but there are 2 proxies"),
        ((0.5, 0.5), (0.1, 0.5, 0.7), "border 1 is 0.5 after 0.5"),
        ((0.0, 0.5), (0.0, 0.1, 0.7), "border 0 is 0.0 after 0.0"),
        ((float("nan"),), (0.0, 1.0), "border 0 is nan after 0.0"),
        ((float("inf"),), (0.0, 1.0), "border 1 is inf after inf"),
        ((0.5, 1.0), (0.1, 1.0, 1.5), r"proxy 1.0 of class 1 is not in its interval \[0.5, 1.0\)"),
        ((0.5, 1.0), (-0.1, 0.7, 1.5), "proxy -0.1 of class 0"),
        ((0.5, 1.0), (0.1, 0.7, float("inf")), "proxy inf of class 2"),
        ((0.5, 1.0), (0.1, 0.7, float("nan")), "proxy nan of class 2"),
    ],
)
def test_an_impossible_partition_is_refused_at_birth(
    borders: tuple[float, ...], proxies: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Partition(borders=borders, proxies=proxies)
