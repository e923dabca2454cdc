"""Regions of interest: points, pixels and patches in a polygon, and the blur outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path as Polygon

from uepnet.evaluation.regions import blur_outside, in_region, patch_shares, region_mask

L_SHAPE = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 10.0], [10.0, 10.0], [10.0, 20.0], [0.0, 20.0]])


@given(st.integers(0, 2**32 - 1))
def test_agrees_with_another_test_for_star_shaped_polygons(seed: int) -> None:
    generator = np.random.default_rng(seed)
    angles = np.sort(generator.uniform(0, 2 * np.pi, size=9))
    region = 50 + generator.uniform(10, 50, size=(9, 1)) * np.column_stack((np.cos(angles), np.sin(angles)))
    points = generator.uniform(0, 100, size=(200, 2))
    np.testing.assert_array_equal(in_region(points, region), Polygon(region).contains_points(points))


def test_a_region_with_a_corner_inwards() -> None:
    points = np.array([[5.0, 15.0], [15.0, 15.0], [25.0, 5.0], [25.0, 15.0], [-1.0, 5.0]])
    assert in_region(points, L_SHAPE).tolist() == [True, False, True, False, False]


def test_the_mask_holds_the_pixels_whose_centre_is_inside() -> None:
    mask = region_mask(L_SHAPE, width=40, height=25)
    expected = np.zeros((25, 40), dtype=bool)
    expected[:10, :30] = True
    expected[:20, :10] = True
    np.testing.assert_array_equal(mask, expected)


def test_fewer_than_three_corners_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 3 corners, but this one has 2"):
        in_region(np.zeros((1, 2)), L_SHAPE[:2])


@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_patch_shares_equal_a_loop(seed: int, patch: int) -> None:
    mask = np.random.default_rng(seed).random((23, 17)) < 0.4
    shares = patch_shares(mask, patch=patch)
    assert shares.shape == (-(-23 // patch), -(-17 // patch))
    for row in range(shares.shape[0]):
        for column in range(shares.shape[1]):
            box = mask[row * patch : (row + 1) * patch, column * patch : (column + 1) * patch]
            assert shares[row, column] == pytest.approx(box.mean())


def test_blur_is_the_mean_of_the_pixels_around_outside_and_nothing_inside() -> None:
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, size=(20, 30, 3), dtype=np.uint8)
    mask = region_mask(L_SHAPE[:4], width=30, height=20)
    blurred = blur_outside(pixels, mask, side=11)
    padded = np.pad(pixels.astype(float), ((5, 5), (5, 5), (0, 0)), mode="edge")
    for row in range(20):
        for column in range(30):
            around = padded[row : row + 11, column : column + 11].reshape(-1, 3).mean(axis=0)
            expected = pixels[row, column] if mask[row, column] else around
            np.testing.assert_allclose(blurred[row, column], expected, atol=1.0)
