"""The parts of pictures: nobody is lost between them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.evaluation.readings import GRIDS, Reading, parts_of, validation_figures
from uepnet.inference.backends import PatchMaps
from uepnet.points import HeadPoints

PATCH = 8


def reading(width: int, height: int, seed: int) -> Reading:
    generator = np.random.default_rng(seed)
    shape = -(-height // PATCH), -(-width // PATCH)
    mean, argmax, variance = (generator.exponential(size=shape).astype(np.float32) for _ in range(3))
    xy = generator.uniform(-5, (width + 5, height + 5), size=(20, 2))
    heads = HeadPoints(xy, width=width, height=height)
    return Reading("folder", "a", heads, PatchMaps(mean=mean, argmax=argmax, variance=variance), PATCH)


@given(width=st.integers(1, 150), height=st.integers(1, 150), grid=st.sampled_from(GRIDS), seed=st.integers(0, 9))
def test_parts_hold_all_people_and_patches_once(width: int, height: int, grid: int, seed: int) -> None:
    picture = reading(width, height, seed)
    parts = parts_of(picture, grid=grid, decode="mean")
    assert parts.truth.sum() == 20
    assert parts.count.sum() == pytest.approx(picture.maps.mean.sum(), rel=1e-5)
    assert parts.variance.sum() == pytest.approx(picture.maps.variance.sum(), rel=1e-5)
    assert len(parts.truth) == len(parts.count) == len(parts.variance) <= grid**2


def test_quarters_are_where_they_should_be() -> None:
    picture = reading(80, 48, seed=1)
    parts = parts_of(picture, grid=2, decode="argmax")
    upper, lower = picture.maps.argmax[:3], picture.maps.argmax[3:]
    expected = [block.sum() for row in (upper, lower) for block in (row[:, :5], row[:, 5:])]
    assert parts.count == pytest.approx(expected, rel=1e-5)
    x, y = picture.heads.xy.T
    truth = [((x >= 40) == right) & ((y >= 24) == below) for below in (False, True) for right in (False, True)]
    assert parts.truth.tolist() == [inside.sum() for inside in truth]


def test_errors_are_those_of_each_data_set_by_each_decode() -> None:
    pictures = [reading(80, 48, seed=seed) for seed in range(3)]
    other = Reading("other", "b", pictures[0].heads, pictures[0].maps, PATCH)
    found = {
        (one.data_set, one.decode): one
        for one in validation_figures([*pictures, other], decodes=("mean", "argmax"), split="val")
    }
    assert list(found) == [("folder", "mean"), ("folder", "argmax"), ("other", "mean"), ("other", "argmax")]
    off = np.array([picture.maps.argmax.sum() - 20 for picture in pictures])
    assert found["folder", "argmax"].pictures == 3
    assert found["folder", "argmax"].mae == pytest.approx(np.abs(off).mean(), rel=1e-5)
    assert found["folder", "argmax"].rmse == pytest.approx(np.sqrt((off**2).mean()), rel=1e-5)
    assert found["other", "mean"].mae == pytest.approx(abs(other.maps.mean.sum() - 20), rel=1e-5)
    assert (found["other", "mean"].split, found["other", "mean"].protocol) == ("val", "exact")
    assert [one.decode for one in validation_figures(pictures, decodes=("mean",), split="val")] == ["mean"]
