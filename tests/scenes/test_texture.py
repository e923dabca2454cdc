"""Noise for surfaces."""

import numpy as np

from uepnet.scenes.texture import clouds


def test_clouds_have_the_asked_shape_and_unit_spread() -> None:
    noise = clouds(np.random.default_rng(0), width=130, height=70, grain=11.3)
    assert noise.shape == (70, 130)
    assert abs(float(noise.std()) - 1) < 1e-3


def test_a_coarser_grain_is_smoother() -> None:
    steps = [np.abs(np.diff(clouds(np.random.default_rng(0), width=200, height=200, grain=g))).mean() for g in (3, 30)]
    assert steps[0] > 3 * steps[1]
