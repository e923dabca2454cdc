"""Finding pictures that are copies of each other among many: stored anew, smaller, in grey, trimmed or mirrored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from uepnet.annotations.check.alignment import align, place, shrink
from uepnet.annotations.check.fingerprint import Fingerprint
from uepnet.annotations.check.likeness import block_correlations, least_likeness

COARSE, FINE = 16, 64
"""Cells along a side by which candidates are found, and by which they are judged."""
CANDIDATE = 0.9
"""Pictures whose coarse luminance correlates by less are no candidates."""
COPY = 0.9
"""In a copy, the block that fits worst still correlates by so much."""
SAME_PLACE, OTHER_CONTENT = 0.98, 0.6
"""Half of the blocks fit by SAME_PLACE as they lie, and one by less than OTHER_CONTENT: one camera, other people."""
LEAST_COVERED = 0.75
"""The part of the picture that the other must show after it was laid over it."""
ROWS, BATCH = 512, 64
"""Pictures looked at, and pairs judged, in one go: some megabytes of luminance."""


@dataclass(frozen=True, order=True)
class Copy:
    """Two pictures by their places in a list, the first before the second."""

    first: int
    second: int
    mirrored: bool


def find_copies(fingerprints: Sequence[Fingerprint]) -> Iterator[Copy]:
    """All pairs of pictures that show the same photograph, as they are and with the second one mirrored.

    Pictures too plain to compare (a blank page, thick fog) are left out: only their pixels could tell.
    """
    if not fingerprints:
        return
    luminance = np.stack([picture.luminance for picture in fingerprints])
    for mirrored in (False, True):
        other = luminance[:, :, ::-1] if mirrored else luminance
        for pairs in _candidates(luminance, other):
            alike = _show_the_same(luminance[pairs[:, 0]], other[pairs[:, 1]])
            for first, second in pairs[alike].tolist():
                yield Copy(first, second, mirrored)


def _candidates(
    luminance: UInt8[np.ndarray, "pictures grid grid"], other: UInt8[np.ndarray, "pictures grid grid"]
) -> Iterator[Int[np.ndarray, "pairs 2"]]:
    """Pairs of pictures alike at a glance, the first before the second, in batches."""
    ours, theirs = _directions(luminance), _directions(other)
    for start in range(0, len(ours), ROWS):
        likeness = ours[start : start + ROWS] @ theirs.T
        firsts, seconds = np.nonzero(likeness >= CANDIDATE)
        pairs = np.stack([firsts + start, seconds], axis=1)
        pairs = pairs[pairs[:, 0] < pairs[:, 1]]
        yield from (pairs[at : at + BATCH] for at in range(0, len(pairs), BATCH))


def _directions(luminance: UInt8[np.ndarray, "pictures grid grid"]) -> Float[np.ndarray, "pictures cells"]:
    """Coarse pictures as vectors whose products are Pearson's correlations."""
    coarse = shrink(luminance.astype(np.float32), size=COARSE).reshape(len(luminance), -1)
    coarse = coarse - coarse.mean(axis=1, keepdims=True)
    directions: Float[np.ndarray, "pictures cells"] = coarse / np.maximum(
        np.linalg.norm(coarse, axis=1, keepdims=True), 1e-6
    )
    return directions


def _show_the_same(
    first: UInt8[np.ndarray, "pairs grid grid"], second: UInt8[np.ndarray, "pairs grid grid"]
) -> Bool[np.ndarray, " pairs"]:
    """Which pairs are copies: as they lie, or once the second is laid over the first."""
    fixed, moving = first.astype(np.float64), second.astype(np.float64)
    small = shrink(fixed, size=FINE)
    correlations = block_correlations(small, shrink(moving, size=FINE))
    least = least_likeness(correlations)
    fitting = np.where(np.isnan(correlations), -1.0, correlations) >= SAME_PLACE
    same_place = fitting.sum(axis=1) >= 0.5 * (~np.isnan(correlations)).sum(axis=1)
    alike = least >= COPY
    for pair in np.flatnonzero(~alike & ~(same_place & (least < OTHER_CONTENT))):
        placed, covered = place(moving[pair], align(small[pair], moving[pair]), size=FINE)
        if covered.mean() >= LEAST_COVERED:
            alike[pair] = least_likeness(block_correlations(small[pair], placed, covered=covered)) >= COPY
    return alike
