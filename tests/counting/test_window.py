"""The grid of patches in a window."""

import numpy as np
import pytest

from uepnet.counting.window import Window, patch_edges


def test_whole_patches() -> None:
    assert patch_edges(0.0, length=24, patch=8, inside=24).tolist() == [0.0, 8.0, 16.0, 24.0]


def test_the_last_patch_ends_with_the_window() -> None:
    assert patch_edges(2.5, length=20, patch=8, inside=100).tolist() == [2.5, 10.5, 18.5, 22.5]


def test_patches_beyond_the_picture_have_no_width() -> None:
    assert patch_edges(-16.0, length=48, patch=8, inside=12).tolist() == [0.0, 0.0, 0.0, 8.0, 12.0, 12.0, 12.0]


@pytest.mark.parametrize("length", [1, 7, 8, 9, 64])
def test_there_are_as_many_patches_as_begin_in_the_window(length: int) -> None:
    assert len(patch_edges(0.0, length=length, patch=8, inside=64)) == int(np.ceil(length / 8)) + 1


def test_a_patch_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="a patch has at least one pixel along its side, not 0"):
        patch_edges(0.0, length=8, patch=0, inside=8)


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(ValueError, match="but this one is 0 x 8"):
        Window(left=0.0, top=0.0, width=0, height=8)


def test_a_window_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="finite pixels"):
        Window(left=float("nan"), top=0.0, width=8, height=8)
