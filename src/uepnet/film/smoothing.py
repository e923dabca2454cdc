"""A steady line through counts that flicker: a state-space filter that knows each count's variance and follows real changes.

The number of people is a local level (Harvey 1989, chapter 2): a random walk, seen through counts that each have a variance
of their own. Between two counts the level moves by

    Q = walk * 2 * people * seconds / STAY

for people who stay `STAY` seconds on average arrive and leave as Poisson processes, each at people / STAY a second. A count
is off by R = noise * variance, with the variance that the model gives for it. Nobody knows `walk` and `noise` beforehand, so
both follow the innovations z (what a count adds to what was expected, in its own deviations): if the filter is right, z has
the variance 1 and no memory (Mehra 1970, "On the identification of variances and adaptive Kalman filtering"). Hence

    log noise += NOISE_PACE * (z^2 - 1),   log walk += WALK_PACE * z * (z before)

A step that no walk explains (a train arrives, doors open) would lag. Two running sums of z (CUSUM: Page 1954; Gustafsson
2000, "Adaptive filtering and change detection", section 3.3) notice it, and the level begins anew at the mean of the counts
since the sum began to grow. No single count weighs more than `CLIP` deviations, so one alone, however wrong, is no step.
"""

import math
from dataclasses import dataclass, field
from statistics import NormalDist

STAY = 300.0
"""Seconds that people stay in view on average; a beginning that `walk` corrects."""
NOISE_PACE, WALK_PACE = 0.04, 0.15
"""How far one count moves the logarithms of `noise` and `walk`."""
CLIP = 3.0
"""Deviations beyond which a count counts as this far off."""
DRIFT, ALARM = 0.75, 4.0
"""Of the running sums: what is taken off at each count, and the sum that is a step."""
FIRST_NOISE = 0.25
"""Where `noise` begins: most of the errors that the model allows for stay from frame to frame, and flicker is the rest."""
NOISE_LIMITS = (math.log(0.05), math.log(20.0))
WALK_LIMITS = (math.log(0.02), math.log(50.0))
LEAST_VARIANCE = 0.25
"""People squared: no count is surer than half a person."""


@dataclass(frozen=True)
class Smoothed:
    """The steady number of people, and its range where the counts have ranges."""

    count: float
    low: float | None
    high: float | None


@dataclass
class Level:
    """The filter's knowledge of one number of people; `variance` is of the level, in people squared."""

    people: float
    variance: float
    seconds: float
    below: float
    above: float
    """How far the range of a count goes down and up, smoothed like the counts."""
    noise: float = math.log(FIRST_NOISE)
    walk: float = 0.0
    """Logarithms."""
    before: float = 0.0
    """The last innovation."""


@dataclass
class Run:
    """Counts that lie on one side of the level: a step, if there are too many of them; what `noise` and `walk` were before."""

    total: float = 0.0
    counts: list[float] = field(default_factory=list)
    noise: float = 0.0
    walk: float = 0.0


class Smoother:
    """Takes the counts of one view in the order of time; another view has a smoother of its own."""

    def __init__(self) -> None:
        self._level: Level | None = None
        self._runs = (Run(), Run())

    def add(
        self, count: float, *, seconds: float, variance: float, bounds: tuple[float, float, float] | None = None
    ) -> Smoothed:
        """The level after one more count at a time, `variance` in people squared as the model has it.

        `bounds` are the count's low, high and coverage. The smoothed range is as wide as those of the counts and what the
        filter does not know besides: errors that all frames of a view share do not shrink by averaging frames.
        """
        if self._level is not None and seconds < self._level.seconds:
            raise ValueError(
                f"counts come in the order of time, but {seconds:g} s comes after {self._level.seconds:g} s"
            )
        variance = max(variance, LEAST_VARIANCE)
        below, above = (0.0, 0.0) if bounds is None else (count - bounds[0], bounds[1] - count)
        if self._level is None:
            self._level = Level(count, variance, seconds, below, above)
        else:
            self._step(self._level, count, seconds, variance, (below, above))
        return _smoothed(self._level, None if bounds is None else bounds[2])

    def _step(self, level: Level, count: float, seconds: float, variance: float, reach: tuple[float, float]) -> None:
        walked = math.exp(level.walk) * 2.0 * max(level.people, 1.0) * (seconds - level.seconds) / STAY
        unsure = level.variance + walked
        noise = math.exp(level.noise) * variance
        deviation = math.sqrt(unsure + noise)
        innovation = min(CLIP, max(-CLIP, (count - level.people) / deviation))
        gain = unsure / (unsure + noise)
        step = self._steps(level, innovation, count)
        if step is None:
            level.people += gain * deviation * innovation
            level.variance = (1.0 - gain) * unsure
            _learn(level, innovation)
        else:
            level.people, level.noise, level.walk = sum(step.counts) / len(step.counts), step.noise, step.walk
            level.variance = math.exp(level.noise) * variance / len(step.counts)
            level.before, gain = 0.0, 1.0
            self._runs = (Run(), Run())
        level.people, level.seconds = max(0.0, level.people), seconds
        level.below += gain * (reach[0] - level.below)
        level.above += gain * (reach[1] - level.above)

    def _steps(self, level: Level, innovation: float, count: float) -> Run | None:
        """The run of counts that is a step, if this count makes one of it."""
        for run, sign in zip(self._runs, (1.0, -1.0), strict=True):
            if run.total == 0.0:
                run.counts, run.noise, run.walk = [], level.noise, level.walk
            run.total = max(0.0, run.total + sign * innovation - DRIFT)
            run.counts.append(count)
            if run.total > ALARM:
                return run
        return None


def _learn(level: Level, innovation: float) -> None:
    """Move `noise` and `walk` towards innovations of variance 1 without memory."""
    noise = level.noise + NOISE_PACE * (innovation**2 - 1.0)
    walk = level.walk + WALK_PACE * innovation * level.before
    level.noise = min(max(noise, NOISE_LIMITS[0]), NOISE_LIMITS[1])
    level.walk = min(max(walk, WALK_LIMITS[0]), WALK_LIMITS[1])
    level.before = innovation


def _smoothed(level: Level, coverage: float | None) -> Smoothed:
    if coverage is None:
        return Smoothed(level.people, None, None)
    unknown = NormalDist().inv_cdf((1.0 + coverage) / 2.0) * math.sqrt(level.variance)
    low = level.people - math.hypot(level.below, unknown)
    return Smoothed(level.people, max(0.0, low), level.people + math.hypot(level.above, unknown))
