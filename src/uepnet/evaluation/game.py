"""Grid average mean error: whether the people are counted where they are (Guerrero-Gomez-Olmedo et al. 2015).

GAME(L) cuts a picture into a grid of 2^L x 2^L equal cells (4^L in all) and adds up their absolute errors:

    GAME(L) = mean over pictures of  sum over cells |predicted in the cell - true in the cell|

GAME(0) is the mean absolute error; too many here cannot make up for too few there once a cell parts them.
"""

import numpy as np
from jaxtyping import Float, Int

from uepnet.points import HeadPoints


def game_error(count_map: Float[np.ndarray, "rows columns"], points: HeadPoints, *, patch: int, level: int) -> float:
    """The sum over the 4^level cells of one picture, in people; GAME is its mean over pictures.

    `patch` is the side of the map's patches in the pixels of `points`. A patch that several cells share is divided
    among them by the area of it that lies in the picture; a point on or beyond the picture's edge belongs to the
    nearest cell. Raises `ValueError` for a map that is not the grid of patches of the picture.
    """
    if level < 0:
        raise ValueError(f"the grid's level is 0 or more, not {level}")
    grid = (-(-points.height // patch), -(-points.width // patch))
    if count_map.shape != grid:
        raise ValueError(
            f"a picture of {points.width} x {points.height} has {grid[0]} x {grid[1]} patches of {patch} pixels, but "
            f"the map has {count_map.shape[0]} x {count_map.shape[1]}"
        )
    cells = 2**level
    down = cell_shares(length=points.height, patch=patch, cells=cells)
    across = cell_shares(length=points.width, patch=patch, cells=cells)
    predicted = down @ count_map.astype(np.float64) @ across.T
    return float(np.abs(predicted - true_cells(points, cells=cells)).sum())


def cell_shares(*, length: int, patch: int, cells: int) -> Float[np.ndarray, "cells patches"]:
    """Along one axis of `length` pixels: the share of each patch that lies in each cell (a column adds up to 1).

    >>> cell_shares(length=20, patch=8, cells=2).tolist()
    [[1.0, 0.25, 0.0], [0.0, 0.75, 1.0]]
    """
    patch_edges = np.minimum(np.arange(-(-length // patch) + 1) * patch, length)
    cell_edges = np.arange(cells + 1) * (length / cells)
    starts = np.maximum(patch_edges[None, :-1], cell_edges[:-1, None])
    ends = np.minimum(patch_edges[None, 1:], cell_edges[1:, None])
    shares: Float[np.ndarray, "cells patches"] = np.maximum(ends - starts, 0.0) / np.diff(patch_edges)
    return shares


def true_cells(points: HeadPoints, *, cells: int) -> Int[np.ndarray, "cells cells"]:
    """The number of points in each cell, rows from the top."""
    place = np.floor(points.xy * (cells / points.width, cells / points.height))
    column, row = np.clip(place, 0, cells - 1).astype(np.int64).T
    return np.bincount(row * cells + column, minlength=cells * cells).reshape(cells, cells)
