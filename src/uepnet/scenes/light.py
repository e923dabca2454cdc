"""The light of a scene: its hour and weather, and what they do to the finished picture."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageFilter

from uepnet.scenes.texture import clouds

Canvas = Float[np.ndarray, "height width 3"]


@dataclass(frozen=True)
class Light:
    """`tint` multiplies the picture, `people` the people; `haze` veils the distance in `sky`; lamps glow at night."""

    name: str
    sky: tuple[float, float, float]
    tint: tuple[float, float, float]
    people: float = 1.0
    haze: float = 0.15
    lamps: int = 0
    contrast: float = 1.0
    hardness: float = 0.4
    exposure: float = 0.42
    spots: bool = False


LIGHTS: dict[str, tuple[float, Light]] = {
    "day": (0.3, Light("day", (0.66, 0.82, 1.0), (1.06, 1.03, 0.98), contrast=1.08, exposure=0.46, hardness=0.9)),
    "overcast": (
        0.24,
        Light("overcast", (0.8, 0.82, 0.84), (0.94, 0.96, 0.98), haze=0.3, contrast=0.95, exposure=0.45, hardness=0.1),
    ),
    "dusk": (0.14, Light("dusk", (0.86, 0.58, 0.42), (0.9, 0.7, 0.6), haze=0.25, lamps=4, exposure=0.36)),
    "night": (
        0.12,
        Light(
            "night",
            (0.05, 0.06, 0.12),
            (0.38, 0.38, 0.48),
            haze=0.05,
            lamps=9,
            contrast=1.05,
            hardness=0.7,
            exposure=0.26,
        ),
    ),
    "backlit": (0.08, Light("backlit", (0.98, 0.93, 0.82), (1.05, 1.0, 0.92), people=0.45, haze=0.35, exposure=0.5)),
    "hall": (0.12, Light("hall", (0.62, 0.58, 0.5), (0.95, 0.87, 0.74), haze=0.1, lamps=6)),
}
"""The lights of a training scene with the share of each."""

STAGE_LIGHT = Light(
    "show",
    (0.06, 0.04, 0.1),
    (0.42, 0.36, 0.5),
    people=0.75,
    haze=0.1,
    lamps=5,
    contrast=1.1,
    spots=True,
    exposure=0.24,
)


def choose_light(rng: np.random.Generator, *, show: bool) -> Light:
    """A light at random; a show is lit by its stage half of the time."""
    if show and rng.random() < 0.55:
        return STAGE_LIGHT
    names = list(LIGHTS)
    shares = np.array([LIGHTS[name][0] for name in names])
    return LIGHTS[names[int(rng.choice(len(names), p=shares / shares.sum()))]][1]


def apply_light(rng: np.random.Generator, canvas: Canvas, light: Light, *, top: float) -> Canvas:
    """The picture in its light: tint, patches of sun and shade, pools and halos of lamps, coloured beams of a show."""
    height, width = canvas.shape[:2]
    patchy = 1 + 0.06 * clouds(rng, width=width, height=height, grain=width / 4, octaves=2)
    gain = patchy[..., None] * np.array(light.tint, dtype=np.float32)
    glow = np.zeros((height, width, 3), dtype=np.float32)
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    for _ in range(light.lamps):
        centre = rng.uniform(0, width), rng.uniform(0, 0.9 * height)
        reach = rng.uniform(0.08, 0.3) * width
        colour = _lamp_colour(rng, show=light.spots)
        pool = np.exp(-((x - centre[0]) ** 2 + (1.8 * (y - centre[1])) ** 2) / reach**2)
        gain += _enlarge(pool, width, height)[..., None] * colour * np.float32(rng.uniform(0.4, 1.1))
        if centre[1] < max(top, 0.2 * height):
            halo = 0.05 / (0.05 + ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (0.06 * width) ** 2)
            glow += _enlarge(halo, width, height)[..., None] * colour * np.float32(rng.uniform(0.3, 0.8))
    lit = canvas * (gain / (1 + np.maximum(gain - 1, 0) * np.float32(0.6))) + glow  # film saturates
    lit = (lit - 0.45) * light.contrast + 0.45
    return _bloom(np.clip(lit, 0, 1.4)) if light.lamps else lit


def _lamp_colour(rng: np.random.Generator, *, show: bool) -> Float[np.ndarray, "3"]:
    if show:
        hue = rng.uniform(0, 2 * np.pi)
        phases = np.array([0, 2.1, 4.2])
        return (0.55 + 0.45 * np.cos(hue + phases)).astype(np.float32)
    return np.array([1.0, rng.uniform(0.75, 0.97), rng.uniform(0.5, 0.9)], dtype=np.float32)


def _enlarge(values: Float[np.ndarray, "rows columns"], width: int, height: int) -> Float[np.ndarray, "height width"]:
    rows, columns = values.shape
    big = Image.fromarray(values.astype(np.float32)).resize((columns * 8, rows * 8), Image.Resampling.BILINEAR)
    return np.asarray(big)[:height, :width]


def _bloom(canvas: Canvas) -> Canvas:
    """Bright spots bleed into their surroundings, as through a lens."""
    height, width = canvas.shape[:2]
    bright = np.clip(canvas - 0.85, 0, 1)[::4, ::4]
    small = Image.fromarray(np.round(bright * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(width / 160))
    big = np.asarray(small.resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)
    bloomed: Canvas = canvas + big * np.float32(1 / 255)
    return bloomed
