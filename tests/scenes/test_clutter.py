"""Things that are no people."""

import numpy as np
import pytest

from uepnet.scenes.camera import choose_camera
from uepnet.scenes.clutter import LARGEST_SHARE, THINGS, draw_thing, scatter_things


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("pixels_per_metre", [3.0, 40.0])
def test_every_thing_can_be_drawn_large_and_small(name: str, pixels_per_metre: float) -> None:
    pixels = draw_thing(np.random.default_rng(0), THINGS[name], pixels_per_metre=pixels_per_metre)
    assert pixels.shape[1] == pytest.approx(max(THINGS[name].width * pixels_per_metre, 2), abs=2)
    assert pixels[..., 3].max() > 0.3
    assert (pixels[..., 3] < 0.5).any() or pixels_per_metre < 10  # nothing is a rectangle


def test_things_are_scattered_over_the_crowd_and_hide_little() -> None:
    camera = choose_camera(np.random.default_rng(5), width=640, height=480, people=30, fill=0.1)
    placed = scatter_things(np.random.default_rng(1), camera, expected=200)
    assert len(placed) > 50
    assert {thing.kind for thing in placed} <= set(THINGS)
    assert all(camera.top <= thing.row <= camera.bottom for thing in placed)
    metres = camera.head_size(np.array([thing.row for thing in placed])) / 0.25
    square_metres = np.array([THINGS[thing.kind].width * THINGS[thing.kind].height for thing in placed])
    assert (square_metres * metres**2).max() < LARGEST_SHARE * 640 * 480
