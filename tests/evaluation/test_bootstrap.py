"""Bootstrap intervals: the same as SciPy makes from the same draws, and what they promise."""

import numpy as np
import pytest
from scipy import stats

from uepnet.evaluation import bootstrap
from uepnet.evaluation.bootstrap import mae_difference, mae_interval, mean_interval


@pytest.fixture
def counts() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    truth = generator.integers(0, 900, size=70)
    return truth, truth + generator.laplace(scale=60, size=70)


def test_equals_scipy_with_the_same_draws(counts: tuple[np.ndarray, np.ndarray]) -> None:
    truth, predicted = counts
    got = mae_interval(truth, predicted, generator=np.random.default_rng(11))
    reference = stats.bootstrap(
        (np.abs(predicted - truth),),
        np.mean,
        n_resamples=10_000,
        confidence_level=0.95,
        method="percentile",
        rng=np.random.default_rng(11),
    ).confidence_interval
    assert got.value == pytest.approx(np.abs(predicted - truth).mean())
    assert (got.low, got.high) == pytest.approx((reference.low, reference.high))


def test_blocks_of_any_size_give_the_same_interval(
    counts: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = mae_interval(*counts, generator=np.random.default_rng(0))
    monkeypatch.setattr(bootstrap, "DRAWN_AT_ONCE", 3 * 70)
    assert mae_interval(*counts, generator=np.random.default_rng(0)) == whole


def test_the_same_generator_gives_the_same_interval(counts: tuple[np.ndarray, np.ndarray]) -> None:
    first, second, other = (mae_interval(*counts, generator=np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert first == second
    assert first != other


def test_the_interval_holds_the_mean_of_new_samples_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "RESAMPLES", 400)
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        interval = mean_interval(generator.exponential(size=100), generator=generator)
        held += interval.low <= 1.0 <= interval.high
    assert 0.88 <= held / 200 <= 0.99


def test_one_picture_has_no_width() -> None:
    interval = mae_interval(np.array([10]), np.array([13.0]), generator=np.random.default_rng(0))
    assert (interval.value, interval.low, interval.high) == (3.0, 3.0, 3.0)


def test_a_paired_difference_is_far_tighter_than_the_two_intervals(counts: tuple[np.ndarray, np.ndarray]) -> None:
    truth, first = counts
    second = truth + 0.9 * (first - truth)
    difference = mae_difference(truth, first, second, generator=np.random.default_rng(0))
    alone = mae_interval(truth, first, generator=np.random.default_rng(0))
    assert difference.value == pytest.approx(-0.1 * alone.value)
    assert difference.low < difference.high < 0
    assert difference.high - difference.low == pytest.approx(0.1 * (alone.high - alone.low))


def test_a_model_does_not_differ_from_itself(counts: tuple[np.ndarray, np.ndarray]) -> None:
    truth, predicted = counts
    difference = mae_difference(truth, predicted, predicted, generator=np.random.default_rng(0))
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)
