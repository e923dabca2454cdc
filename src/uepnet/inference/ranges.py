"""From the maps of a picture to the range that holds the true number of people, in the whole picture or a part of it.

The patches' classes have a mean and a variance each. Errors of patches are not independent: neighbours share a person,
and all patches of a picture share its light, its scale and its viewpoint. Hence three terms in the spread of a sum of
patches: `patches` times the sum of their variances (neighbours), `shared` times the count, squared (the whole picture),
and a floor. What multiple of the spread covers the truth is not derived but measured, by split-conformal calibration
(Lei et al. 2018, "Distribution-free predictive inference for regression", section 5.2: locally weighted), each end of
the range by itself: counts too high are another matter than counts too low.
"""

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from uepnet.description import ModelDescription, RangeCalibration, highest_coverage

Map = Float[np.ndarray, "rows columns"]


def count_range(
    count_map: Map, variance_map: Map, calibration: RangeCalibration, *, weights: Map | None = None
) -> tuple[float, float]:
    """The lowest and the highest number of people, at `calibration.coverage`, in the picture or a part of it.

    `weights` are the shares in [0, 1] of each patch that belong to the part. The low end is never below 0, and the count
    itself (the weighted sum of `count_map`, people a patch) is in the range.
    """
    count, spread = count_and_spread(count_map, variance_map, calibration, weights=weights)
    below, above = reaches(calibration.scores, coverage=calibration.coverage)
    return max(0.0, count - below * spread), count + above * spread


def reaches(scores: Sequence[float], *, coverage: float) -> tuple[float, float]:
    """How many spreads a range goes down and up from the count, each end missing half of what is not covered.

    `scores` are signed (true minus counted people) and ascend. An end that would be on the count's other side, because
    almost all counts of the calibration were off in one direction, stays on the count.

    >>> reaches([-2.0, -1.5, -1.0, -0.5, 0.0, 0.0, 0.5, 0.5, 1.0], coverage=0.6)
    (1.5, 0.5)
    """
    most = highest_coverage(len(scores))
    if not 0 < coverage <= most + 1e-9:
        raise ValueError(
            f"the ranges were calibrated on {len(scores)} pictures, which reach coverages above 0 and up to {most:.3f}, "
            f"not {coverage:g}"
        )
    tail = (1.0 + coverage) / 2.0
    below = conformal_quantile([-score for score in reversed(scores)], coverage=tail)
    return max(0.0, below), max(0.0, conformal_quantile(scores, coverage=tail))


def calibration_at(coverage: float | None, description: ModelDescription) -> RangeCalibration | None:
    """The calibration of a model for another coverage than its own, None where there is none and none was asked for.

    `ValueError` for a coverage that its calibration cannot give, and for any of a model that has none.
    """
    calibration = description.calibration
    if coverage is None:
        return calibration
    if calibration is None:
        raise ValueError(
            f"a coverage of {coverage:g} was asked for, but the model {description.name} has no calibration of ranges; "
            "make one with `uepnet ranges`, or leave the coverage out"
        )
    reaches(calibration.scores, coverage=coverage)
    return calibration.model_copy(update={"coverage": coverage})


def count_and_spread(
    count_map: Map, variance_map: Map, calibration: RangeCalibration, *, weights: Map | None = None
) -> tuple[float, float]:
    """The people of a picture or a part of it, and the spread of that number: see `RangeCalibration`."""
    count, variance = region_sums(count_map, variance_map, weights=weights)
    return count, float(spread_of(count, variance, calibration))


@runtime_checkable
class SpreadModel(Protocol):
    """The three terms of a spread: `RangeCalibration` has them, and `uepnet.evaluation.spread.Spread`."""

    @property
    def patches(self) -> float:
        """What a patch's variance counts."""

    @property
    def shared(self) -> float:
        """The error common to all patches, as a share of the count."""

    @property
    def floor(self) -> float:
        """What remains where nobody is counted, in people."""


def spread_of(
    count: float | Float[np.ndarray, " parts"], variance: float | Float[np.ndarray, " parts"], model: SpreadModel
) -> Float[np.ndarray, "*parts"]:
    """The spread of counts in people, from the counts and the sums of the patches' variances: see `RangeCalibration`."""
    squares = model.patches * np.asarray(variance) + (model.shared * np.asarray(count)) ** 2 + model.floor**2
    return np.asarray(np.sqrt(squares))


def region_sums(count_map: Map, variance_map: Map, *, weights: Map | None = None) -> tuple[float, float]:
    """The sums of the counts and of the variances over a part of the picture; a share of a patch has its square's."""
    if weights is None:
        return float(count_map.sum(dtype=np.float64)), float(variance_map.sum(dtype=np.float64))
    if weights.shape != count_map.shape or not ((weights >= 0) & (weights <= 1)).all():
        raise ValueError(
            f"weights are shares from 0 to 1 of each of {count_map.shape[0]} x {count_map.shape[1]} patches, but these "
            f"have the shape {list(weights.shape)} and go from {weights.min():g} to {weights.max():g}"
        )
    shares = weights.astype(np.float64)
    return float((count_map * shares).sum()), float((variance_map * shares**2).sum())


def conformal_quantile(scores: Sequence[float], *, coverage: float) -> float:
    """The score that a new one is not above with a probability of at least `coverage`, if all are exchangeable.

    `scores` ascend; it is the one at place ceil((n + 1) * coverage), and where there is none a `ValueError`.

    >>> conformal_quantile([0.5, 1.0, 2.0, 4.0], coverage=0.6)
    2.0
    """
    place = math.ceil((len(scores) + 1) * coverage - 1e-9)  # 0.9 times a multiple of 10 may come out a hair too large
    if not 1 <= place <= len(scores):
        raise ValueError(f"a coverage of {coverage:g} cannot be had from {len(scores)} scores")
    return scores[place - 1]
