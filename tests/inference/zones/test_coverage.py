"""Shares of patches are exact: against a fine raster, and in the rules that sums of zones must keep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.inference.zones.coverage import PatchShares, patch_shares
from uepnet.inference.zones.polygon import Polygon
from uepnet.inference.zones.region import area_in_pixels, region_of

sizes = st.tuples(st.integers(1, 70), st.integers(1, 70))
patches = st.sampled_from([1, 8, 16, 32])
corner = st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32))
outlines = st.lists(corner, min_size=3, max_size=7)


def shares_of(include: list[Polygon], exclude: list[Polygon], *, size: tuple[int, int], patch: int = 8) -> np.ndarray:
    """The shares on the whole patch map."""
    width, height = size
    found = patch_shares(
        region_of(include, exclude, width=width, height=height), width=width, height=height, patch=patch
    )
    whole = np.zeros((-(-height // patch), -(-width // patch)))
    whole[found.window] = found.shares
    return whole


def inside_areas(size: tuple[int, int], patch: int) -> np.ndarray:
    """Square pixels of each patch that are in the picture."""
    width, height = size
    across, down = (np.minimum(patch, side - np.arange(0, side, patch)) for side in (width, height))
    return np.outer(down, across)


def placed(outline: list[tuple[float, float]], size: tuple[int, int]) -> Polygon:
    return tuple((x * size[0], y * size[1]) for x, y in outline)


@given(sizes, patches)
def test_the_whole_picture_has_the_whole_of_every_patch(size: tuple[int, int], patch: int) -> None:
    corners = placed([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], size)
    assert (shares_of([corners], [], size=size, patch=patch) == 1.0).all()
    assert (shares_of([], [], size=size, patch=patch) == 1.0).all()


@given(outlines, sizes, patches)
def test_a_zone_and_the_rest_of_the_picture_add_up_in_every_patch(
    outline: list[tuple[float, float]], size: tuple[int, int], patch: int
) -> None:
    polygon = placed(outline, size)
    within = shares_of([polygon], [], size=size, patch=patch)
    without = shares_of([], [polygon], size=size, patch=patch)
    assert np.allclose(within + without, 1.0, atol=1e-8)
    assert within.min() >= 0.0
    assert within.max() <= 1.0


@given(st.lists(corner, min_size=2, max_size=5), sizes)
def test_triangles_around_a_point_tile_the_picture(points: list[tuple[float, float]], size: tuple[int, int]) -> None:
    """The picture's border, with further corners on it, cut into triangles from one point."""
    middle, *others = points
    border = [0.0, 1.0, 2.0, 3.0, *(4 * x for x, _ in others)]
    border = sorted({place % 4 for place in border})
    corners = [_on_border(place) for place in border]
    total = sum(
        shares_of([placed([middle, first, second], size)], [], size=size)
        for first, second in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    assert np.allclose(total, 1.0, atol=1e-7)


def _on_border(place: float) -> tuple[float, float]:
    along = place % 1
    return [(along, 0.0), (1.0, along), (1.0 - along, 1.0), (0.0, 1.0 - along)][int(place)]


@given(outlines, sizes, patches)
def test_the_shares_have_the_area_of_the_zone(
    outline: list[tuple[float, float]], size: tuple[int, int], patch: int
) -> None:
    region = region_of([placed(outline, size)], [], width=size[0], height=size[1])
    shares = shares_of([placed(outline, size)], [], size=size, patch=patch)
    assert (shares * inside_areas(size, patch)).sum() == pytest.approx(area_in_pixels(region), abs=1e-5)


@given(outlines, outlines)
def test_shares_are_those_of_a_fine_raster(outline: list[tuple[float, float]], hole: list[tuple[float, float]]) -> None:
    """16 x 16 points a pixel and the even-odd rule, in a picture whose last patches hang over its edges."""
    size, fine = (21, 19), 16
    include, exclude = placed(outline, size), placed(hole, size)
    x, y = np.meshgrid((np.arange(size[0] * fine) + 0.5) / fine, (np.arange(size[1] * fine) + 0.5) / fine)
    inside = (_in_polygon(include, x, y) & ~_in_polygon(exclude, x, y)).astype(float)
    starts = [np.arange(0, side * fine, 8 * fine) for side in size]
    raster = np.add.reduceat(np.add.reduceat(inside, starts[1], axis=0), starts[0], axis=1) / fine**2
    exact = shares_of([include], [exclude], size=size) * inside_areas(size, 8)
    around = sum(math.dist(a, b) for line in (include, exclude) for a, b in zip(line, line[1:] + line[:1], strict=True))
    assert np.abs(exact - raster).max() <= 0.1 + 0.02 * min(around, 8 * 28)


def _in_polygon(polygon: Polygon, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    inside = np.zeros(x.shape, dtype=bool)
    for (from_x, from_y), (to_x, to_y) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if from_y != to_y:
            at = from_x + (y - from_y) * (to_x - from_x) / (to_y - from_y)
            inside ^= ((from_y > y) != (to_y > y)) & (x < at)
    return inside


@given(outlines, st.integers(0, 3), st.integers(0, 3))
def test_moved_by_whole_patches_the_shares_move_with_it(
    outline: list[tuple[float, float]], right: int, down: int
) -> None:
    size = (80, 72)
    here: Polygon = tuple((40 * x, 40 * y) for x, y in outline)
    there: Polygon = tuple((x + 8 * right, y + 8 * down) for x, y in here)
    moved = np.roll(shares_of([here], [], size=size), (down, right), axis=(0, 1))
    assert np.allclose(shares_of([there], [], size=size), moved, atol=1e-7)


@given(outlines)
def test_turned_and_mirrored_with_the_picture_the_shares_turn_with_it(outline: list[tuple[float, float]]) -> None:
    size = (48, 48)
    here = placed(outline, size)
    turned: Polygon = tuple((48 - y, x) for x, y in here)
    assert np.allclose(shares_of([turned], [], size=size), np.rot90(shares_of([here], [], size=size), -1), atol=1e-7)
    mirrored: Polygon = tuple((48 - x, y) for x, y in here)
    assert np.allclose(shares_of([mirrored], [], size=size), shares_of([here], [], size=size)[:, ::-1], atol=1e-7)


def test_a_triangle_by_hand() -> None:
    """Half of a patch, an eighth of each neighbour; in the last column only 4 of 8 pixels are in the picture."""
    shares = shares_of([((8.0, 0.0), (16.0, 0.0), (8.0, 8.0))], [], size=(20, 8))
    assert shares.tolist() == [[0.0, 0.5, 0.0]]
    shares = shares_of([((12.0, 0.0), (20.0, 0.0), (20.0, 8.0), (12.0, 8.0))], [], size=(20, 8))
    assert shares.tolist() == [[0.0, 0.5, 1.0]]


def test_nothing_has_an_empty_window() -> None:
    nothing = patch_shares(np.zeros((0, 2, 3)), width=20, height=8, patch=8)
    assert isinstance(nothing, PatchShares)
    assert np.ones((1, 3))[nothing.window].size == 0


def test_twenty_zones_of_a_large_picture_do_not_take_long() -> None:
    """On 20,000 x 20,000 pixels: the pieces are as many as the patches that the outlines cross, not the pixels."""
    import time

    rng = np.random.default_rng(1)
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    begin = time.perf_counter()
    total = 0.0
    for left, top in rng.uniform(0, 15000, (20, 2)):
        radius = 2500 * rng.uniform(0.5, 1.0, 60)
        star: Polygon = tuple(zip(left + 2500 + radius * np.cos(turn), top + 2500 + radius * np.sin(turn), strict=True))
        total += patch_shares(
            region_of([star], [], width=20000, height=20000), width=20000, height=20000, patch=8
        ).shares.sum()
    assert total > 0
    assert time.perf_counter() - begin < 10  # it takes half a second; ten where the machine is busy
