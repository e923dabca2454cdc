"""Every measure against a loop."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.evaluation import metrics

PAIRS = st.lists(st.tuples(st.integers(0, 5000), st.floats(0, 5000)), min_size=1, max_size=30)


def split(pairs: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([true for true, _ in pairs]), np.array([predicted for _, predicted in pairs], dtype=np.float64)


@given(PAIRS)
def test_mae_rmse_and_bias_equal_a_loop(pairs: list[tuple[int, float]]) -> None:
    absolute = squared = signed = 0.0
    for true, predicted in pairs:
        absolute += abs(predicted - true)
        squared += (predicted - true) ** 2
        signed += predicted - true
    truth, counts = split(pairs)
    assert metrics.mae(truth, counts) == pytest.approx(absolute / len(pairs))
    assert metrics.rmse(truth, counts) == pytest.approx(math.sqrt(squared / len(pairs)))
    assert metrics.bias(truth, counts) == pytest.approx(signed / len(pairs), abs=1e-9)


@given(PAIRS)
def test_nae_leaves_pictures_without_heads_out(pairs: list[tuple[int, float]]) -> None:
    with_heads = [(true, predicted) for true, predicted in pairs if true > 0]
    got = metrics.nae(*split(pairs))
    if with_heads:
        expected = sum(abs(predicted - true) / true for true, predicted in with_heads) / len(with_heads)
        assert got == pytest.approx(expected)
    else:
        assert got is None


@given(PAIRS)
def test_bias_is_at_most_mae_and_mae_at_most_rmse(pairs: list[tuple[int, float]]) -> None:
    truth, counts = split(pairs)
    mae = metrics.mae(truth, counts)
    assert abs(metrics.bias(truth, counts)) <= mae * (1 + 1e-12)
    assert mae <= metrics.rmse(truth, counts) * (1 + 1e-12)


def test_bias_is_positive_where_too_many_are_counted() -> None:
    assert metrics.bias(np.array([10, 10]), np.array([13.0, 12.0])) == 2.5


def test_both_ends_of_a_range_belong_to_it() -> None:
    truth = np.array([10, 20, 30, 40])
    low, high = np.array([10.0, 5.0, 30.5, 0.0]), np.array([12.0, 20.0, 40.0, 39.9])
    assert metrics.range_coverage(truth, low, high) == 0.5


def test_a_range_that_goes_down_is_refused() -> None:
    with pytest.raises(ValueError, match="1 of 2 go down"):
        metrics.range_coverage(np.array([1, 2]), np.array([0.0, 3.0]), np.array([1.0, 2.0]))


@pytest.mark.parametrize(
    ("truth", "predicted", "message"),
    [
        ([], [], "at least one picture"),
        ([-1], [0.0], "at least 0 heads, not -1"),
        ([1], [math.nan], "1 of 1 predicted counts are not finite"),
    ],
)
def test_what_cannot_be_measured_is_refused(truth: list[int], predicted: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.mae(np.array(truth, dtype=np.int64), np.array(predicted, dtype=np.float64))


def test_unequally_many_counts_are_refused_by_the_function_itself() -> None:
    unchecked = getattr(metrics.errors, "__wrapped__", metrics.errors)
    with pytest.raises(ValueError, match="2 true counts, but 3 predicted"):
        unchecked(np.array([1, 2]), np.array([1.0, 2.0, 3.0]))
