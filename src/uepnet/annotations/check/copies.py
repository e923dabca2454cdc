"""Finding pictures that are copies of each other among many: stored anew, smaller, in grey, trimmed or mirrored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.annotations.check.alignment import align, place, shrink
from uepnet.annotations.check.fingerprint import Fingerprint
from uepnet.annotations.check.likeness import BLOCKS, block_correlations, least_likeness

COARSE, FINE = 16, 64
"""Cells along a side by which candidates are found, and by which they are judged."""
CANDIDATE = 0.9
"""Pictures whose coarse luminance correlates by less are no candidates."""
COPY = 0.9
"""In a copy the block that fits worst still correlates by so much (on real data see docs/data.md)."""
SAME_PLACE, OTHER_CONTENT = 0.98, 0.6
"""Half of the blocks fit by SAME_PLACE as they lie and one by less than OTHER_CONTENT: one camera, other people."""
LEAST_COVERED = 0.75
"""The part of the picture that the other must show after it was laid over it."""
BATCH = 256
"""Pairs judged in one go; 4 MB of luminance."""


@dataclass(frozen=True, order=True)
class Copy:
    """Two pictures by their places in a list, the first before the second."""

    first: int
    second: int
    mirrored: bool


def find_copies(fingerprints: Sequence[Fingerprint]) -> Iterator[Copy]:
    """All pairs of pictures that show the same photograph, as they are and with the second one mirrored.

    Pictures too plain to compare (fog, a blank page) are found only where their pixels are the same.
    """
    if not fingerprints:
        return
    for mirrored in (False, True):
        luminance = np.stack([picture.luminance for picture in fingerprints])
        other = luminance[:, :, ::-1] if mirrored else luminance
        equal = [picture.digest for picture in fingerprints]
        for pairs in _candidates(luminance, other):
            for first, second in pairs[_judge(luminance[pairs[:, 0]], other[pairs[:, 1]])].tolist():
                yield Copy(first, second, mirrored)
        del equal


def _candidates(luminance: np.ndarray, other: np.ndarray) -> Iterator[np.ndarray]:
    """Pairs [pairs, 2] of pictures alike at a glance, the first before the second, in batches."""
