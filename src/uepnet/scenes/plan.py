"""The plan of a scene: everything decided before anything is drawn."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.scenes.camera import Camera, choose_camera
from uepnet.scenes.clutter import Placed, scatter_things
from uepnet.scenes.layouts import TRAINING_LAYOUTS, Layout, place_people
from uepnet.scenes.light import Light, choose_light

EXAMPLE_SEED = 20210709
"""The seed of the example picture; no other scene is drawn with it."""

MOST_HEADS = 3000
"""The largest number of people that a plan chooses by itself."""


@dataclass(frozen=True)
class Plan:
    """What a scene shows. Drawing takes its randomness from `seed` alone, a stream of its own for every step.

    `people` are columns and rows of heads, `things` what stands among them.
    """

    seed: int
    look: str
    camera: Camera
    layout: Layout
    light: Light
    people: Float[np.ndarray, "people 2"]
    things: tuple[Placed, ...]

    def crowding(self) -> float:
        """The share of the crowd's part of the picture that heads cover, at most a half: close bodies take the light."""
        sizes = self.camera.head_size(self.people[:, 1])
        area = self.camera.width * (self.camera.bottom - self.camera.top)
        return float(min((sizes**2).sum() / area, 0.5))


def plan_scene(*, seed: int, width: int, height: int, heads: int | None) -> Plan:
    """Choose layout, light, camera and people of a training scene."""
    if seed == EXAMPLE_SEED:
        raise ValueError(
            f"the seed {seed} is that of the example picture (uepnet.scenes.example), which no training may see"
        )
    if seed < 0:
        raise ValueError(f"the seed must not be negative, but it is {seed}")
    if min(width, height) < 64:
        raise ValueError(f"a scene is at least 64 x 64 pixels, but {width} x {height} were asked for")
    if heads is not None and heads < 0:
        raise ValueError(f"a scene has no heads or some, but {heads} were asked for")
    rng = stream(seed, "plan")
    name = str(rng.choice(list(TRAINING_LAYOUTS)))
    layout = TRAINING_LAYOUTS[name]
    number = number_of_people(rng) if heads is None else heads
    light = choose_light(rng, show=layout.ground == "stage")
    fill = float(np.exp(rng.uniform(np.log(layout.fill[0]), np.log(layout.fill[1]))))
    room_for = number or int(rng.integers(20, 400))  # an empty place is seen as one with people would be
    camera = choose_camera(rng, width=width, height=height, people=room_for, fill=fill)
    people = place_people(rng, layout, camera, people=number)
    things = scatter_things(rng, camera, expected=float(rng.gamma(1.2, 5.0 if number else 20.0)))
    return Plan(seed, f"{name}, {light.name}", camera, layout, light, people, things)


def number_of_people(rng: np.random.Generator) -> int:
    """Nobody now and then, mostly tens to hundreds, at times thousands: log-normal around 160."""
    if rng.random() < 0.06:
        return 0
    return int(np.clip(np.exp(rng.normal(np.log(160), 1.15)), 1, MOST_HEADS))


def stream(seed: int, step: str) -> np.random.Generator:
    """The randomness of one step, so that a change in one step leaves the others as they were."""
    return np.random.default_rng([seed, *step.encode()])
