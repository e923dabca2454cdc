"""The scale rises from transparent to dense, and ends at a number that a person can read off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from uepnet.inference.heat_colours import heat_colours
from uepnet.inference.heat_scale import DECADES, FIRST_SEEN, FULL, STRONGEST, HeatScale, heat_over, scale_for

DENSITIES = st.lists(st.floats(0, 1e4, width=32), min_size=2, max_size=50).map(
    lambda values: np.array(sorted(values), dtype=np.float32)
)


@given(density=DENSITIES, top=st.floats(0.5, 1e4))
def test_positions_rise_from_0_to_1(density: np.ndarray, top: float) -> None:
    position = HeatScale(top).position(density)
    assert (np.diff(position) >= 0).all()
    assert position.min() >= 0
    assert position.max() <= 1
    assert (position[density >= np.float32(top)] > 1 - 1e-6).all()


def test_positions_are_a_logarithm_that_starts_at_0() -> None:
    density = np.array([0.0, 1.0, 10.0, 50.0], dtype=np.float32)
    expected = np.log(1 + DECADES * density / 50) / np.log(1 + DECADES)
    np.testing.assert_allclose(HeatScale(50.0).position(density), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("peak", "top"), [(0.0, 5.0), (4.9, 5.0), (7.0, 10.0), (11.0, 20.0), (29.0, 30.0), (31.0, 50.0)]
)
def test_the_end_is_a_round_number_above_the_crowd(peak: float, top: float) -> None:
    assert scale_for(np.full((20, 20), peak, dtype=np.float32)).top == top


def test_a_single_peak_does_not_hide_the_crowd() -> None:
    density = np.full((100, 100), 9.0, dtype=np.float32)
    density[0, 0] = 20.0
    assert scale_for(density).top == 10.0


def test_ticks_lie_on_the_scale() -> None:
    assert HeatScale(300.0).ticks() == (0.0, 30.0, 300.0)


def test_the_background_shows_where_nobody_is_and_the_colour_where_it_is_dense() -> None:
    background = Image.new("RGB", (3, 1), (100, 100, 100))
    seen = np.asarray(heat_over(background, np.array([[0.0, 0.02, 1.0]], dtype=np.float32)))[0].astype(int)
    assert seen[:2].tolist() == [[100] * 3] * 2
    assert np.abs(seen[2] - heat_colours()[-1]).max() < 0.25 * np.abs(heat_colours()[-1] - 100.0).max()


def test_heat_is_the_background_mixed_with_the_colour_by_opacity() -> None:
    """Within the rounding of eight bits of the equation in floating point."""
    random = np.random.default_rng(0)
    background = random.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    position = random.random((40, 50), dtype=np.float32)
    rise = np.clip((position - FIRST_SEEN) / (FULL - FIRST_SEEN), 0, 1)
    opacity = (STRONGEST * rise * (2 - rise))[..., None]
    colours = heat_colours()[np.round(position * 255).astype(int)].astype(float)
    seen = np.asarray(heat_over(Image.fromarray(background), position)).astype(float)
    assert np.abs(seen - ((1 - opacity) * background + opacity * colours)).max() < 3.0
