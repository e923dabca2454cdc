"""Laying one picture over another, against cutting it out of a larger one."""

from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import UInt8
from PIL import Image

from uepnet.annotations.check.alignment import Placement, align, place, shrink
from uepnet.annotations.check.fingerprint import fingerprint

Photograph = Callable[..., UInt8[np.ndarray, "height width 3"]]
parts = st.floats(-0.1, 0.1)


def luminance(pixels: UInt8[np.ndarray, "height width 3"]) -> np.ndarray:
    return fingerprint(pixels).luminance.astype(np.float64)


def test_the_same_placement_only_shrinks(photograph: Photograph) -> None:
    grid = luminance(photograph(1))
    placed, covered = place(grid, Placement(), size=64)
    assert np.allclose(placed, shrink(grid, size=64))
    assert covered.all()


def test_shrinking_is_the_mean_of_blocks() -> None:
    grid = np.arange(2 * 8 * 8, dtype=np.float64).reshape(2, 8, 8)
    expected = [
        [[grid[p, 4 * r : 4 * r + 4, 4 * c : 4 * c + 4].mean() for c in (0, 1)] for r in (0, 1)] for p in (0, 1)
    ]
    assert np.allclose(shrink(grid, size=2), expected)


@given(stretch=parts, shift=parts)
def test_a_ramp_stays_a_ramp(stretch: float, shift: float) -> None:
    """The mean of a linear picture over a cell is its value at the cell's middle, wherever the picture covers it."""
    grid = np.tile(np.arange(128) + 0.5, (128, 1))
    placed, covered = place(grid, Placement(stretch_x=stretch, shift_x=shift), size=64)
    middle = (np.arange(64) + 0.5) / 64
    position = 0.5 + (1 + stretch) * (middle - 0.5) + shift
    half = (1 + stretch) / 128
    assert np.array_equal(covered[0], (position - half >= -1e-6) & (position + half <= 1 + 1e-6))
    # Within a cell of the old picture the luminance is constant: half a cell is as far as it can be off.
    assert np.abs(placed - 128 * position)[covered].max() <= 0.5


@pytest.mark.parametrize("trim", [(0, 0, 0, 0), (12, 0, 0, 0), (20, 10, 15, 25), (0, 30, 30, 0)])
def test_a_trimmed_picture_is_found_in_the_whole_one(photograph: Photograph, trim: tuple[int, int, int, int]) -> None:
    whole = photograph(5, width=900, height=600)
    left, top, right, bottom = trim
    trimmed = whole[top : 600 - bottom, left : 900 - right]
    expected = Placement(
        stretch_y=-(top + bottom) / 600,
        shift_y=(top - bottom) / 2 / 600,
        stretch_x=-(left + right) / 900,
        shift_x=(left - right) / 2 / 900,
    )
    found = align(shrink(luminance(trimmed), size=64), luminance(whole))
    assert astuple(found) == pytest.approx(astuple(expected), abs=0.002)


def test_brightness_and_contrast_do_not_matter(photograph: Photograph) -> None:
    whole = photograph(6, width=900, height=600)
    trimmed = shrink(luminance(whole[12:, 20:]), size=64)
    plain = align(trimmed, luminance(whole))
    assert astuple(align(0.05 * trimmed + 90, luminance(whole))) == pytest.approx(astuple(plain), abs=1e-3)


def test_a_blank_picture_moves_nothing() -> None:
    assert align(np.full((64, 64), 7.0), np.full((128, 128), 9.0)) == Placement()


def test_small_pictures_of_other_shapes_are_stretched(photograph: Photograph) -> None:
    pixels = Image.fromarray(photograph(7))
    squeezed = luminance(np.asarray(pixels.resize((140, 160), Image.Resampling.BOX)))
    found = align(shrink(squeezed, size=64), luminance(np.asarray(pixels)))
    assert astuple(found) == pytest.approx((0, 0, 0, 0), abs=0.002)
