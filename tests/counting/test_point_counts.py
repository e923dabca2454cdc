"""Whole counts of points, against a loop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.local_counts import Window, local_counts
from uepnet.counting.point_counts import point_counts
from uepnet.points import HeadPoints


def random_heads(seed: int) -> HeadPoints:
    """Heads in and around a picture, many of them on patch edges."""
    xy = np.random.default_rng(seed).integers(-8, (108, 78), (40, 2)).astype(np.float64)
    return HeadPoints(xy, width=100, height=70)


@given(seed=st.integers(0, 10_000), patch=st.integers(1, 40))
def test_each_point_is_in_the_patch_it_falls_in(seed: int, patch: int) -> None:
    points = random_heads(seed)
    expected = np.zeros((-(-70 // patch), -(-100 // patch)))
    for x, y in points.xy:
        column, row = min(max(x, 0), 99) // patch, min(max(y, 0), 69) // patch
        expected[int(row), int(column)] += 1
    np.testing.assert_array_equal(point_counts(points, patch=patch), expected)


@given(seed=st.integers(0, 10_000), left=st.integers(-30, 110), top=st.integers(-30, 80), patch=st.integers(1, 20))
def test_a_window_holds_what_needle_thin_heads_have_in_it(seed: int, left: int, top: int, patch: int) -> None:
    points = random_heads(seed)
    moved = HeadPoints(points.xy + 0.5, width=100, height=70)  # away from patch edges, where a Gaussian has two halves
    window = Window(left=left, top=top, width=33, height=21)
    inside = moved.inside()
    kept, thin = HeadPoints(moved.xy[inside], width=100, height=70), np.full(int(inside.sum()), 1e-6)
    np.testing.assert_allclose(
        point_counts(kept, patch=patch, window=window), local_counts(kept, thin, patch=patch, window=window), atol=1e-9
    )


def test_no_points() -> None:
    assert point_counts(HeadPoints(np.zeros((0, 2)), width=20, height=8), patch=8).tolist() == [[0.0, 0.0, 0.0]]
