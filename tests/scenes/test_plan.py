"""What a seed decides before anything is drawn."""

import numpy as np

from uepnet.scenes.light import LIGHTS
from uepnet.scenes.plan import MOST_HEADS, number_of_people, plan_scene


def test_numbers_of_people_have_a_long_tail() -> None:
    rng = np.random.default_rng(0)
    numbers = np.array([number_of_people(rng) for _ in range(3000)])
    assert numbers.min() == 0
    assert numbers.max() == MOST_HEADS
    assert 0.02 < (numbers == 0).mean() < 0.1
    assert 80 < np.median(numbers) < 250
    assert numbers.mean() > 1.4 * np.median(numbers)
    assert (numbers > 1000).mean() > 0.02


def test_all_lights_occur() -> None:
    looks = {plan_scene(seed=seed, width=96, height=64, heads=3).look.split(", ")[1] for seed in range(150)}
    assert set(LIGHTS) <= looks


def test_the_wished_number_of_people_is_planned() -> None:
    assert len(plan_scene(seed=8, width=200, height=150, heads=77).people) == 77
