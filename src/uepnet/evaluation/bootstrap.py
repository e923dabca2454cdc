"""How far a mean error would move if other pictures of the same kind had been measured (Efron's percentile bootstrap).

The pictures are drawn again with replacement, as many as there are, 10,000 times; the interval holds the middle 95 % of
the means. It speaks of the choice of pictures alone: not of the training's seed, nor of other places and cameras. From
few pictures it is too narrow, and from a single one it has no width.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.evaluation.metrics import Counts, Truth, errors

RESAMPLES = 10_000
CONFIDENCE = 0.95
DRAWN_AT_ONCE = 2_000_000
"""Pictures drawn in one block, which bounds the memory at 32 MB."""


@dataclass(frozen=True)
class Interval:
    """A value and the bootstrap interval around it."""

    value: float
    low: float
    high: float


def mae_interval(truth: Truth, predicted: Counts, *, generator: np.random.Generator) -> Interval:
    """The mean absolute error in people, with its interval."""
    return mean_interval(np.abs(errors(truth, predicted)), generator=generator)


def mae_difference(truth: Truth, first: Counts, second: Counts, *, generator: np.random.Generator) -> Interval:
    """The MAE of `second` minus that of `first` on the same pictures, with its paired interval.

    A picture drawn again is drawn for both, so that pictures hard for both widen nothing. Below 0 the second is better;
    an interval that holds 0 means that these pictures cannot tell the two apart.
    """
    return mean_interval(np.abs(errors(truth, second)) - np.abs(errors(truth, first)), generator=generator)


def mean_interval(values: Float[np.ndarray, " pictures"], *, generator: np.random.Generator) -> Interval:
    """The mean of one value per picture, with its interval."""
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(_resampled_means(values, generator), (tail, 100.0 - tail))
    return Interval(float(values.mean()), float(low), float(high))


def _resampled_means(
    values: Float[np.ndarray, " pictures"], generator: np.random.Generator
) -> Float[np.ndarray, " resamples"]:
    pictures = len(values)
    block = max(1, DRAWN_AT_ONCE // pictures)
    means = np.empty(RESAMPLES)
    for start in range(0, RESAMPLES, block):
        stop = min(start + block, RESAMPLES)
        means[start:stop] = values[generator.integers(pictures, size=(stop - start, pictures))].mean(axis=1)
    return means
