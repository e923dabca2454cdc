"""A region covers what lies in its polygons, and its trapezoids do not overlap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.inference.zones import region as region_module
from uepnet.inference.zones.polygon import Polygon
from uepnet.inference.zones.region import Region, area_in_pixels, region_of

WIDTH, HEIGHT = 40, 30
SQUARE: Polygon = ((5.0, 5.0), (15.0, 5.0), (15.0, 15.0), (5.0, 15.0))

corner = st.tuples(st.floats(-10, 50, width=16), st.floats(-10, 40, width=16))
polygons = st.lists(st.lists(corner, min_size=3, max_size=6).map(tuple), max_size=3)


def trapezoids_at(region: Region, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How many trapezoids hold each point, by a plain loop."""
    times = np.zeros(x.shape, dtype=int)
    for (top, left, right), (bottom, left_below, right_below) in region:
        share = (y - top) / (bottom - top)
        times += (
            (y > top)
            & (y < bottom)
            & (x > left + share * (left_below - left))
            & (x < right + share * (right_below - right))
        )
    return times


def in_polygon(polygon: Polygon, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The even-odd rule, by a plain loop over the sides."""
    inside = np.zeros(x.shape, dtype=bool)
    for (from_x, from_y), (to_x, to_y) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if from_y != to_y:
            at = from_x + (y - from_y) * (to_x - from_x) / (to_y - from_y)
            inside ^= ((from_y > y) != (to_y > y)) & (x < at)
    return inside


@given(polygons, polygons)
def test_every_point_is_in_one_trapezoid_where_the_polygons_say_so(
    include: list[Polygon], exclude: list[Polygon]
) -> None:
    """Points at odd places, so that none is on a side, in polygons that may overlap and leave the picture."""
    x, y = np.meshgrid(np.arange(-3, 44) + 0.5312173, np.arange(-3, 34) + 0.4712391)
    expected = (x > 0) & (x < WIDTH) & (y > 0) & (y < HEIGHT)
    if include:
        expected &= np.logical_or.reduce([in_polygon(polygon, x, y) for polygon in include])
    for polygon in exclude:
        expected &= ~in_polygon(polygon, x, y)
    times = trapezoids_at(region_of(include, exclude, width=WIDTH, height=HEIGHT), x, y)
    assert np.array_equal(times, expected.astype(int))


def test_without_polygons_it_is_the_picture() -> None:
    assert area_in_pixels(region_of([], [], width=WIDTH, height=HEIGHT)) == WIDTH * HEIGHT


def test_overlapping_polygons_are_counted_once_and_what_is_excluded_not_at_all() -> None:
    shifted: Polygon = tuple((x + 5, y + 5) for x, y in SQUARE)
    assert area_in_pixels(region_of([SQUARE, shifted], [], width=WIDTH, height=HEIGHT)) == 100 + 100 - 25
    assert area_in_pixels(region_of([SQUARE], [shifted], width=WIDTH, height=HEIGHT)) == 75
    assert area_in_pixels(region_of([SQUARE], [shifted, shifted], width=WIDTH, height=HEIGHT)) == 75
    assert area_in_pixels(region_of([SQUARE], [SQUARE], width=WIDTH, height=HEIGHT)) == 0
    assert area_in_pixels(region_of([], [SQUARE], width=WIDTH, height=HEIGHT)) == WIDTH * HEIGHT - 100


def test_a_polygon_outside_the_picture_leaves_nothing() -> None:
    assert len(region_of([((50.0, 5.0), (60.0, 5.0), (60.0, 9.0))], [], width=WIDTH, height=HEIGHT)) == 0
    assert len(region_of([((5.0, 50.0), (9.0, 50.0), (9.0, 60.0))], [], width=WIDTH, height=HEIGHT)) == 0


def test_looking_at_a_few_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    include: list[Polygon] = [tuple(map(tuple, rng.uniform(0, 30, (9, 2)))) for _ in range(2)]
    whole = region_of(include, [], width=WIDTH, height=HEIGHT)
    monkeypatch.setattr(region_module, "AT_ONCE", 60)
    assert np.array_equal(region_of(include, [], width=WIDTH, height=HEIGHT), whole)


def test_many_polygons_in_each_other_are_refused() -> None:
    """Few levels and few sides, but each level is looked at for each polygon."""
    nested = [((50.0, 50.0 - r), (50.0 + r, 50.0), (50.0, 50.0 + r), (50.0 - r, 50.0)) for r in np.linspace(1, 45, 330)]
    with pytest.raises(ValueError, match=r"its 1320 sides in 330 polygons .* draw it more simply"):
        region_of(nested, [], width=100, height=100)
