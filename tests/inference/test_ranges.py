"""Ranges: the conformal quantile against its definition, and what every range must be."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.toys import toy_description
from uepnet.description import RangeCalibration
from uepnet.inference.ranges import (
    calibration_at,
    conformal_quantile,
    count_and_spread,
    count_range,
    reaches,
    region_sums,
)

SCORES = tuple(np.linspace(-2.5, 1.5, 199).round(3).tolist())
CALIBRATION = RangeCalibration(decode="mean", patches=3.0, shared=0.1, floor=0.5, scores=SCORES)
MAPS = st.tuples(*(arrays.arrays(np.float32, (3, 4), elements=st.floats(0, 50, width=32)) for _ in range(2)))
WEIGHTS = arrays.arrays(np.float64, (3, 4), elements=st.floats(0, 1))


def at(coverage: float) -> RangeCalibration:
    return CALIBRATION.model_copy(update={"coverage": coverage})


@given(scores=st.lists(st.floats(-5, 5), min_size=1, max_size=60), percent=st.integers(1, 99))
def test_the_quantile_is_the_smallest_score_that_enough_scores_do_not_exceed(scores: list[float], percent: int) -> None:
    """Of n scores and a new one, all equally likely to be the largest, at least a share `coverage` must not exceed it."""
    coverage, scores = percent / 100, sorted(scores)
    enough = [score for score in scores if 100 * sum(other <= score for other in scores) >= percent * (len(scores) + 1)]
    if enough:
        assert conformal_quantile(scores, coverage=coverage) == min(enough)
    else:
        with pytest.raises(ValueError, match="cannot be had"):
            conformal_quantile(scores, coverage=coverage)


@given(maps=MAPS, weights=WEIGHTS, percent=st.integers(1, 99))
def test_a_range_holds_the_count_and_nothing_below_0(
    maps: tuple[np.ndarray, np.ndarray], weights: np.ndarray, percent: int
) -> None:
    count, _ = region_sums(*maps, weights=weights)
    low, high = count_range(*maps, at(percent / 100), weights=weights)
    assert 0 <= low <= count <= high


@given(maps=MAPS)
def test_more_coverage_is_a_wider_range(maps: tuple[np.ndarray, np.ndarray]) -> None:
    ranges = [count_range(*maps, at(coverage)) for coverage in (0.3, 0.5, 0.8, 0.9, 0.95, 0.99)]
    for (low, high), (lower, higher) in pairwise(ranges):
        assert lower <= low <= high <= higher


@given(maps=MAPS)
def test_all_weights_are_no_weights(maps: tuple[np.ndarray, np.ndarray]) -> None:
    assert count_range(*maps, CALIBRATION, weights=np.ones((3, 4))) == pytest.approx(count_range(*maps, CALIBRATION))


@given(maps=MAPS, weights=WEIGHTS)
def test_the_counts_of_two_halves_add_up(maps: tuple[np.ndarray, np.ndarray], weights: np.ndarray) -> None:
    here, there = (region_sums(*maps, weights=shares)[0] for shares in (weights, 1.0 - weights))
    assert here + there == pytest.approx(region_sums(*maps)[0], abs=1e-4)


def test_a_smaller_part_has_a_wider_range_for_its_count() -> None:
    count_map, variance_map = np.full((8, 8), 0.5, dtype=np.float32), np.full((8, 8), 0.2, dtype=np.float32)
    widths = []
    for side in (8, 4, 2, 1):
        part = np.zeros((8, 8))
        part[:side, :side] = 1.0
        count, spread = count_and_spread(count_map, variance_map, CALIBRATION, weights=part)
        assert spread == pytest.approx((3.0 * 0.2 * side**2 + (0.1 * count) ** 2 + 0.25) ** 0.5)
        widths.append(spread / count)
    assert widths == sorted(widths)


def test_half_a_patch_has_half_its_people_and_a_quarter_of_its_variance() -> None:
    """As everywhere where people are spread evenly over a patch: half of them is half the deviation."""
    ones = np.ones((2, 2), dtype=np.float32)
    assert region_sums(6 * ones, 8 * ones, weights=np.array([[0.5, 0.0], [1.0, 0.0]])) == (9.0, 10.0)


def test_each_end_goes_as_far_as_the_scores_on_its_side() -> None:
    maps = np.full((10, 10), 1.0, dtype=np.float32), np.zeros((10, 10), dtype=np.float32)
    _, spread = count_and_spread(*maps, CALIBRATION)
    low, high = count_range(*maps, CALIBRATION)
    below, above = SCORES[9], SCORES[189]  # of 199 scores, the 10th from either end for 90 %
    assert low == pytest.approx(100 + below * spread)
    assert high == pytest.approx(100 + above * spread)


def test_a_counter_always_off_in_one_direction_keeps_its_count_in_the_range() -> None:
    assert reaches([-2.0] * 99, coverage=0.9) == (2.0, 0.0)


def test_simulated_pictures_reach_the_coverage() -> None:
    """Calibrated on 60 exchangeable pictures each, 400 new ones are covered as often as promised, on average."""
    generator = np.random.default_rng(5)
    held = []
    for _ in range(400):
        scores = np.sort(generator.standard_t(3, size=61) - 0.5)
        new = generator.permutation(61)[0]
        below, above = reaches(np.delete(scores, new).tolist(), coverage=0.8)
        held.append(-below <= scores[new] <= above)
    assert np.mean(held) == pytest.approx(0.8, abs=3 * (0.8 * 0.2 / 400) ** 0.5)


@pytest.mark.parametrize("weights", [np.full((3, 4), 1.01), np.full((3, 4), -0.1), np.full((3, 4), np.nan)])
def test_impossible_weights_are_refused(weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match="weights are shares from 0 to 1 of each of 3 x 4 patches"):
        region_sums(np.zeros((3, 4)), np.zeros((3, 4)), weights=weights)


@pytest.mark.parametrize("coverage", [0.0, -1.0, 0.995, 1.0, np.nan])
def test_a_coverage_out_of_reach_is_refused_with_what_can_be_reached(coverage: float) -> None:
    with pytest.raises(ValueError, match=r"199 pictures, which reach coverages above 0 and up to 0\.990"):
        reaches(SCORES, coverage=coverage)


def test_another_coverage_can_be_had_from_a_model_with_a_calibration() -> None:
    bare = toy_description("bare")
    ranged = bare.model_copy(update={"calibration": CALIBRATION})
    assert calibration_at(None, bare) is None
    assert calibration_at(None, ranged) == CALIBRATION
    assert calibration_at(0.5, ranged) == at(0.5)
    with pytest.raises(ValueError, match="the model bare has no calibration"):
        calibration_at(0.5, bare)
    with pytest.raises(ValueError, match="up to"):
        calibration_at(0.999, ranged)
