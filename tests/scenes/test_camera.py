"""Perspective: how large a head is where, and the ground it stands on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.scenes.camera import Camera, choose_camera


def _camera(seed: int = 0, people: int = 200) -> Camera:
    return choose_camera(np.random.default_rng(seed), width=1024, height=768, people=people, fill=0.2)


@given(seed=st.integers(0, 5000), people=st.integers(0, 5000))
def test_heads_grow_towards_the_viewer_and_in_proportion_to_the_distance_from_the_horizon(
    seed: int, people: int
) -> None:
    camera = _camera(seed, people)
    rows = np.linspace(camera.top, camera.bottom, 20)
    sizes = camera.head_size(rows)
    assert (np.diff(sizes) > 0).all()
    assert sizes[0] >= 2.9
    np.testing.assert_allclose(sizes[-1] / sizes[0], (rows[-1] - camera.horizon) / (rows[0] - camera.horizon))


def test_more_people_have_smaller_heads() -> None:
    def mean_size(people: int) -> float:
        cameras = [_camera(seed, people) for seed in range(40)]
        return float(np.mean([camera.size_at(camera.bottom) for camera in cameras]))

    assert mean_size(20) > 2 * mean_size(1000)


def test_feet_are_below_heads_by_less_the_steeper_the_camera_looks_down() -> None:
    level, steep = (Camera(100, 100, -50.0, 0.1, 0.0, 100.0, f) for f in (0.95, 0.4))
    rows = np.array([10.0, 60.0])
    assert (level.feet(rows) > steep.feet(rows)).all()
    assert (steep.feet(rows) > rows).all()


def test_the_ground_goes_on_to_the_horizon() -> None:
    camera = _camera(3)
    rows = np.linspace(camera.bottom, camera.top, 12)
    across, depth = camera.ground(np.full(12, camera.width * 0.75), rows)
    assert depth[0] == pytest.approx(0.0)
    assert (np.diff(depth) > 0).all()
    assert (np.diff(across) > 0).all()  # the same column is farther out the farther away it is
