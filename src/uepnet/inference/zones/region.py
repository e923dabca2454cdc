"""The exact shape of a zone: its polygons joined and taken away, cut into trapezoids.

All sides of all polygons and of the picture are cut at the heights of every corner and every crossing. Between two such
heights no sides cross, so from left to right they bound trapezoids, each either wholly in the zone or wholly outside
(Bentley and Ottmann 1979 sweep such levels one after the other; here all are done at once).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from uepnet.inference.zones.polygon import Edges, Polygon, edges_of

Region = Float[np.ndarray, "trapezoids 2 3"]
"""Trapezoids that do not overlap: for the upper and the lower end of each, y and the x of the left and the right side."""

AT_ONCE = 2_000_000
"""Crossings of sides with levels looked at together; bounds the memory."""

MOST_PIECES = 2_000_000
"""Sides times levels, at most: outlines of a thousand corners are far below it, unless they cross each other everywhere."""

MOST_STEPS = 200_000_000
"""Sides times levels times polygons, at most: about a second."""


def region_of(include: Sequence[Polygon], exclude: Sequence[Polygon], *, width: int, height: int) -> Region:
    """What lies in the picture, in any polygon of `include` (without any: everywhere) and in none of `exclude`.

    Positions are in pixels. A polygon's inside is where an odd number of its sides is to the left. `ValueError` for
    polygons that cross each other so often that the trapezoids would fill the memory.
    """
    picture: Polygon = ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
    polygons = [picture, *include, *exclude]
    edges = np.concatenate([edges_of(polygon) for polygon in polygons])
    part = np.repeat(np.arange(len(polygons)), [len(polygon) for polygon in polygons])
    levels = _levels(edges, height=height)
    pieces_of_sides = len(levels) * len(edges)
    if pieces_of_sides > MOST_PIECES or pieces_of_sides * len(polygons) > MOST_STEPS:
        raise ValueError(
            f"its {len(edges) - 4} sides in {len(polygons) - 1} polygons begin, end and cross at so many heights "
            f"({len(levels):,}) that counting in it would take minutes; draw it more simply"
        )
    sloping = edges[:, 1] != edges[:, 3]
    edges, part = edges[sloping], part[sloping]
    edges = np.where((edges[:, 1] < edges[:, 3])[:, None], edges, edges[:, [2, 3, 0, 1]])
    pieces = [np.zeros((0, 2, 3))]
    for tops, bottoms in _slabs(levels, at_once=max(1, AT_ONCE // len(edges))):
        order, at_top, at_bottom, active = _from_left(edges, tops, bottoms)
        inside = _inside(part[order], active, included=len(include), polygons=len(polygons))
        slab, place = np.nonzero(inside[:, :-1])
        upper = np.column_stack((tops[slab], at_top[slab, place], at_top[slab, place + 1]))
        lower = np.column_stack((bottoms[slab], at_bottom[slab, place], at_bottom[slab, place + 1]))
        pieces.append(np.stack((upper, lower), axis=1))
    region = np.concatenate(pieces)
    np.clip(region[:, :, 1:], 0.0, float(width), out=region[:, :, 1:])  # crossings with its edge are rounded
    return region


def area_in_pixels(region: Region) -> float:
    """The area of a region in square pixels.

    >>> area_in_pixels(region_of([((1, 1), (5, 1), (3, 3))], [], width=10, height=10))
    4.0
    """
    widths = region[:, :, 2] - region[:, :, 1]
    return float(((region[:, 1, 0] - region[:, 0, 0]) * widths.mean(axis=1)).sum())


def _levels(edges: Edges, *, height: int) -> Float[np.ndarray, " levels"]:
    """The heights within the picture at which sides begin, end or cross, from top to bottom."""
    begin, along = edges[:, :2], edges[:, 2:] - edges[:, :2]
    apart = begin[None] - begin[:, None]
    turn = along[:, None, 0] * along[None, :, 1] - along[:, None, 1] * along[None, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):  # parallel sides have no crossing
        where = (apart[:, :, 0] * along[None, :, 1] - apart[:, :, 1] * along[None, :, 0]) / turn
    on_side = (where > 0) & (where < 1)
    first, second = np.nonzero(np.triu(on_side & on_side.T))
    crossings = begin[first, 1] + where[first, second] * along[first, 1]
    levels = np.unique(np.concatenate((edges[:, 1], edges[:, 3], crossings)))
    within: Float[np.ndarray, " levels"] = levels[(levels >= 0) & (levels <= height)]
    return within


def _slabs(
    levels: Float[np.ndarray, " levels"], *, at_once: int
) -> Iterator[tuple[Float[np.ndarray, " slabs"], Float[np.ndarray, " slabs"]]]:
    """The upper and the lower ends of the slabs between the levels, so many together."""
    for first in range(0, len(levels) - 1, at_once):
        part = levels[first : first + at_once + 1]
        yield part[:-1], part[1:]


def _from_left(
    edges: Edges, tops: Float[np.ndarray, " slabs"], bottoms: Float[np.ndarray, " slabs"]
) -> tuple[
    Int[np.ndarray, "slabs edges"],
    Float[np.ndarray, "slabs edges"],
    Float[np.ndarray, "slabs edges"],
    Bool[np.ndarray, "slabs edges"],
]:
    """For each slab the sides in order from the left, where they are at its top and bottom, and whether they run
    through it; those that do not stand last.
    """
    x, y, to_x, to_y = edges.T
    slope = (to_x - x) / (to_y - y)
    active = (y <= tops[:, None]) & (to_y >= bottoms[:, None])
    at_top, at_bottom = (x + (level[:, None] - y) * slope for level in (tops, bottoms))
    order = np.argsort(np.where(active, at_top + at_bottom, np.inf), axis=1, kind="stable")
    at_top, at_bottom, active = (np.take_along_axis(values, order, axis=1) for values in (at_top, at_bottom, active))
    return order, at_top, at_bottom, active


def _inside(
    part: Int[np.ndarray, "slabs edges"], active: Bool[np.ndarray, "slabs edges"], *, included: int, polygons: int
) -> Bool[np.ndarray, "slabs edges"]:
    """Whether what lies right of each side, up to the next one, belongs to the region.

    Polygon 0 is the picture, the next `included` are to be counted, the others not.
    """
    result = _within(0, part, active)
    if included:
        wanted = np.zeros_like(result)
        for polygon in range(1, included + 1):
            wanted |= _within(polygon, part, active)
        result &= wanted
    for polygon in range(included + 1, polygons):
        result &= ~_within(polygon, part, active)
    return result


def _within(
    polygon: int, part: Int[np.ndarray, "slabs edges"], active: Bool[np.ndarray, "slabs edges"]
) -> Bool[np.ndarray, "slabs edges"]:
    """Whether what lies right of each side lies in one polygon."""
    within: Bool[np.ndarray, "slabs edges"] = np.logical_xor.accumulate((part == polygon) & active, axis=1)
    return within
