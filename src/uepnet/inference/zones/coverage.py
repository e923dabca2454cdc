"""Which share of every patch lies in a region: exact, without ever drawing the region pixel by pixel.

A trapezoid is what lies right of its left side without what lies right of its right side. A side is cut where it leaves
one patch for the next; each piece covers a part of its own patch and, over its height, all patches to the right, which
one running sum along the rows adds up.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from uepnet.inference.zones.region import Region

ROUNDING = 1e-9
"""Shares so close to 0 or 1 are 0 or 1: what is left of a sum is no part of a zone."""

Sides = Float[np.ndarray, "_ 4"]
"""Sides, or pieces of them: x and y of the upper end, x and y of the lower end."""


@dataclass(frozen=True)
class PatchShares:
    """The shares in [0, 1] of the patches in a window of the patch map; outside the window they are 0."""

    row: int
    column: int
    shares: Float[np.ndarray, "rows columns"]

    @property
    def window(self) -> tuple[slice, slice]:
        """The rows and columns of the patch map that the window covers."""
        rows, columns = self.shares.shape
        return slice(self.row, self.row + rows), slice(self.column, self.column + columns)


def patch_shares(region: Region, *, width: int, height: int, patch: int) -> PatchShares:
    """The share of every patch of a picture that lies in a region of that picture.

    Of a patch that hangs over the picture's edge, the share of its part within the picture: all its people are there.
    """
    if len(region) == 0:
        return PatchShares(0, 0, np.zeros((0, 0)))
    top, left = (int(region[:, :, place].min() // patch) for place in (0, 1))
    rows, columns = (int(-(-region[:, :, place].max() // patch)) - first for place, first in ((0, top), (2, left)))
    covered = np.zeros((rows, columns + 1))
    beside = np.zeros((rows, columns + 2))
    for place, sign in ((1, 1.0), (2, -1.0)):
        sides = np.hstack((region[:, 0, [place, 0]], region[:, 1, [place, 0]]))
        row, column, rise, middle = _in_patches(sides, patch=patch)
        row, column, rise = row - top, column - left, sign * rise
        np.add.at(covered, (row, column), rise * ((column + left + 1) * patch - middle))
        np.add.at(beside, (row, column + 1), rise * patch)
    covered += np.cumsum(beside, axis=1, out=beside)[:, :-1]
    shares = covered[:, :-1]
    shares /= np.minimum(patch, height - patch * np.arange(top, top + rows))[:, None]
    shares /= np.minimum(patch, width - patch * np.arange(left, left + columns))
    shares[shares < ROUNDING] = 0.0
    shares[shares > 1.0 - ROUNDING] = 1.0
    return PatchShares(top, left, shares)


def _in_patches(
    sides: Sides, *, patch: int
) -> tuple[
    Int[np.ndarray, " pieces"], Int[np.ndarray, " pieces"], Float[np.ndarray, " pieces"], Float[np.ndarray, " pieces"]
]:
    """The sides cut into pieces that lie in one patch each: its row and column, the piece's height and its middle x."""
    x, y, to_x, to_y = sides.T
    side, row = _runs(np.floor(y / patch), np.ceil(to_y / patch))
    slope = (to_x - x)[side] / (to_y - y)[side]
    begin, end = np.maximum(y[side], row * patch), np.minimum(to_y[side], (row + 1) * patch)
    rise = end - begin
    x, to_x = (x[side] + (stop - y[side]) * slope for stop in (begin, end))

    lowest, highest = np.minimum(x, to_x), np.maximum(x, to_x)
    piece, column = _runs(np.floor(lowest / patch), np.ceil(highest / patch))
    lowest, across = lowest[piece], (highest - lowest)[piece]
    begin, end = (np.clip((column + step) * patch, lowest, highest[piece]) for step in (0, 1))
    upright = across == 0
    share = np.where(upright, 1.0, (end - begin) / np.where(upright, 1.0, across))
    return row[piece].astype(np.int64), column.astype(np.int64), rise[piece] * share, (begin + end) / 2


def _runs(
    first: Float[np.ndarray, " sides"], beyond: Float[np.ndarray, " sides"]
) -> tuple[Int[np.ndarray, " pieces"], Float[np.ndarray, " pieces"]]:
    """For each whole number from `first` up to `beyond`, at least one: the index of its side, and the number."""
    times = np.maximum(1, beyond - first).astype(np.int64)
    index = np.repeat(np.arange(len(first)), times)
    place = np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    return index, first[index] + place
