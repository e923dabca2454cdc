"""Calibration and its cross-check on simulated pictures, whose errors are known."""

import numpy as np
import pytest

from uepnet.evaluation.calibrate import FOLDS, RangeRow, calibrate, cross_check, folds_of
from uepnet.evaluation.range_figures import RangeFigures, binomial_interval, range_figures
from uepnet.evaluation.range_plot import draw_ranges
from uepnet.evaluation.readings import Reading
from uepnet.inference.backends import PatchMaps
from uepnet.inference.ranges import count_range
from uepnet.points import HeadPoints


def simulated(pictures: int, *, seed: int, off: float = 0.2, data_set: str = "folder") -> list[Reading]:
    """From 3 to 1,100 people, counted wrongly by a factor common to the picture and by noise in each patch."""
    generator = np.random.default_rng(seed)
    found = []
    for number in range(pictures):
        people = int(np.exp(generator.uniform(1, 7)))
        heads = HeadPoints(generator.uniform(0, 64, size=(people, 2)), width=64, height=64)
        grid = np.histogram2d(heads.xy[:, 1], heads.xy[:, 0], bins=8, range=((0, 64), (0, 64)))[0]
        mean = grid * np.exp(generator.normal(0.1, off)) + generator.normal(0, 0.3, size=(8, 8)) * np.sqrt(grid)
        mean = np.maximum(mean, 0).astype(np.float32)
        maps = PatchMaps(mean=mean, argmax=2 * mean, variance=0.1 * mean)
        found.append(Reading(data_set, f"{data_set}-{number}", heads, maps, 8))
    return found


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return simulated(60, seed=1) + simulated(40, seed=2, data_set="other")


@pytest.fixture(scope="module")
def rows(readings: list[Reading]) -> tuple[RangeRow, ...]:
    return cross_check(readings, decode="mean")


def test_new_pictures_are_covered_as_promised(readings: list[Reading]) -> None:
    calibration = calibrate(readings, decode="mean", coverage=0.8)
    held = []
    for new in simulated(400, seed=3):
        low, high = count_range(new.maps.mean, new.maps.variance, calibration)
        held.append(low <= len(new.heads) <= high)
    assert np.mean(held) == pytest.approx(0.8, abs=0.1)


def test_the_cross_check_measures_what_new_pictures_will_meet(rows: tuple[RangeRow, ...]) -> None:
    everything, sparse, dense = range_figures(rows, nominal=0.9)[:3]
    for group in (everything, sparse, dense):
        assert group.sure, group
        assert group.coverage == group.covered / group.images
    assert (everything.images, sparse.images, dense.images) == (100, 50, 50)
    assert sparse.width < everything.width < dense.width


def test_a_picture_has_no_part_in_its_own_range(readings: list[Reading], rows: tuple[RangeRow, ...]) -> None:
    """One picture's truth is changed beyond recognition: its own ranges stay exactly as they were."""
    fake = HeadPoints(np.zeros((5000, 2)), width=64, height=64)
    first = readings[0]
    changed = [Reading(first.data_set, first.name, fake, first.maps, 8), *readings[1:]]
    again = cross_check(changed, decode="mean")
    own = [(row.low, row.high) for row in rows if row.name == first.name]
    assert [(row.low, row.high) for row in again if row.name == first.name] == own
    assert again[-1].high != rows[-1].high


def test_a_picture_s_score_is_by_a_spread_that_knows_nothing_of_it(readings: list[Reading]) -> None:
    """Its truth is put far off, and twice as far: both scores are in units of the same spread."""
    first, scores = readings[0], []
    count = float(first.maps.mean.sum(dtype=np.float64))
    for people in (5_000, 10_000):
        fake = HeadPoints(np.zeros((people, 2)), width=64, height=64)
        changed = [Reading(first.data_set, first.name, fake, first.maps, 8), *readings[1:]]
        scores.append(max(calibrate(changed, decode="mean").scores) / (people - count))
    assert scores[1] == pytest.approx(scores[0], rel=1e-4)


def test_the_decode_that_is_calibrated_is_the_one_asked_for(readings: list[Reading]) -> None:
    by_argmax = calibrate(readings, decode="argmax")
    assert by_argmax.decode == "argmax"
    assert max(by_argmax.scores) < 0.5 * -min(by_argmax.scores)  # twice as many are counted: nearly all is too high


def test_folds_are_stratified_and_repeatable(readings: list[Reading]) -> None:
    folds = folds_of(readings, seed=4)
    assert np.array_equal(folds, folds_of(readings, seed=4))
    assert not np.array_equal(folds, folds_of(readings, seed=5))
    assert np.bincount(folds[:60]).tolist() == [6] * FOLDS
    assert np.bincount(folds[60:]).tolist() == [4] * FOLDS


def test_too_few_pictures_or_too_much_coverage_are_refused(readings: list[Reading]) -> None:
    with pytest.raises(ValueError, match="at least 30 pictures, but there are 29"):
        calibrate(readings[:29], decode="mean")
    with pytest.raises(ValueError, match=r"up to 0\.980"):
        calibrate(readings, decode="mean", coverage=0.99)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (3, 10), (90, 100)])
def test_the_binomial_interval_is_that_of_the_tails(successes: int, trials: int) -> None:
    """By definition: at either end, so extreme a number of successes has a probability of 2.5 %."""
    from scipy.stats import binom

    low, high = binomial_interval(successes, trials)
    if successes > 0:
        assert binom.sf(successes - 1, trials, low) == pytest.approx(0.025)
    if successes < trials:
        assert binom.cdf(successes, trials, high) == pytest.approx(0.025)
    assert low <= successes / trials <= high


def test_figures_by_hand() -> None:
    made = [
        RangeRow("a", "1", 1, truth=10, count=10.0, low=8.0, high=12.0),
        RangeRow("a", "2", 1, truth=0, count=0.5, low=0.0, high=1.0),
        RangeRow("b", "3", 1, truth=100, count=60.0, low=50.0, high=80.0),
        RangeRow("b", "4", 1, truth=7, count=10.5, low=7.0, high=11.0),
        RangeRow("b", "4", 2, truth=7, count=8.0, low=7.0, high=9.0),
    ]
    groups: dict[str, RangeFigures] = {group.dataset: group for group in range_figures(made, nominal=0.9)}
    assert list(groups) == [
        "all", "sparse-half", "dense-half", "sparse-half-counted", "dense-half-counted", "a", "b", "parts-2x2",
    ]  # fmt: skip
    everything = groups["all"]
    assert (everything.images, everything.covered, everything.width) == (4, 3, 4.0)
    assert everything.relative == pytest.approx((0.4 + 0.5) / 2)
    assert (groups["sparse-half"].covered, groups["dense-half"].covered, groups["b"].covered) == (2, 1, 1)
    assert groups["sparse-half"].relative == pytest.approx((1.0 + 4 / 10.5) / 2)
    assert groups["sparse-half-counted"].relative == pytest.approx((1.0 + 4 / 10) / 2), (
        "10 were counted as fewer than 7"
    )
    assert groups["parts-2x2"].images == 1


def test_the_plot_is_a_small_png(rows: tuple[RangeRow, ...]) -> None:
    png = draw_ranges(rows, title="ranges")
    assert png.startswith(b"\x89PNG")
    assert len(png) < 80_000
