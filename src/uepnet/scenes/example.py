"""The example picture: a market square before a stage, drawn from a seed and a layout that no training scene has."""

from uepnet.scenes.camera import Camera
from uepnet.scenes.clutter import Placed
from uepnet.scenes.layouts import EXAMPLE_LAYOUT, place_people
from uepnet.scenes.light import LIGHTS
from uepnet.scenes.plan import EXAMPLE_SEED, Plan, stream
from uepnet.scenes.render import draw_plan
from uepnet.scenes.scene import Scene

PEOPLE = 212
CAMERA = Camera(width=1024, height=768, horizon=170.0, slope=0.058, top=335.0, bottom=768.0, foreshortening=0.9)
"""Heads grow from 10 pixels before the stage to 35 at the lower edge."""

SPOTS = {
    "stall": ((70, 372), (212, 366), (838, 368), (960, 374), (60, 520), (975, 530)),
    "parasol": ((160, 440), (880, 448)),
    "lamp post": ((330, 420), (705, 424)),
    "balloon": ((422, 470), (640, 560), (250, 610)),
    "flag": ((560, 400), (455, 392)),
    "umbrella": ((785, 505),),
}
"""Columns and rows of what stands on the square."""


def draw_example() -> Scene:
    """The example picture of 1024 x 768 pixels; the same one every time."""
    rng = stream(EXAMPLE_SEED, "example plan")
    people = place_people(rng, EXAMPLE_LAYOUT, CAMERA, people=PEOPLE)
    light = LIGHTS["day"][1]
    things = tuple(Placed(kind, float(x), float(y)) for kind, spots in SPOTS.items() for x, y in spots)
    return draw_plan(Plan(EXAMPLE_SEED, "market, day", CAMERA, EXAMPLE_LAYOUT, light, people, things))
