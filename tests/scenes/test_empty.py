"""Pictures with nobody in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uepnet.scenes.empty import KINDS, draw_empty


@given(seed=st.integers(0, 10**6), width=st.integers(1, 90), height=st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_any_seed_and_size_gives_a_picture_of_that_size(seed: int, width: int, height: int) -> None:
    picture = draw_empty(seed, width=width, height=height)
    assert picture.shape == (height, width, 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("seed", range(len(KINDS)), ids=KINDS)
def test_a_seed_gives_the_same_picture_again_and_another_seed_of_its_kind_another(seed: int) -> None:
    first = draw_empty(seed, width=120, height=80)
    np.testing.assert_array_equal(first, draw_empty(seed, width=120, height=80))
    assert (first != draw_empty(seed + len(KINDS), width=120, height=80)).any()


def test_the_pictures_are_of_many_brightnesses_and_grains() -> None:
    pictures = [draw_empty(seed, width=48, height=48).astype(float).mean(axis=2) for seed in range(16 * len(KINDS))]
    brightness = [picture.mean() for picture in pictures]
    steps = [np.abs(np.diff(picture, axis=1)).mean() for picture in pictures]
    assert min(brightness) < 70
    assert max(brightness) > 180
    assert min(steps) < 2
    assert max(steps) > 25


def test_kinds_take_turns_with_the_seeds() -> None:
    for seed in range(4):
        both, kind = draw_empty(seed, width=60, height=40, kinds=["heaps", "lamps"]), ("heaps", "lamps")[seed % 2]
        np.testing.assert_array_equal(both, draw_empty(seed, width=60, height=40, kinds=[kind]))
        assert (both != draw_empty(seed, width=60, height=40)).any()
    with pytest.raises(ValueError, match="drawn as people; there are plain, "):
        draw_empty(1, width=60, height=40, kinds=["people"])


def test_an_impossible_wish_is_refused_with_its_numbers() -> None:
    with pytest.raises(ValueError, match="0 x 5 pixels"):
        draw_empty(1, width=0, height=5)
