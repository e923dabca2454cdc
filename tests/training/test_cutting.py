"""Choosing the part of an axis that fills a crop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uepnet.training.cutting import cut_axis


@given(
    pixels=st.integers(1, 3000),
    scale=st.floats(0.05, 20),
    side=st.sampled_from([32, 96, 256, 1024]),
    seed=st.integers(0, 99),
)
def test_a_crop_is_filled_or_holds_the_whole_axis(pixels: int, scale: float, side: int, seed: int) -> None:
    axis = cut_axis(pixels, scale, side, np.random.default_rng(seed))
    region = axis.source.stop - axis.source.start
    assert 0 <= axis.source.start < axis.source.stop <= pixels
    assert axis.length == side or (region == pixels and axis.length < side)
    assert abs(axis.corner + axis.length + axis.mirrored_corner - axis.extent) < 1e-6 * max(1.0, axis.extent)
    assert abs(axis.corner - axis.source.start * axis.factor) < 1e-9
    if region > 20 and axis.length > 20:
        assert abs(axis.factor / scale - 1) < 0.06, "the scale asked for, but for the rounding to whole pixels"
