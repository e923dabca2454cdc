"""What the camera does to a canvas."""

import numpy as np
import pytest

from uepnet.scenes.lens import photograph


@pytest.mark.parametrize("brightness", [0.05, 0.4, 1.2])
def test_the_camera_brings_any_light_near_the_exposure_it_aims_at(brightness: float) -> None:
    canvas = np.full((64, 96, 3), brightness, dtype=np.float32)
    means = [photograph(np.random.default_rng(seed), canvas, exposure=0.4).mean() / 255 for seed in range(20)]
    assert 0.2 < float(np.mean(means)) < 0.62


def test_the_camera_changes_no_shape_and_adds_grain() -> None:
    canvas = np.full((50, 70, 3), 0.5, dtype=np.float32)
    pictures = [photograph(np.random.default_rng(seed), canvas, exposure=0.4) for seed in range(8)]
    assert {picture.shape for picture in pictures} == {(50, 70, 3)}
    assert max(picture.std() for picture in pictures) > 1
