"""What can be seen from the points of one picture alone."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.subject import Reading
from uepnet.points import HeadPoints

CLOSEST = 1.0
"""Pixels: two heads are never closer."""
CLOSE, CLOSE_SHARE = 3.0, 0.15
"""Points closer than so many pixels and so much of the local spacing are suspected of marking one head twice."""
NEIGHBOURS = 5
"""The local spacing is the median distance to the second to fifth nearest points."""
MOST_PER_MEGAPIXEL = 1e6 / 3**2
"""A head that a person can see covers at least 3 x 3 pixels."""
FEWEST_HEADS = 10
"""Among fewer, a head or two marked twice do not condemn the rest."""


def check_points(reading: Reading) -> Iterator[Finding]:
    """The findings about the points of one picture."""
    heads = reading.heads
    if heads is None or not len(heads):
        return
    label = reading.subject.label
    outside = heads.xy[~heads.inside()]
    if len(outside):
        message = (
            f"{label}: {len(outside)} of {len(heads):,} points outside {heads.width} x {heads.height} pixels, "
            f"the farthest by {distance_outside(heads).max():.1f}"
        )
        yield Finding("points-outside", message, (reading,), outside)
    spots, counts = np.unique(heads.xy, axis=0, return_counts=True)
    if len(spots) < len(heads):
        message = f"{label}: {len(heads) - len(spots)} of {len(heads):,} points on the same place as another"
        yield Finding("duplicate-points", message, (reading,), spots[counts > 1])
    close = close_pairs(spots)
    if len(close):
        closest = float(np.linalg.norm(spots[close[:, 0]] - spots[close[:, 1]], axis=1).min())
        pairs = "1 pair" if len(close) == 1 else f"{len(close)} pairs"
        message = (
            f"{label}: {pairs} among {len(heads):,} points too close for two heads, "
            f"the closest {closest:.2f} pixels apart"
        )
        yield Finding("near-duplicate-points", message, (reading,), spots[np.unique(close)])
    reason = implausible(heads)
    if reason is not None:
        yield Finding(
            "implausible-density", f"{label}: {reason}; are these its pixels, each head marked once?", (reading,)
        )


def distance_outside(heads: HeadPoints) -> Float[np.ndarray, " heads"]:
    """Pixels from each point to the picture, along the axis on which it is farther away; 0 for those inside."""
    beyond = np.maximum(-heads.xy, heads.xy - (float(heads.width), float(heads.height)))
    distance: Float[np.ndarray, " heads"] = np.clip(beyond, 0, None).max(axis=1)
    return distance


def close_pairs(spots: Float[np.ndarray, "spots 2"]) -> Int[np.ndarray, "pairs 2"]:
    """Pairs of different points that are closer than CLOSEST, or closer than CLOSE and CLOSE_SHARE of the spacing."""
    from scipy.spatial import cKDTree

    if len(spots) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    tree = cKDTree(spots)
    pairs = tree.query_pairs(CLOSE, output_type="ndarray").astype(np.int64)
    distance = np.linalg.norm(spots[pairs[:, 0]] - spots[pairs[:, 1]], axis=1)
    spacing = np.zeros(len(spots))
    if len(spots) > 2:
        nearest = np.asarray(tree.query(spots, k=min(NEIGHBOURS + 1, len(spots)))[0])
        spacing = np.median(nearest[:, 2:], axis=1)
    local = spacing[pairs].min(axis=1)
    close: Int[np.ndarray, "pairs 2"] = pairs[(distance < CLOSEST) | (distance < CLOSE_SHARE * local)]
    return close


def implausible(heads: HeadPoints) -> str | None:
    """Why no crowd can look like these points, or None."""
    from scipy.spatial import cKDTree

    per_megapixel = len(heads) / (heads.width * heads.height / 1e6)
    if per_megapixel > MOST_PER_MEGAPIXEL:
        return f"{per_megapixel:,.0f} heads per megapixel, where {MOST_PER_MEGAPIXEL:,.0f} have 3 x 3 pixels each"
    if len(heads) >= FEWEST_HEADS:
        spacing = float(np.median(np.asarray(cKDTree(heads.xy).query(heads.xy, k=2)[0])[:, 1]))
        if spacing < CLOSEST:
            return f"half of the {len(heads):,} heads are within {spacing:.2f} pixels of another"
    return None
