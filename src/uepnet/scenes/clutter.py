"""Things that are not people, drawn as small pictures and set among them: umbrellas, flags, cars, stalls, balloons."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw

from uepnet.scenes.camera import HEAD_METRES, Camera

FINE = 2
"""Things are drawn twice as large and shrunk, so that their lines are smooth."""

LARGEST_SHARE = 0.06
"""No thing covers more of the picture."""

Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int, int]


@dataclass(frozen=True)
class Thing:
    """A kind of clutter: its extent in metres and how it is drawn on a sheet of (pixels per metre).

    `foot` is the height in metres of the sheet's lower edge above the ground (a balloon floats).
    """

    width: float
    height: float
    foot: float
    paint: Callable[[Draw, np.random.Generator, float], None]


@dataclass(frozen=True)
class Placed:
    """A thing of some kind in a scene, at the row where a head beside it would be."""

    kind: str
    column: float
    row: float


def scatter_things(rng: np.random.Generator, camera: Camera, *, expected: float) -> tuple[Placed, ...]:
    """About `expected` things anywhere in the crowd's part of the picture, none so large that it hides the crowd."""
    things = []
    for _ in range(rng.poisson(expected)):
        placed = Placed(
            str(rng.choice(list(THINGS))),
            float(rng.uniform(0, camera.width)),
            float(rng.uniform(camera.top, camera.bottom)),
        )
        metre = camera.size_at(placed.row) / HEAD_METRES
        thing = THINGS[placed.kind]
        if thing.width * thing.height * metre**2 < LARGEST_SHARE * camera.width * camera.height:
            things.append(placed)
    return tuple(things)


def draw_thing(
    rng: np.random.Generator, thing: Thing, *, pixels_per_metre: float
) -> Float[np.ndarray, "rows columns 4"]:
    """The thing as RGBA in [0, 1], alpha last, shaded from above with a rough surface."""
    scale = pixels_per_metre * FINE
    size = (max(round(thing.width * scale), 4), max(round(thing.height * scale), 4))
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    thing.paint(ImageDraw.Draw(sheet), rng, scale)
    small = (max(size[0] // FINE, 2), max(size[1] // FINE, 2))
    pixels = np.asarray(sheet.resize(small, Image.Resampling.BOX), dtype=np.float32) / 255
    ramp = np.linspace(1.12, 0.75, small[1], dtype=np.float32)[:, None] * np.linspace(
        1.06, 0.94, small[0], dtype=np.float32
    )
    rough = 1 + 0.05 * rng.standard_normal((small[1], small[0]), dtype=np.float32)
    return np.dstack([pixels[..., :3] * (ramp * rough)[..., None], pixels[..., 3]])


def _tone(rng: np.random.Generator, *, low: float = 30, high: float = 235) -> Colour:
    """A colour of cloth or paint: never as loud as three independent channels would be."""
    values = rng.uniform(low, high, 3)
    red, green, blue = (int(v) for v in values.mean() + rng.uniform(0.3, 0.9) * (values - values.mean()))
    return red, green, blue, 255


def _darker(colour: Colour, factor: float) -> Colour:
    return (
        int(min(colour[0] * factor, 255)),
        int(min(colour[1] * factor, 255)),
        int(min(colour[2] * factor, 255)),
        colour[3],
    )


def _umbrella(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone = _tone(rng)
    draw.line([(0.6 * s, 0.2 * s), (0.6 * s, 1.2 * s)], fill=(60, 60, 60, 255), width=max(round(0.04 * s), 1))
    draw.pieslice([0, 0, 1.2 * s, 0.9 * s], 180, 360, fill=tone)
    for k in range(1, 5):
        x = 0.24 * k * s
        draw.line([(0.6 * s, 0), (x, 0.45 * s)], fill=_darker(tone, 0.7), width=1)
    draw.pieslice([0.25 * s, 0.02 * s, 0.7 * s, 0.88 * s], 180, 360, fill=_darker(tone, 1.12))


def _parasol(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone, other = _tone(rng), _tone(rng, low=180, high=245)
    draw.line([(1.5 * s, 0.3 * s), (1.5 * s, 2.5 * s)], fill=(90, 80, 70, 255), width=max(round(0.06 * s), 1))
    for k in range(8):
        left, right = k * 3 / 8 * s, (k + 1) * 3 / 8 * s
        draw.polygon([(1.5 * s, 0), (left, 0.8 * s), (right, 0.8 * s)], fill=tone if k % 2 else other)


def _flag(draw: Draw, rng: np.random.Generator, s: float) -> None:
    draw.line([(0.1 * s, 0), (0.1 * s, 3 * s)], fill=(80, 74, 70, 255), width=max(round(0.05 * s), 1))
    tones = [_tone(rng) for _ in range(3)]
    wave = rng.uniform(0, 6)
    for k in range(24):
        x = (0.1 + k * 0.07) * s
        lift = 0.1 * np.sin(wave + k * 0.35) * s
        light = 1 + 0.2 * np.cos(wave + k * 0.35)
        for band, tone in enumerate(tones):
            y = 0.15 * s + band * 0.35 * s + lift
            draw.rectangle([x, y, x + 0.08 * s, y + 0.36 * s], fill=_darker(tone, float(light)))


def _placard(draw: Draw, rng: np.random.Generator, s: float) -> None:
    draw.line([(0.5 * s, 0.5 * s), (0.5 * s, 1.9 * s)], fill=(120, 96, 66, 255), width=max(round(0.05 * s), 1))
    draw.rectangle(
        [0.02 * s, 0.02 * s, 0.98 * s, 0.68 * s], fill=_tone(rng, low=170, high=250), outline=(60, 60, 60, 255)
    )
    ink = _tone(rng, low=0, high=110)
    for row in range(3):
        x = 0.1 * s
        while x < 0.85 * s:
            a, b, c, d = rng.uniform(0, 0.13, 4) * s
            y = (0.1 + 0.18 * row) * s
            draw.line([(x + a, y + b), (x + c, y + d)], fill=ink, width=max(round(0.03 * s), 1))
            draw.line([(x, y), (x + d, y + 0.13 * s)], fill=ink, width=max(round(0.03 * s), 1))
            x += rng.uniform(0.1, 0.2) * s


def _balloon(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone = _tone(rng, low=60)
    draw.line([(0.2 * s, 0.45 * s), (0.24 * s, 1.4 * s)], fill=(200, 200, 200, 200), width=1)
    draw.ellipse([0.02 * s, 0, 0.38 * s, 0.46 * s], fill=tone)
    draw.ellipse([0.08 * s, 0.06 * s, 0.18 * s, 0.18 * s], fill=_darker(tone, 1.5))


def _ball(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone = _tone(rng, low=90)
    draw.ellipse([0, 0, 0.29 * s, 0.29 * s], fill=tone)
    draw.ellipse([0.05 * s, 0.04 * s, 0.15 * s, 0.12 * s], fill=_darker(tone, 1.3))
    draw.arc([0.04 * s, -0.1 * s, 0.4 * s, 0.3 * s], 90, 200, fill=_darker(tone, 0.5), width=max(round(0.02 * s), 1))


def _lamp_post(draw: Draw, rng: np.random.Generator, s: float) -> None:
    draw.line([(0.4 * s, 0.4 * s), (0.4 * s, 5 * s)], fill=(50, 52, 54, 255), width=max(round(0.1 * s), 1))
    if rng.random() < 0.5:
        draw.ellipse([0.15 * s, 0.05 * s, 0.65 * s, 0.55 * s], fill=(250, 244, 220, 255))
    else:
        draw.polygon(
            [(0.2 * s, 0.5 * s), (0.6 * s, 0.5 * s), (0.7 * s, 0.1 * s), (0.1 * s, 0.1 * s)], fill=(240, 230, 190, 255)
        )


def _car(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone = _tone(rng)
    draw.rounded_rectangle([0, 0.6 * s, 4.2 * s, 1.3 * s], radius=0.2 * s, fill=tone)
    draw.polygon(
        [(0.7 * s, 0.62 * s), (1.2 * s, 0.02 * s), (3.0 * s, 0.02 * s), (3.6 * s, 0.62 * s)], fill=_darker(tone, 1.08)
    )
    for left in (1.1, 2.15):
        draw.rectangle([left * s, 0.12 * s, (left + 0.9) * s, 0.58 * s], fill=(50, 60, 72, 255))
    for x in (0.85, 3.35):
        draw.ellipse([(x - 0.33) * s, 0.92 * s, (x + 0.33) * s, 1.58 * s], fill=(22, 22, 24, 255))
        draw.ellipse([(x - 0.17) * s, 1.08 * s, (x + 0.17) * s, 1.42 * s], fill=(140, 140, 146, 255))
    draw.ellipse([0.02 * s, 0.7 * s, 0.22 * s, 0.9 * s], fill=(250, 240, 200, 255))


def _stall(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone, other = _tone(rng), _tone(rng, low=190, high=245)
    for x in (0.1, 2.9):
        draw.line([(x * s, 0.6 * s), (x * s, 2.7 * s)], fill=(110, 100, 90, 255), width=max(round(0.08 * s), 1))
    draw.rectangle([0.1 * s, 1.8 * s, 2.9 * s, 2.7 * s], fill=_tone(rng, low=60, high=170))
    for _ in range(40):
        x, y, r = rng.uniform(0.2, 2.8) * s, rng.uniform(1.62, 1.85) * s, rng.uniform(0.05, 0.11) * s
        draw.ellipse([x - r, y - r, x + r, y + r], fill=_tone(rng, low=60))
    for k in range(10):
        left, right = k * 0.3, k * 0.3 + 0.3
        draw.polygon(
            [((0.3 + left * 0.8) * s, 0), ((0.3 + right * 0.8) * s, 0), (right * s, 0.8 * s), (left * s, 0.8 * s)],
            fill=tone if k % 2 else other,
        )


def _barrier(draw: Draw, rng: np.random.Generator, s: float) -> None:
    tone = (150, 152, 156, 255) if rng.random() < 0.7 else (200, 60, 50, 255)
    draw.rectangle([0.02 * s, 0.02 * s, 2.4 * s, 1.0 * s], outline=tone, width=max(round(0.06 * s), 1))
    for x in np.arange(0.15, 2.35, 0.15):
        draw.line([(x * s, 0.05 * s), (x * s, 1.0 * s)], fill=tone, width=max(round(0.025 * s), 1))


def _tree(draw: Draw, rng: np.random.Generator, s: float) -> None:
    draw.line([(1.5 * s, 2 * s), (1.5 * s, 4.6 * s)], fill=(72, 56, 42, 255), width=max(round(0.25 * s), 1))
    green = _darker((66, 92, 48, 255), rng.uniform(0.7, 1.3))
    clumps = np.clip(rng.normal(0, 0.5, (12, 2)), -0.9, 0.9)
    for step in range(360):
        clump = clumps[rng.integers(12)]
        angle, reach = rng.uniform(0, 2 * np.pi), 0.5 * np.sqrt(rng.random())
        x, y = (1.5 + clump[0] + reach * np.cos(angle)) * s, (1.45 + clump[1] + reach * np.sin(angle)) * s
        r = rng.uniform(0.03, 0.09) * s
        light = 0.7 + step / 1100 - 0.5 * reach * np.sin(angle) - 0.15 * clump[1]
        draw.ellipse([x - r, y - r, x + r, y + r], fill=_darker(green, float(light * rng.uniform(0.85, 1.15))))


THINGS: dict[str, Thing] = {
    "umbrella": Thing(1.2, 1.2, 1.2, _umbrella),
    "parasol": Thing(3.0, 2.5, 0.0, _parasol),
    "flag": Thing(1.9, 3.0, 1.2, _flag),
    "placard": Thing(1.0, 1.9, 1.1, _placard),
    "balloon": Thing(0.4, 1.4, 1.4, _balloon),
    "ball": Thing(0.3, 0.3, 0.0, _ball),
    "lamp post": Thing(0.8, 5.0, 0.0, _lamp_post),
    "car": Thing(4.2, 1.6, 0.0, _car),
    "stall": Thing(3.0, 2.7, 0.0, _stall),
    "barrier": Thing(2.45, 1.02, 0.0, _barrier),
    "tree": Thing(3.0, 4.6, 0.0, _tree),
}
"""Every kind of clutter by name."""
