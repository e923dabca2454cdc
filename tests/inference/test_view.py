"""The view of a large picture is Pillow's, without Pillow's copy of the whole."""

import numpy as np
import pytest
from PIL import Image

from uepnet.inference.view import resized

RNG = np.random.default_rng(8)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (1000, 700, (200, 140)),
        (2003, 1501, (120, 90)),
        (900, 5000, (9, 50)),
        (5000, 3, (100, 1)),
        (30, 20, (90, 60)),
        (1, 4000, (1, 40)),
    ],
)
def test_the_view_is_that_of_pillow(width: int, height: int, size: tuple[int, int]) -> None:
    picture = RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)
    expected = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    found = resized(picture, size)
    assert found.size == size
    np.testing.assert_allclose(np.asarray(found).astype(int), np.asarray(expected).astype(int), atol=1)
