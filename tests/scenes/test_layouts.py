"""Where people are placed, in every layout."""

import numpy as np
import pytest

from uepnet.scenes.camera import Camera, choose_camera
from uepnet.scenes.layouts import EXAMPLE_LAYOUT, TRAINING_LAYOUTS, place_people
from uepnet.scenes.plan import plan_scene


def _camera(people: int) -> Camera:
    return choose_camera(np.random.default_rng(1), width=640, height=480, people=people, fill=0.1)


@pytest.mark.parametrize("name", TRAINING_LAYOUTS)
@pytest.mark.parametrize("people", [0, 1, 7, 900])
def test_every_layout_places_everybody_inside_the_picture(name: str, people: int) -> None:
    camera = _camera(people)
    placed = place_people(np.random.default_rng(2), TRAINING_LAYOUTS[name], camera, people=people)
    assert placed.shape == (people, 2)
    assert (placed > 0).all()
    assert (placed < (camera.width, camera.height)).all()


def test_people_do_not_stand_in_each_other() -> None:
    camera = _camera(100)
    placed = place_people(np.random.default_rng(2), TRAINING_LAYOUTS["square"], camera, people=100)
    apart = np.linalg.norm(placed[:, None] - placed[None], axis=2) / camera.head_size(placed[:, 1])
    np.fill_diagonal(apart, np.inf)
    assert np.median(apart.min(axis=1)) > 0.8


def test_a_queue_is_less_even_than_a_packed_place() -> None:
    def unevenness(name: str) -> float:
        camera = _camera(400)
        placed = place_people(np.random.default_rng(4), TRAINING_LAYOUTS[name], camera, people=400)
        counts = np.histogram(placed[:, 0], bins=16, range=(0, camera.width))[0]
        return float(counts.std() / counts.mean())

    assert unevenness("queues") > 2 * unevenness("packed")


def test_the_example_layout_is_never_drawn_for_training() -> None:
    assert EXAMPLE_LAYOUT not in TRAINING_LAYOUTS.values()
    plans = [plan_scene(seed=seed, width=96, height=64, heads=3) for seed in range(150)]
    assert {plan.look.split(",")[0] for plan in plans} == set(TRAINING_LAYOUTS)
    assert all(plan.layout is not EXAMPLE_LAYOUT for plan in plans)
    assert EXAMPLE_LAYOUT.weights not in {layout.weights for layout in TRAINING_LAYOUTS.values()}
