"""What each protocol does to the picture, to the truth and to the maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.evaluation.application import ProtocolBackend, share_of_maps, show
from uepnet.evaluation.protocols import EXACT, PAPER, UCF_QNRF, WORLDEXPO10
from uepnet.inference.backends import PatchMaps
from uepnet.points import HeadPoints

HALF = np.array([[0.0, 0.0], [52.0, 0.0], [52.0, 60.0], [0.0, 60.0]])


def picture(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, size=(height, width, 3), dtype=np.uint8)


def heads(width: int, height: int) -> HeadPoints:
    return HeadPoints(np.random.default_rng(1).uniform(-5, 70, size=(40, 2)), width=width, height=height)


@pytest.mark.parametrize("protocol", [EXACT, UCF_QNRF])
def test_exact_and_tiles_change_neither_picture_nor_truth(protocol) -> None:
    pixels, points = picture(100, 60), heads(100, 60)
    shown = show(pixels, points, protocol=protocol, patch=8)
    assert shown.pixels is pixels
    assert shown.heads is points
    assert shown.shares is None


@given(st.integers(1, 200), st.integers(1, 200))
def test_paper_stretches_down_to_multiples_of_64_with_the_heads(width: int, height: int) -> None:
    points = heads(width, height)
    shown = show(picture(width, height), points, protocol=PAPER, patch=8)
    tall, wide = shown.pixels.shape[:2]
    assert (wide, tall) == (max(width // 64 * 64, 64), max(height // 64 * 64, 64))
    assert (shown.heads.width, shown.heads.height) == (wide, tall)
    assert len(shown.heads) == len(points)
    np.testing.assert_allclose(shown.heads.xy / (wide, tall), points.xy / (width, height))


def test_paper_leaves_a_picture_of_the_right_size_alone() -> None:
    pixels = picture(128, 64)
    np.testing.assert_array_equal(show(pixels, heads(128, 64), protocol=PAPER, patch=8).pixels, pixels)


def test_worldexpo10_restricts_the_truth_and_blurs_outside() -> None:
    pixels, points = picture(100, 60), heads(100, 60)
    shown = show(pixels, points, protocol=WORLDEXPO10, patch=8, region=HALF)
    expected = [(x, y) for x, y in points.xy if 0 <= x < 52 and 0 <= y < 60]
    assert 0 < len(expected) < len(points)
    np.testing.assert_array_equal(shown.heads.xy, expected)
    np.testing.assert_array_equal(shown.pixels[:, :52], pixels[:, :52])
    assert shown.pixels[:, 60:].std() < 0.2 * pixels[:, 60:].std()
    assert shown.shares is not None
    np.testing.assert_array_equal(shown.shares, np.tile([1, 1, 1, 1, 1, 1, 0.5, 0, 0, 0, 0, 0, 0], (8, 1)))


@pytest.mark.parametrize(
    ("protocol", "region", "message"),
    [(WORLDEXPO10, None, "takes a region, but none was given"), (EXACT, HALF, "takes no region, but one was given")],
)
def test_a_region_where_it_belongs(protocol, region, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        show(picture(100, 60), heads(100, 60), protocol=protocol, patch=8, region=region)


@given(st.integers(1, 70), st.integers(1, 70))
def test_tiles_cover_every_pixel_once(red_dots_class, width: int, height: int) -> None:
    backend = red_dots_class()
    pixels = np.where(np.random.default_rng(0).random((height, width, 1)) < 0.1, (255, 0, 0), 0).astype(np.uint8)
    tiled = ProtocolBackend(backend, tile=16).run(pixels)
    assert max(side for size in backend.sizes for side in size) <= 16
    assert sum(wide * tall for wide, tall in backend.sizes) == width * height
    whole = backend.run(pixels)
    for name in ("mean", "argmax", "variance"):
        np.testing.assert_array_equal(getattr(tiled, name), getattr(whole, name))


def test_tiles_that_cut_patches_are_refused(red_dots) -> None:
    with pytest.raises(ValueError, match="whole patches of 8 pixels, but 100 pixels"):
        ProtocolBackend(red_dots, tile=100)


def test_shares_of_maps() -> None:
    ones = np.ones((1, 3), dtype=np.float32)
    shared = share_of_maps(PatchMaps(mean=ones, argmax=2 * ones, variance=4 * ones), np.array([[1.0, 0.5, 0.0]]))
    assert shared.mean.tolist() == [[1.0, 0.5, 0.0]]
    assert shared.argmax.tolist() == [[2.0, 1.0, 0.0]]
    assert shared.variance.tolist() == [[4.0, 1.0, 0.0]]
