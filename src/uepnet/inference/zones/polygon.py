"""One outline of a zone: what it must be to have an inside."""

import numpy as np
from jaxtyping import Float

Polygon = tuple[tuple[float, float], ...]
"""Corners (x, y); the last is joined to the first."""

Edges = Float[np.ndarray, "edges 4"]
"""A side a row: x and y of its beginning, x and y of its end."""

THINNEST = 1e-9
"""Share of its bounding square that a polygon must at least cover to count as an area and not as a line."""


def edges_of(polygon: Polygon) -> Edges:
    """The sides of a polygon."""
    corners = np.array(polygon, dtype=np.float64)
    return np.column_stack((corners, np.roll(corners, -1, axis=0)))


def checked(polygon: Polygon) -> Polygon:
    """The polygon without a last corner that repeats the first; `ValueError` where it has no clear inside.

    >>> checked(((0, 0), (4, 0), (4, 4), (0, 0)))
    ((0, 0), (4, 0), (4, 4))
    """
    if len(polygon) > 1 and polygon[0] == polygon[-1]:
        polygon = polygon[:-1]
    if len(set(polygon)) < 3:
        raise ValueError(f"a polygon has at least 3 different corners, this one has {len(set(polygon))}")
    corners = np.array(polygon, dtype=np.float64)
    edges = edges_of(polygon)
    crossing = first_crossing(edges)
    if crossing is not None:
        first, second = (f"{_told(edges[side, :2])} to {_told(edges[side, 2:])}" for side in crossing)
        raise ValueError(f"its side from {first} crosses its side from {second}; give the corners in order around it")
    from_corner = corners - corners[0]
    area = abs(float(_cross(from_corner, np.roll(from_corner, -1, axis=0)).sum())) / 2
    if area <= THINNEST * float(np.ptp(corners, axis=0).max()) ** 2:
        raise ValueError("all its corners lie on one line, so it has no area")
    if _runs_round_twice(edges):
        raise ValueError(
            "its sides go more than once around the same ground, so what is in it is unclear; give each corner once"
        )
    return polygon


def first_crossing(edges: Edges) -> tuple[int, int] | None:
    """The first two sides that cross each other; sides that only touch do not."""
    begin, along = edges[:, :2], edges[:, 2:] - edges[:, :2]
    side_of_begin = _cross(along[:, None], begin[None] - begin[:, None])
    side_of_end = _cross(along[:, None], (begin + along)[None] - begin[:, None])
    parted = side_of_begin * side_of_end < 0
    crossing = np.argwhere(np.triu(parted & parted.T))
    return None if len(crossing) == 0 else (int(crossing[0, 0]), int(crossing[0, 1]))


def _runs_round_twice(edges: Edges) -> bool:
    """Whether sides that do not cross go around a part of the plane more than once, which a zone would leave out.

    Between the heights of two corners, a side that goes down adds one turn to all that is right of it, and one that goes
    up takes one away. What is as thin as `THINNEST` of the polygon, as where a ring is cut open, is no part of it.
    """
    x, y, to_x, to_y = edges[edges[:, 1] != edges[:, 3]].T
    levels = np.unique(y)
    middle = (levels[1:] + levels[:-1])[:, None] / 2
    active = (np.minimum(y, to_y) <= middle) & (np.maximum(y, to_y) >= middle)
    at = np.where(active, x + (middle - y) * ((to_x - x) / (to_y - y)), np.inf)
    order = np.argsort(at, axis=1)
    at = np.take_along_axis(at, order, axis=1)[:, : int(active.sum(axis=1).max())]
    turns = np.take_along_axis(active * np.sign(to_y - y), order, axis=1).cumsum(axis=1)[:, : at.shape[1]]
    with np.errstate(invalid="ignore"):  # sides that do not run here stand at infinity
        wide = np.diff(at, axis=1) > THINNEST * float(np.ptp(edges[:, :2], axis=0).max())
    return bool((wide & (np.abs(turns[:, :-1]) > 1)).any())


def _cross(a: Float[np.ndarray, "*#shape 2"], b: Float[np.ndarray, "*#shape 2"]) -> Float[np.ndarray, "*out"]:
    product: Float[np.ndarray, "*out"] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def _told(corner: Float[np.ndarray, "2"]) -> str:
    return f"({corner[0]:g}, {corner[1]:g})"
