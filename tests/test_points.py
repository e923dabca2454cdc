"""`HeadPoints`: its limits, and that changing it follows the picture's pixels."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from uepnet.points import HeadPoints

SIDE = st.integers(1, 3000)


@st.composite
def head_points(draw: st.DrawFn) -> HeadPoints:
    xy = draw(arrays(np.float64, st.tuples(st.integers(0, 20), st.just(2)), elements=st.floats(-500, 3500)))
    return HeadPoints(xy, width=draw(SIDE), height=draw(SIDE))


def points(*xy: tuple[float, float], width: int = 100, height: int = 50) -> HeadPoints:
    return HeadPoints(np.array(xy, dtype=np.float64).reshape(-1, 2), width=width, height=height)


def test_len_is_the_number_of_heads_inside_or_not() -> None:
    assert len(points((1, 1), (-5, 1), (1, 200))) == 3
    assert len(points()) == 0


def test_inside_is_half_open() -> None:
    corners = points((0, 0), (99.999, 49.999), (100, 10), (10, 50), (-0.001, 10), (10, -0.001))
    assert corners.inside().tolist() == [True, True, False, False, False, False]


@pytest.mark.parametrize("shape", ["[3]", "[4, 3]"])
def test_points_of_another_shape_are_refused_with_that_shape(shape: str) -> None:
    """In a process of its own, because the tests' shape checker would refuse them before `HeadPoints` does."""
    program = f"import numpy, uepnet.points as p; p.HeadPoints(numpy.zeros({shape}), width=10, height=10)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert f"ValueError: points have the shape [heads, 2], but these have {shape}" in result.stderr


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (-1, 10)])
def test_a_picture_without_pixels_is_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=f"{width} x {height}"):
        HeadPoints(np.zeros((0, 2)), width=width, height=height)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_points_that_are_not_finite_are_refused_and_counted(value: float) -> None:
    with pytest.raises(ValueError, match="1 of 2 points"):
        points((1, value), (2, 3))


@given(head_points())
def test_mirroring_twice_changes_nothing(heads: HeadPoints) -> None:
    again = heads.mirror().mirror()
    np.testing.assert_allclose(again.xy, heads.xy, atol=1e-9)
    assert (again.width, again.height) == (heads.width, heads.height)


def test_mirroring_follows_the_mirrored_pixels() -> None:
    pixels = np.zeros((5, 8))
    pixels[3, 2] = 1.0
    heads = points((2.5, 3.5), width=8, height=5).mirror()
    row, column = np.argwhere(pixels[:, ::-1])[0]
    assert heads.xy.tolist() == [[column + 0.5, row + 0.5]]


@given(head_points(), SIDE, SIDE)
def test_scaling_keeps_the_relative_place_and_who_is_inside(heads: HeadPoints, width: int, height: int) -> None:
    scaled = heads.scale(width=width, height=height)
    assert (scaled.width, scaled.height) == (width, height)
    np.testing.assert_allclose(scaled.xy / (width, height), heads.xy / (heads.width, heads.height), atol=1e-9)


def test_scaling_stretches_each_axis_by_its_own_factor() -> None:
    assert points((10, 20)).scale(width=300, height=25).xy.tolist() == [[30.0, 10.0]]


@given(head_points(), st.integers(-100, 2000), st.integers(-100, 2000), SIDE, SIDE)
def test_cropping_keeps_every_head_and_moves_all_alike(
    heads: HeadPoints, left: int, top: int, width: int, height: int
) -> None:
    crop = heads.crop(left=left, top=top, width=width, height=height)
    assert (len(crop), crop.width, crop.height) == (len(heads), width, height)
    np.testing.assert_allclose(crop.xy, heads.xy - np.array([left, top]), atol=1e-9)


def test_changing_gives_new_points_and_leaves_the_old() -> None:
    heads = points((10, 20))
    heads.mirror()
    heads.scale(width=1, height=1)
    heads.crop(left=1, top=1, width=2, height=2)
    assert heads.xy.tolist() == [[10.0, 20.0]]
