"""Whether a claim of the paper holds here, by one rule for errors, and what is told of numbers that have no interval.

Of two readings on the same pictures the difference of absolute errors is taken picture by picture, each the mean over the
seeds that both have; its mean is the difference of the MAEs, with the paired bootstrap interval of `evaluation/bootstrap`.
The claim "first is better" *holds* if the interval lies below 0 and every seed alone has a difference below 0; it *does
not* hold if the interval lies above 0 and every seed is above 0; everything else is *not separable here*. The interval
speaks of the pictures, the seeds of the training's chance. Where there is one seed, the verdict says so: of the
training's chance it knows nothing.

A number of the whole set, such as a share, has no value a picture and so no interval. Of a few seeds that agree it is told
that they do, which is no test: two agree by chance half of the time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from uepnet.evaluation.bootstrap import Interval, mean_interval

Verdict = Literal["holds", "does not hold", "so at every seed", "so at no seed", "not separable here", "not run"]

ERRORS_RULE = (
    'A claim "holds" or "does not hold" where the paired bootstrap interval of the difference of the MAEs lies on one side of '
    '0 and every seed alone agrees; else it is "not separable here". "One seed" is added where there is no other.'
)

NUMBERS_RULE = (
    "These numbers have no value a picture, and so no interval: told is whether a claim is so at every seed or at none. Two "
    "seeds agree by chance half of the time, and one says nothing."
)

AbsoluteErrors = Mapping[int, Float[np.ndarray, " pictures"]]
"""|counted - true| of every picture, by seed."""


@dataclass(frozen=True)
class Judged:
    """A claim, how it was judged, and the difference of the MAEs (first minus second, in people) where there is one.

    Of a number that has no value a picture, `by_seed` has the differences, and there is no interval.

    >>> Judged("first is better", "holds", seeds=(0,)).said
    'holds, one seed'
    """

    claim: str
    verdict: Verdict
    difference: Interval | None = None
    seeds: tuple[int, ...] = ()
    by_seed: tuple[float, ...] = ()

    @property
    def said(self) -> str:
        """The verdict as it is shown."""
        alone = len(self.seeds) == 1 and self.verdict in ("holds", "does not hold")
        return f"{self.verdict}, one seed" if alone else self.verdict


def judge(claim: str, first: AbsoluteErrors, second: AbsoluteErrors) -> Judged:
    """The claim that `first` has the smaller error."""
    seeds = tuple(sorted(first.keys() & second.keys()))
    if not seeds:
        return Judged(claim, "not run")
    apart = [first[seed] - second[seed] for seed in seeds]
    interval = mean_interval(np.mean(apart, axis=0), generator=np.random.default_rng(0))
    return Judged(claim, verdict_of(interval, [float(one.mean()) for one in apart]), interval, seeds)


def verdict_of(interval: Interval, by_seed: Sequence[float]) -> Verdict:
    """The rule itself.

    >>> verdict_of(Interval(-2.0, -3.0, -1.0), [-2.5, -1.5])
    'holds'
    >>> verdict_of(Interval(-2.0, -3.0, 1.0), [-2.5, -1.5])
    'not separable here'
    """
    if interval.high < 0 and max(by_seed) < 0:
        return "holds"
    if interval.low > 0 and min(by_seed) > 0:
        return "does not hold"
    return "not separable here"


def judge_numbers(claim: str, first: Mapping[int, float], second: Mapping[int, float]) -> Judged:
    """The claim that a number of the whole set, such as a share, is smaller in `first`: whether it is so at every seed."""
    seeds = tuple(sorted(first.keys() & second.keys()))
    if not seeds:
        return Judged(claim, "not run")
    apart = tuple(first[seed] - second[seed] for seed in seeds)
    verdict: Verdict = "not separable here"
    if len(seeds) > 1 and max(apart) < 0:
        verdict = "so at every seed"
    if len(seeds) > 1 and min(apart) > 0:
        verdict = "so at no seed"
    return Judged(claim, verdict, seeds=seeds, by_seed=apart)
