"""The cast of a scene: the sprites its people share, and who wears which in what colours."""

from dataclasses import dataclass

import numpy as np

from uepnet.scenes.crowd import Person
from uepnet.scenes.paper import Sprite
from uepnet.scenes.people import Daylight, Pose, draw_person
from uepnet.scenes.plan import Plan
from uepnet.scenes.wardrobe import choose_colours

MOST_SPRITES = 32
HAIR_SHARES = {"short": 0.55, "long": 0.27, "tied": 0.1, "none": 0.08}
SUMMER = {"none": 0.68, "cap": 0.14, "brim": 0.07, "hood": 0.02, "scarf": 0.06, "beanie": 0.02, "helmet": 0.01}
WINTER = {"none": 0.42, "cap": 0.08, "brim": 0.02, "hood": 0.18, "scarf": 0.07, "beanie": 0.22, "helmet": 0.01}


@dataclass(frozen=True)
class Cast:
    """`people` in no particular order, and for each of the scene's sprites its versions, each half as large."""

    people: tuple[Person, ...]
    sprites: tuple[tuple[Sprite, ...], ...]

    def sprite(self, person: Person) -> Sprite:
        """The smallest version of the person's sprite that is large enough."""
        versions = self.sprites[person.sprite]
        return next((version for version in reversed(versions) if version.scale >= person.size), versions[0])


def choose_cast(rng: np.random.Generator, plan: Plan) -> Cast:
    """Dress everybody of the plan."""
    number = min(len(plan.people), MOST_SPRITES)
    return Cast(people=_people(rng, plan, sprites=number), sprites=_sprites(rng, plan, number=number))


def _people(rng: np.random.Generator, plan: Plan, *, sprites: int) -> tuple[Person, ...]:
    number, camera = len(plan.people), plan.camera
    team = float(rng.choice([0.0, 0.3, 0.7], p=[0.8, 0.13, 0.07]))
    colours = choose_colours(rng, people=number, brightness=float(rng.uniform(0.05, 0.5)), team=team)
    colours = colours * np.float32(plan.light.people)
    sizes = camera.head_size(plan.people[:, 1]) * np.clip(rng.normal(1, 0.07, number), 0.75, 1.2)
    broad = np.clip(rng.normal(1, 0.06, number), 0.85, 1.18)
    near = (plan.people[:, 1] - camera.top) / max(camera.bottom - camera.top, 1.0)
    haze = plan.light.haze * np.clip(1 - near, 0, 1) ** 2
    chosen = rng.integers(sprites, size=number)
    mirrored = rng.random(number) < 0.5
    return tuple(
        Person(
            x=float(plan.people[i, 0]),
            y=float(plan.people[i, 1]),
            size=float(sizes[i]),
            broad=float(broad[i]),
            sprite=int(chosen[i]),
            mirrored=bool(mirrored[i]),
            colours=colours[i],
            haze=float(haze[i]),
        )
        for i in range(number)
    )


def _sprites(rng: np.random.Generator, plan: Plan, *, number: int) -> tuple[tuple[Sprite, ...], ...]:
    sizes = plan.camera.head_size(plan.people[:, 1])
    scale = float(np.clip(1.15 * sizes.max(initial=10.0), 14, 64))
    light = Daylight(x=float(rng.uniform(-0.9, 0.9)), hardness=plan.light.hardness, gloom=0.05 + 0.2 * plan.crowding())
    shares = WINTER if rng.random() < 0.35 else SUMMER
    layout = plan.layout
    result = []
    for _ in range(number):
        facing = ("front", "back", "side")[
            int(np.searchsorted([layout.front, layout.front + layout.back], rng.random()))
        ]
        pose = Pose(
            facing=facing,
            headwear=_pick(rng, shares),
            hair=_pick(rng, HAIR_SHARES),
            arms=_pick(rng, {"down": 1 - 2 * layout.raised, "one up": layout.raised, "both up": layout.raised}),
            foreshortening=plan.camera.foreshortening,
        )
        versions = [draw_person(rng, pose, light, scale=scale)]
        while versions[-1].scale > 10 and versions[-1].scale > 2 * float(sizes.min(initial=10.0)):
            versions.append(versions[-1].halves())
        result.append(tuple(versions))
    return tuple(result)


def _pick(rng: np.random.Generator, shares: dict[str, float]) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))
