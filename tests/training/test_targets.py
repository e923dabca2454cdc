"""The torch targets against `counting`, which is the definition."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting import codec
from uepnet.counting.local_counts import Window
from uepnet.counting.local_counts import local_counts as reference
from uepnet.counting.point_counts import point_counts as reference_points
from uepnet.points import HeadPoints
from uepnet.training.targets import Crops, beyond_picture, encode, local_counts, point_counts, points_inside


def crops_of(points: HeadPoints, sigma: np.ndarray, *, left: float, top: float, spare: int = 0) -> Crops:
    """One crop's heads, padded by `spare` heads of weight 0."""
    xy = np.vstack([points.xy, np.full((spare, 2), 7.0)])
    weight = np.r_[np.ones(len(points)), np.zeros(spare)]
    return Crops(
        xy=torch.tensor(xy[None], dtype=torch.float32),
        sigma=torch.tensor(np.r_[sigma, np.ones(spare)][None], dtype=torch.float32),
        weight=torch.tensor(weight[None], dtype=torch.float32),
        extent=torch.tensor([[points.width, points.height]], dtype=torch.float32),
        corner=torch.tensor([[left, top]], dtype=torch.float32),
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    heads=st.integers(0, 60),
    left=st.integers(0, 120),
    top=st.integers(0, 80),
    patch=st.sampled_from([8, 16, 32]),
)
def test_local_counts_are_those_of_counting(seed: int, heads: int, left: int, top: int, patch: int) -> None:
    random = np.random.default_rng(seed)
    points = HeadPoints(random.uniform((0, 0), (160, 120), (heads, 2)), width=160, height=120)
    sigma = random.uniform(0.5, 25.0, heads)
    window = Window(left=float(left), top=float(top), width=64, height=64)
    crops = crops_of(points, sigma, left=left, top=top, spare=3)
    counts = local_counts(crops, patch=patch, rows=64 // patch, columns=64 // patch)
    assert counts[0].numpy() == pytest.approx(reference(points, sigma, patch=patch, window=window), abs=1e-5)


def test_beyond_the_picture_are_the_patches_wholly_outside() -> None:
    points = HeadPoints(np.zeros((0, 2)), width=40, height=20)
    beyond = beyond_picture(crops_of(points, np.zeros(0), left=16, top=0), patch=8, rows=4, columns=4)
    expected = [[top >= 20 or 16 + left >= 40 for left in range(0, 32, 8)] for top in range(0, 32, 8)]
    assert beyond[0].tolist() == expected


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30))
def test_classes_are_those_of_counting(values: list[float]) -> None:
    borders = (0.25, 0.5, 1.0, 2.0, 4.0)
    counts = np.array([*values, *borders], dtype=np.float32)
    classes = encode(torch.from_numpy(counts)[None, None], torch.tensor(borders))
    assert classes.flatten().tolist() == codec.encode(counts.astype(np.float64), borders).tolist()


@given(
    seed=st.integers(0, 2**32 - 1),
    heads=st.integers(0, 60),
    left=st.integers(0, 120),
    top=st.integers(0, 80),
    patch=st.sampled_from([8, 16, 32]),
)
def test_point_counts_are_those_of_counting(seed: int, heads: int, left: int, top: int, patch: int) -> None:
    """Also for heads on the borders of patches, at the picture's edges and outside it."""
    random = np.random.default_rng(seed)
    xy = np.where(
        random.random((heads, 1)) < 0.5, random.uniform(-9, 170, (heads, 2)), random.integers(0, 21, (heads, 2)) * 8
    )
    points = HeadPoints(xy.astype(np.float32).astype(np.float64), width=160, height=120)
    window = Window(left=float(left), top=float(top), width=64, height=64)
    inside = points_inside(
        crops_of(points, np.ones(heads), left=left, top=top, spare=3),
        patch=patch,
        rows=64 // patch,
        columns=64 // patch,
    )
    counts = point_counts(inside, patch=patch, rows=64 // patch, columns=64 // patch)
    expected = reference_points(points, patch=patch, window=window)
    np.testing.assert_array_equal(counts[0].numpy(), expected)
    assert float(inside.weight.sum()) == expected.sum()


def test_a_head_beyond_the_picture_s_edge_is_in_the_crop_that_ends_there() -> None:
    """The crop's last patch ends with the picture: the head is moved to its edge, and not a rounding further, out of it."""
    points = HeadPoints(np.array([[165.0, 125.0]]), width=160, height=120)
    inside = points_inside(crops_of(points, np.ones(1), left=96, top=56), patch=8, rows=8, columns=8)
    counts = point_counts(inside, patch=8, rows=8, columns=8)
    assert float(counts[0, 7, 7]) == 1.0
