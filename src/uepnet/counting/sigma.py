"""How wide each head's Gaussian is, in pixels of the picture that the points are in."""

import numpy as np
from jaxtyping import Float

from uepnet.points import HeadPoints

LONE_HEAD = 0.1
"""Sigma of a head without any other to measure by, as a share of the picture's shorter side."""


def adaptive_sigma(
    points: HeadPoints, *, factor: float | int = 0.3, neighbours: int = 3
) -> Float[np.ndarray, " heads"]:
    """The geometry-adaptive sigma: `factor` times the mean distance to the nearest `neighbours` heads.

    Heads on the same spot are no neighbours of each other (their distance is 0), but each counts as a neighbour of the
    heads elsewhere. Where there are fewer neighbours than asked for, the mean is over those there are; a single head,
    and heads that all share one spot, have 0.1 of the picture's shorter side.

    Source: Zhang et al. 2016 (MCNN), section 2.2.

    >>> adaptive_sigma(HeadPoints(np.array([[10.0, 10.0], [20.0, 10.0]]), width=64, height=32)).tolist()
    [3.0, 3.0]
    """
    if not factor > 0 or neighbours < 1:
        raise ValueError(f"sigma needs a factor above 0 and at least 1 neighbour, not {factor} and {neighbours}")
    lone = LONE_HEAD * min(points.width, points.height)
    if len(points) < 2:
        return np.full(len(points), lone)
    from scipy.spatial import cKDTree

    # Equal points are gathered first: a spot with many heads would otherwise fill the whole list of nearest points.
    spots, spot_of_head, heads = np.unique(points.xy, axis=0, return_inverse=True, return_counts=True)
    if len(spots) < 2:
        return np.full(len(points), lone)
    distance, other = cKDTree(spots).query(spots, k=min(neighbours + 1, len(spots)))
    distance, available = np.asarray(distance)[:, 1:], heads[np.asarray(other)[:, 1:]]
    nearer = np.cumsum(available, axis=1) - available
    taken = np.clip(neighbours - nearer, 0, available)
    sigma = factor * (taken * distance).sum(axis=1) / taken.sum(axis=1)
    # Points closer than the square root of the smallest number have the distance 0: they share one spot too.
    result: Float[np.ndarray, " heads"] = np.where(sigma > 0, sigma, lone)[spot_of_head.ravel()]
    return result


def fixed_sigma(points: HeadPoints, *, pixels: float | int) -> Float[np.ndarray, " heads"]:
    """The same sigma for every head.

    >>> fixed_sigma(HeadPoints(np.zeros((2, 2)), width=64, height=32), pixels=15.0).tolist()
    [15.0, 15.0]
    """
    if not (pixels > 0 and np.isfinite(pixels)):
        raise ValueError(f"sigma is a number of pixels above 0, not {pixels}")
    return np.full(len(points), float(pixels))


def sigma_of(points: HeadPoints, *, fixed: float | int | None) -> Float[np.ndarray, " heads"]:
    """A data set's rule: its fixed sigma in pixels where it has one, otherwise the geometry-adaptive sigma."""
    return adaptive_sigma(points) if fixed is None else fixed_sigma(points, pixels=fixed)
