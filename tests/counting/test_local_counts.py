"""Local counts, against density maps drawn in the usual ways, and the rules that they keep."""

from itertools import pairwise
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from uepnet.counting.local_counts import HEADS_AT_ONCE, Window, local_counts
from uepnet.points import HeadPoints


def random_heads(seed: int, *, number: int = 40, width: int = 100, height: int = 70) -> HeadPoints:
    """Heads in and around a picture."""
    xy = np.random.default_rng(seed).uniform(-10, (width + 10, height + 10), (number, 2))
    return HeadPoints(xy, width=width, height=height)


def random_sigma(seed: int, number: int) -> np.ndarray:
    return np.random.default_rng(seed + 1000).uniform(0.3, 12.0, number)


def drawn_density(points: HeadPoints, sigma: np.ndarray, *, per_pixel: int = 1) -> np.ndarray:
    """Each head drawn as a Gaussian integrated over small squares, cut off at the picture's border and scaled to 1."""

    def profile(centre: float, width: float, length: int) -> np.ndarray:
        edges = [(edge / per_pixel - centre) / (width * sqrt(2)) for edge in range(length * per_pixel + 1)]
        return np.array([(erf(b) - erf(a)) / 2 for a, b in pairwise(edges)])

    density = np.zeros((points.height * per_pixel, points.width * per_pixel))
    for (x, y), width in zip(np.clip(points.xy, 0, (points.width, points.height)), sigma, strict=True):
        head = np.outer(profile(y, width, points.height), profile(x, width, points.width))
        density += head / head.sum()
    return density


def patch_sums(density: np.ndarray, patch: int) -> np.ndarray:
    rows, columns = -(-density.shape[0] // patch), -(-density.shape[1] // patch)
    return np.array(
        [
            [density[r * patch : (r + 1) * patch, c * patch : (c + 1) * patch].sum() for c in range(columns)]
            for r in range(rows)
        ]
    )


@pytest.mark.parametrize("patch", [1, 8, 16, 33, 200])
def test_it_is_the_sum_of_a_drawn_density_map_over_each_patch(patch: int) -> None:
    points, sigma = random_heads(0), random_sigma(0, 40)
    np.testing.assert_allclose(
        local_counts(points, sigma, patch=patch), patch_sums(drawn_density(points, sigma), patch), rtol=0, atol=1e-12
    )


def test_a_window_between_pixels_is_the_sum_of_a_finer_drawing() -> None:
    points, sigma = random_heads(1, number=8, width=40, height=24), random_sigma(1, 8)
    fine = drawn_density(points, sigma, per_pixel=4)
    window = Window(left=5.25, top=3.5, width=20, height=18)
    seen = fine[14 : 14 + 72, 21 : 21 + 80]
    np.testing.assert_allclose(
        local_counts(points, sigma, patch=8, window=window), patch_sums(seen, 32), rtol=0, atol=1e-12
    )


def test_it_is_close_to_filtering_a_dot_map_away_from_the_borders() -> None:
    """SciPy samples the Gaussian at pixel centres and cuts it at 4 sigma: less than 3e-3 of a head in a patch here (1 % of sigma would be 1e-2)."""
    rng = np.random.default_rng(2)
    pixels = rng.integers(40, 120, (30, 2))
    dots = np.zeros((160, 160))
    np.add.at(dots, (pixels[:, 1], pixels[:, 0]), 1.0)
    points = HeadPoints(pixels + 0.5, width=160, height=160)
    ours = local_counts(points, np.full(30, 4.0), patch=8)
    np.testing.assert_allclose(ours, patch_sums(gaussian_filter(dots, 4.0), 8), rtol=0, atol=3e-3)


@given(seed=st.integers(0, 10_000), patch=st.integers(1, 40), number=st.integers(0, 30))
def test_a_picture_s_map_sums_to_its_points_wherever_they_are(seed: int, patch: int, number: int) -> None:
    points, sigma = random_heads(seed, number=number), random_sigma(seed, number)
    counts = local_counts(points, sigma, patch=patch)
    assert counts.shape == (-(-70 // patch), -(-100 // patch))
    assert counts.min() >= 0
    assert counts.sum() == pytest.approx(number, abs=1e-9)


@given(seed=st.integers(0, 10_000), left=st.integers(-20, 110), top=st.integers(-20, 80), patch=st.integers(1, 20))
def test_four_windows_hold_what_the_one_around_them_holds(seed: int, left: int, top: int, patch: int) -> None:
    points, sigma = random_heads(seed), random_sigma(seed, 40)

    def total(x: int, y: int, width: int, height: int) -> float:
        return float(local_counts(points, sigma, patch=patch, window=Window(x, y, width, height)).sum())

    parts = [total(left, top, 13, 9), total(left + 13, top, 20, 9), total(left, top + 9, 13, 30)]
    assert sum(parts) + total(left + 13, top + 9, 20, 30) == pytest.approx(total(left, top, 33, 39), abs=1e-9)


@given(seed=st.integers(0, 10_000), row=st.integers(0, 4), column=st.integers(0, 6))
def test_a_window_on_the_grid_is_a_part_of_the_whole_map(seed: int, row: int, column: int) -> None:
    points, sigma = random_heads(seed), random_sigma(seed, 40)
    window = Window(left=column * 8, top=row * 8, width=40, height=24)
    whole = np.pad(local_counts(points, sigma, patch=8), 5)
    np.testing.assert_allclose(
        local_counts(points, sigma, patch=8, window=window),
        whole[5 + row : 8 + row, 5 + column : 10 + column],
        rtol=0,
        atol=1e-12,
    )


@given(seed=st.integers(0, 10_000), factor=st.integers(2, 5))
def test_a_picture_scaled_with_its_sigma_and_patch_has_the_same_counts(seed: int, factor: int) -> None:
    points, sigma = random_heads(seed), random_sigma(seed, 40)
    larger = points.scale(width=100 * factor, height=70 * factor)
    np.testing.assert_allclose(
        local_counts(larger, sigma * factor, patch=8 * factor), local_counts(points, sigma, patch=8), atol=1e-12
    )


@given(seed=st.integers(0, 10_000))
def test_a_mirrored_picture_has_mirrored_counts(seed: int) -> None:
    points, sigma = random_heads(seed, width=96), random_sigma(seed, 40)
    mirrored = local_counts(points.mirror(), sigma, patch=8)
    np.testing.assert_allclose(mirrored[:, ::-1], local_counts(points, sigma, patch=8), atol=1e-12)


@pytest.mark.parametrize("xy", [(-500.0, 35.0), (-0.001, 35.0), (0.0, 35.0)])
def test_a_head_outside_is_moved_to_the_nearest_point_of_the_border(xy: tuple[float, float]) -> None:
    outside, at_border = (HeadPoints(np.array([point]), width=100, height=70) for point in (xy, (0.0, 35.0)))
    sigma = np.array([3.0])
    np.testing.assert_array_equal(local_counts(outside, sigma, patch=8), local_counts(at_border, sigma, patch=8))


def test_heads_outside_a_window_reach_into_it() -> None:
    points = HeadPoints(np.array([[30.0, 35.0]]), width=100, height=70)
    counts = local_counts(points, np.array([5.0]), patch=8, window=Window(left=32, top=32, width=8, height=8))
    assert 0.1 < counts[0, 0] < 0.5


def test_patches_beyond_the_picture_hold_nothing() -> None:
    window = Window(left=-32, top=64, width=64, height=64)
    counts = local_counts(random_heads(3), random_sigma(3, 40), patch=8, window=window)
    assert counts[:, :4].max() == 0
    assert counts[1:].max() == 0
    assert counts[0, 4:].min() > 0


@pytest.mark.parametrize("sigma", [5e-324, 1e-9, 1e9, 1e300])
def test_needles_and_plains_still_sum_to_their_heads(sigma: float) -> None:
    counts = local_counts(random_heads(4), np.full(40, sigma), patch=8)
    assert np.isfinite(counts).all()
    assert counts.sum() == pytest.approx(40, abs=1e-9)


def test_more_heads_than_one_product_takes() -> None:
    number = HEADS_AT_ONCE + 7
    points, sigma = random_heads(5, number=number), random_sigma(5, number)
    some = slice(0, HEADS_AT_ONCE)
    counts = local_counts(points, sigma, patch=8)
    parts = [
        local_counts(HeadPoints(points.xy[part], width=100, height=70), sigma[part], patch=8)
        for part in (some, slice(HEADS_AT_ONCE, None))
    ]
    np.testing.assert_allclose(counts, parts[0] + parts[1], atol=1e-12)


def test_a_picture_without_heads_is_all_zero() -> None:
    counts = local_counts(HeadPoints(np.zeros((0, 2)), width=20, height=10), np.zeros(0), patch=8)
    assert counts.tolist() == [[0.0] * 3] * 2


def test_a_sigma_for_each_head_is_wanted() -> None:
    with pytest.raises(ValueError, match=r"there are 40 heads, but sigma has the shape \[3\]"):
        local_counts(random_heads(0), np.ones(3), patch=8)


@pytest.mark.parametrize("sigma", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_sigma_is_refused(sigma: float) -> None:
    with pytest.raises(ValueError, match="every sigma is a finite number of pixels above 0"):
        local_counts(random_heads(0), np.full(40, sigma), patch=8)
