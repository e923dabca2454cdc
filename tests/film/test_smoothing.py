"""The steady line: closer to the truth than the counts, calmer, quick after a step, and honest about its range."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from uepnet.film.smoothing import FIRST_NOISE, NOISE_PACE, STAY, Smoothed, Smoother

SHARED, PATCHES = 0.09, 0.3
"""Error that all frames of a place share, as a share of the count; variance of one frame, as a share of the count."""
REACH = 1.645
"""Standard deviations of a range that covers 0.9."""


@dataclass(frozen=True)
class Simulated:
    """People in view, what the model would say on average, its counts, and what the smoother made of them."""

    people: np.ndarray
    biased: np.ndarray
    counts: np.ndarray
    smooth: list[Smoothed]

    @property
    def line(self) -> np.ndarray:
        return np.array([one.count for one in self.smooth])

    def after_step(self, at: int, *, share: float) -> int:
        """Samples until this share of a step is followed."""
        wanted = self.biased[at - 1] + share * (self.biased[at] - self.biased[at - 1])
        up = self.biased[at] > self.biased[at - 1]
        return next(i for i in range(at, len(self.line)) if (self.line[i] >= wanted) == up) - at + 1


def simulate(
    seed: int,
    *,
    people: int = 100,
    step: int = 0,
    ramp: float = 0.0,
    noise: float = 1.0,
    every: float = 1.0,
    stay: float = 300.0,
    bias: float | None = None,
) -> Simulated:
    """Poisson arrivals, exponential stays; a step after half of the samples, a ramp (people a second) before it."""
    rng = np.random.default_rng(seed)
    samples, now, truth = 400, people, []
    for index in range(samples):
        arrivals = people / stay + (ramp if 100 <= index < 200 else 0.0)
        now += rng.poisson(arrivals * every) - rng.binomial(now, 1 - math.exp(-every / stay))
        now = max(0, now + (step if index == samples // 2 else 0))
        truth.append(now)
    present = np.array(truth, dtype=float)
    biased = present * (1 + SHARED * (rng.normal() if bias is None else bias))
    counts = np.maximum(0.0, biased + rng.normal(size=samples) * np.sqrt(noise * (PATCHES * present + 0.1)))
    smoother, smooth = Smoother(), []
    for index, count in enumerate(counts):
        variance = PATCHES * count + 0.1
        reach = REACH * math.sqrt(variance + (SHARED * count) ** 2)
        bounds = (max(0.0, count - reach), count + reach, 0.9)
        smooth.append(smoother.add(float(count), seconds=index * every, variance=float(variance), bounds=bounds))
    return Simulated(present, biased, counts, smooth)


def rmse(values: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((values - truth) ** 2)))


def roughness(values: np.ndarray) -> float:
    return float(np.abs(np.diff(values)).mean())


CASES: dict[str, dict[str, Any]] = {
    "calm": {}, "few": {"people": 6}, "dense": {"people": 1500}, "noisier": {"noise": 4.0}, "quieter": {"noise": 0.25},
    "ramp": {"ramp": 1.0}, "short stays": {"stay": 60.0}, "seldom": {"every": 5.0}, "step": {"step": 60},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_closer_to_the_truth_and_calmer_than_the_counts(case: str) -> None:
    for seed in range(5):
        run = simulate(seed, **CASES[case])
        assert rmse(run.line, run.biased) < (0.9 if case == "step" else 0.75) * rmse(run.counts, run.biased)
        assert roughness(run.line) < 0.4 * roughness(run.counts)


@pytest.mark.parametrize("step", [40, 80, 300, -60, -90])
def test_a_step_is_followed_within_a_few_samples(step: int) -> None:
    """40 people are 7 deviations of one count; at most 6 samples for four fifths of the way, 3 on average."""
    late = [simulate(seed, step=step).after_step(200, share=0.8) for seed in range(20)]
    assert max(late) <= 6
    assert np.mean(late) <= 3.0


def test_a_ramp_is_followed_closely() -> None:
    """60 people a minute come: the line is a few people behind, a quarter of the band of one count."""
    behind = [
        float((run.biased - run.line)[120:200].mean()) for run in (simulate(seed, ramp=1.0) for seed in range(10))
    ]
    assert np.mean(behind) < 6.0


def test_one_wrong_count_moves_the_line_little() -> None:
    smoother = Smoother()
    line = [smoother.add(100.0, seconds=float(at), variance=30.0).count for at in range(50)]
    wrong = smoother.add(400.0, seconds=50.0, variance=30.0).count
    assert abs(wrong - line[-1]) < 10.0
    assert smoother.add(100.0, seconds=51.0, variance=30.0).count == pytest.approx(100.0, abs=10.0)


def test_ranges_cover_what_they_say() -> None:
    """Errors of the whole film are shared: the range of the line is not narrower than they allow."""
    covered = []
    for seed in range(63):
        bias = NormalDist().inv_cdf((seed // len(CASES) + 0.5) / 7)  # every case has seven places, spread as by chance
        run = simulate(seed, **CASES[list(CASES)[seed % len(CASES)]], bias=bias)
        low, high = (np.array([getattr(one, end) for one in run.smooth]) for end in ("low", "high"))
        inside = (low <= run.people) & (run.people <= high)
        covered.append(np.mean(inside))
    assert 0.86 <= np.mean(covered) <= 0.99


def test_never_negative_and_in_its_range() -> None:
    run = simulate(3, people=2, noise=4.0)
    for one in run.smooth:
        assert one.low is not None
        assert one.high is not None
        assert 0.0 <= one.low <= one.count <= one.high


def test_the_first_count_is_the_level_and_time_does_not_go_back() -> None:
    smoother = Smoother()
    assert smoother.add(12.0, seconds=3.0, variance=1.0) == Smoothed(12.0, None, None)
    with pytest.raises(ValueError, match="order of time"):
        smoother.add(12.0, seconds=2.0, variance=1.0)


def test_after_a_long_gap_the_count_is_believed() -> None:
    smoother = Smoother()
    for at in range(60):
        smoother.add(100.0, seconds=float(at), variance=4.0)
    assert smoother.add(130.0, seconds=3600.0, variance=4.0).count > 125.0


def test_the_plain_filter_is_that_of_the_equations() -> None:
    """Two counts by hand: the first step of a Kalman filter with Q = 2 * people * seconds / 300 and R a quarter of the variance."""
    smoother = Smoother()
    smoother.add(100.0, seconds=0.0, variance=9.0)
    unsure = 9.0 + 2 * 100.0 * 3.0 / 300.0
    gain = unsure / (unsure + 16.0 / 4)
    assert smoother.add(104.0, seconds=3.0, variance=16.0).count == pytest.approx(100.0 + 4.0 * gain)


def test_a_range_is_that_of_the_count_and_what_the_filter_does_not_know() -> None:
    """At the first count by hand: 1.645 deviations of the level beside the reach of the count, each way."""
    smooth = Smoother().add(100.0, seconds=0.0, variance=9.0, bounds=(90.0, 115.0, 0.9))
    unknown = 1.6448536 * 3.0
    assert smooth.low == pytest.approx(100.0 - math.hypot(10.0, unknown))
    assert smooth.high == pytest.approx(100.0 + math.hypot(15.0, unknown))


def test_after_a_step_the_filter_begins_anew() -> None:
    """By hand: the mean of the counts of the step, surer by their number, with the noise and walk from before it."""
    smoother = Smoother()
    smoother.add(100.0, seconds=0.0, variance=9.0)
    smoother.add(200.0, seconds=1.0, variance=16.0)
    people, variance, noise = 202.0, FIRST_NOISE * 16.0 / 2, FIRST_NOISE
    assert smoother.add(204.0, seconds=2.0, variance=16.0).count == pytest.approx(people)
    for at, count in ((3.0, 205.0), (4.0, 203.0)):  # the walk stays: its first innovation has none before it
        unsure = variance + 2 * people / STAY
        gain, innovation = unsure / (unsure + noise * 16.0), (count - people) / math.sqrt(unsure + noise * 16.0)
        people, variance = people + gain * (count - people), (1 - gain) * unsure
        noise *= math.exp(NOISE_PACE * (innovation**2 - 1))
        assert smoother.add(count, seconds=at, variance=16.0).count == pytest.approx(people)
