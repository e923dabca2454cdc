"""A crowd scene from its seed: plan it, dress its people, draw them back to front, photograph it."""

import numpy as np

from uepnet.points import HeadPoints
from uepnet.scenes.backdrop import draw_backdrop
from uepnet.scenes.camera import HEAD_METRES, Camera
from uepnet.scenes.cast import choose_cast
from uepnet.scenes.clutter import THINGS, Placed, draw_thing
from uepnet.scenes.crowd import Sheet
from uepnet.scenes.lens import photograph
from uepnet.scenes.light import apply_light
from uepnet.scenes.plan import Plan, plan_scene, stream
from uepnet.scenes.scene import Scene


def draw_scene(*, seed: int, width: int = 1024, height: int = 768, heads: int | None = None) -> Scene:
    """A crowd scene; the same arguments give the same pixels and points.

    `heads` is the number of people placed; without it a number from 0 to 3000 with a long tail is drawn. Fewer may be
    annotated: a head of which less than a quarter is seen (behind others, an umbrella, a flag, the picture's edge) has
    no point, just as nobody would have marked it in a photograph. The points are the exact centres of the other heads.

    >>> scene = draw_scene(seed=7, width=128, height=96, heads=5)
    >>> scene.pixels.shape, len(scene.heads) <= 5
    ((96, 128, 3), True)
    """
    return draw_plan(plan_scene(seed=seed, width=width, height=height, heads=heads))


def draw_plan(plan: Plan) -> Scene:
    """Draw what has been planned."""
    camera = plan.camera
    empty = draw_backdrop(stream(plan.seed, "backdrop"), camera, plan.light, ground=plan.layout.ground)
    sheet = Sheet(empty, far=camera.feet_at(camera.top) if camera.top > 0.03 * camera.height else 0.0)
    cast = choose_cast(stream(plan.seed, "cast"), plan)
    brush = stream(plan.seed, "brush")
    closeness = 0.04 + 0.9 * plan.crowding()
    order = [(person.y, 0, index) for index, person in enumerate(cast.people)]
    order += [(thing.row, 1, index) for index, thing in enumerate(plan.things)]
    for _, kind, index in sorted(order):
        if kind == 1:
            _add_thing(sheet, brush, camera, plan.things[index])
            continue
        person = cast.people[index]
        feet = camera.feet_at(person.y)
        sheet.shadow(x=person.x, y=feet, rx=1.7 * person.size, ry=0.55 * person.size, depth=0.5)
        sheet.shadow(
            x=person.x, y=person.y + 0.9 * person.size, rx=1.5 * person.size, ry=1.9 * person.size, depth=closeness
        )
        sheet.add_person(person, cast.sprite(person), veil=plan.light.sky)
    lit = apply_light(stream(plan.seed, "light"), sheet.canvas, plan.light, top=camera.top)
    xy, seen = sheet.heads()
    points = HeadPoints(xy[seen], width=camera.width, height=camera.height)
    heads = HeadPoints(points.xy[points.inside()], width=camera.width, height=camera.height)
    return Scene(
        pixels=photograph(stream(plan.seed, "lens"), lit, exposure=plan.light.exposure), heads=heads, look=plan.look
    )


def _add_thing(sheet: Sheet, rng: np.random.Generator, camera: Camera, placed: Placed) -> None:
    thing = THINGS[placed.kind]
    metre = camera.size_at(placed.row) / HEAD_METRES
    foot = camera.feet_at(placed.row) - thing.foot * metre * camera.foreshortening
    if thing.foot == 0:
        sheet.shadow(x=placed.column, y=foot, rx=0.6 * thing.width * metre, ry=0.25 * thing.width * metre, depth=0.45)
    pixels = draw_thing(rng, thing, pixels_per_metre=metre)
    sheet.add_thing(pixels, left=round(placed.column - pixels.shape[1] / 2), top=round(foot - pixels.shape[0]))
