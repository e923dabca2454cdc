"""GAME against a count by pixels."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.evaluation.game import cell_shares, game_error
from uepnet.points import HeadPoints


def brute_force(count_map: np.ndarray, points: HeadPoints, *, patch: int, level: int) -> float:
    """GAME by pixels, drawn at a multiple of the grid's fineness so that no pixel lies in two cells."""
    cells, fine = 2**level, 2**level
    density = np.zeros((points.height * fine, points.width * fine))
    for row in range(count_map.shape[0]):
        for column in range(count_map.shape[1]):
            box = density[row * patch * fine :, column * patch * fine :][: patch * fine, : patch * fine]
            box += count_map[row, column] / box.size
    total = 0.0
    for row in range(cells):
        for column in range(cells):
            box = density[row * points.height :, column * points.width :][: points.height, : points.width]
            true = 0
            for x, y in points.xy:
                inside_x = min(max(x, 0.0), np.nextafter(points.width, 0))
                inside_y = min(max(y, 0.0), np.nextafter(points.height, 0))
                true += int(inside_y * cells / points.height) == row and int(inside_x * cells / points.width) == column
            total += abs(box.sum() - true)
    return total


@given(st.integers(0, 2**32 - 1), st.integers(0, 3), st.sampled_from([3, 4, 8]))
def test_equals_brute_force(seed: int, level: int, patch: int) -> None:
    generator = np.random.default_rng(seed)
    width, height = (int(side) for side in generator.integers(1, 40, size=2))
    count_map = generator.exponential(size=(-(-height // patch), -(-width // patch))).astype(np.float32)
    xy = generator.uniform(-5, 45, size=(int(generator.integers(0, 12)), 2))
    points = HeadPoints(xy, width=width, height=height)
    got = game_error(count_map, points, patch=patch, level=level)
    assert got == pytest.approx(brute_force(count_map, points, patch=patch, level=level), rel=1e-5, abs=1e-6)


def test_level_0_is_the_absolute_error() -> None:
    points = HeadPoints(np.full((7, 2), 3.0), width=16, height=8)
    assert game_error(np.array([[1.0, 2.5]]), points, patch=8, level=0) == 3.5


def test_people_in_the_wrong_half_count_twice() -> None:
    points = HeadPoints(np.array([[2.0, 2.0], [3.0, 3.0]]), width=16, height=16)
    count_map = np.array([[0.0, 2.0], [0.0, 0.0]])
    assert game_error(count_map, points, patch=8, level=0) == 0.0
    assert game_error(count_map, points, patch=8, level=1) == 4.0


@given(st.integers(0, 2**32 - 1))
def test_a_finer_grid_never_shows_a_smaller_error(seed: int) -> None:
    generator = np.random.default_rng(seed)
    points = HeadPoints(generator.uniform(0, 50, size=(9, 2)), width=50, height=30)
    count_map = generator.exponential(size=(4, 7))
    levels = [game_error(count_map, points, patch=8, level=level) for level in range(4)]
    assert all(coarse <= fine + 1e-9 for coarse, fine in itertools.pairwise(levels))


@given(st.integers(1, 200), st.integers(1, 32), st.integers(1, 16))
def test_every_patch_is_shared_out_whole(length: int, patch: int, cells: int) -> None:
    np.testing.assert_allclose(cell_shares(length=length, patch=patch, cells=cells).sum(axis=0), 1.0)


def test_a_map_of_another_picture_is_refused() -> None:
    points = HeadPoints(np.zeros((0, 2)), width=20, height=8)
    with pytest.raises(ValueError, match="1 x 3 patches of 8 pixels, but the map has 1 x 2"):
        game_error(np.zeros((1, 2)), points, patch=8, level=1)
    with pytest.raises(ValueError, match="0 or more, not -1"):
        game_error(np.zeros((1, 3)), points, patch=8, level=-1)
