"""The model of a count's spread, fitted to how far off the counts of pictures and of their parts are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.evaluation.readings import Parts
from uepnet.inference.ranges import spread_of

BOUNDS = ((1e-3, 1e3), (1e-3, 3.0), (12**-0.5, 50.0))
"""Of `patches`, `shared` and `floor`, whose least is the deviation of a rounding to whole people."""
START = (2.0, 0.15, 0.5)


@dataclass(frozen=True)
class Spread:
    """What `uepnet.inference.ranges.spread_of` makes a spread of, as `RangeCalibration` has it."""

    patches: float
    shared: float
    floor: float


def fit_spread(pictures: Sequence[Sequence[Parts]]) -> Spread:
    """The spread that makes the errors likeliest if they have a Laplace distribution with it as their mean size.

    Each item holds the grids of one picture. Every picture weighs the same, in it every grid, and in that every part.
    """
    from scipy.optimize import minimize

    if not pictures:
        raise ValueError("a spread is fitted to the errors on pictures, but there are none")
    parts = [part for grids in pictures for part in grids]
    count, variance = (np.concatenate([getattr(part, name) for part in parts]) for name in ("count", "variance"))
    off = np.abs(np.concatenate([part.truth for part in parts]) - count)
    weight = np.concatenate([np.full(len(part.count), 1.0 / len(part.count)) for part in parts])
    weight = weight / weight.sum()

    def loss(logarithms: Float[np.ndarray, " 3"]) -> float:
        spread = spread_of(count, variance, Spread(*np.exp(logarithms)))
        return float((weight * (np.log(spread) + off / spread)).sum())

    bounds = [(float(np.log(least)), float(np.log(most))) for least, most in BOUNDS]
    found = minimize(loss, np.log(START), method="L-BFGS-B", bounds=bounds)
    patches, shared, floor = np.exp(found.x).tolist()
    return Spread(patches=patches, shared=shared, floor=floor)
