"""Whole counts of points in each patch, without any Gaussian: what the integer partition (EBC) is of."""

import numpy as np
from jaxtyping import Float

from uepnet.counting.window import Window, patch_edges
from uepnet.points import HeadPoints


def point_counts(points: HeadPoints, *, patch: int, window: Window | None = None) -> Float[np.ndarray, "rows columns"]:
    """The number of points in each patch of the window (without one: of the whole picture).

    A patch holds its left and upper edge. A point outside the picture is first moved into the nearest patch at the
    border, so the counts of a whole picture sum to its number of annotated points.

    >>> point_counts(HeadPoints(np.array([[8.0, 4.0], [99.0, 4.0]]), width=16, height=8), patch=8).tolist()
    [[0.0, 2.0]]
    """
    view = window or Window(left=0.0, top=0.0, width=points.width, height=points.height)
    columns = patch_edges(view.left, length=view.width, patch=patch, inside=points.width)
    rows = patch_edges(view.top, length=view.height, patch=patch, inside=points.height)
    inside = np.nextafter([points.width, points.height], 0.0)
    x, y = np.clip(points.xy, 0.0, inside).T
    column = np.searchsorted(columns, x, side="right") - 1
    row = np.searchsorted(rows, y, side="right") - 1
    seen = (column >= 0) & (column < len(columns) - 1) & (row >= 0) & (row < len(rows) - 1)
    counts = np.zeros((len(rows) - 1, len(columns) - 1))
    np.add.at(counts, (row[seen], column[seen]), 1.0)
    return counts
