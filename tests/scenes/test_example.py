"""The example picture."""

import numpy as np
import pytest

from uepnet.scenes.example import draw_example
from uepnet.scenes.scene import Scene


@pytest.fixture(scope="module")
def example() -> Scene:
    return draw_example()


def test_the_example_is_a_crowd_of_known_size(example: Scene) -> None:
    assert example.pixels.shape == (768, 1024, 3)
    assert 150 <= len(example.heads) <= 250
    assert example.heads.inside().all()
    assert example.look == "market, day"


def test_the_example_is_a_clear_picture_in_colour(example: Scene) -> None:
    pixels = example.pixels.astype(np.float64)
    assert 70 < pixels.mean() < 170
    assert np.ptp(pixels, axis=2).mean() > 10
