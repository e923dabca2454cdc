"""The scale of a heat map: which density has which colour, and how much of the picture it covers."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float32
from PIL import Image

from uepnet.inference.heat_colours import STEPS, heat_colours

DECADES = 50.0
"""Densities well below `top / DECADES` are shown in proportion, those above by their logarithm: near the camera a head
takes a hundred times the pixels that it takes far away, and both should be seen."""
STRONGEST = 0.8
"""Opacity of the heat where it is densest."""
FIRST_SEEN, FULL = 0.03, 0.45
"""Positions on the scale between which the heat turns from transparent to `STRONGEST`."""


LOWEST_TOP = 5.0
"""The scale's end for nearly empty pictures, in people per 100 x 100 pixels: a trace of doubt is no crowd."""


@dataclass(frozen=True)
class HeatScale:
    """From empty to `top`, in people per 100 x 100 pixels."""

    top: float

    def position(self, density: Float32[np.ndarray, "*shape"]) -> Float32[np.ndarray, "*shape"]:
        """Where on the scale densities lie, from 0 (empty) to 1 (`top` and above).

        >>> HeatScale(100.0).position(np.array([0.0, 100.0, 1000.0], dtype=np.float32)).tolist()
        [0.0, 1.0, 1.0]
        """
        relative = np.clip(density / np.float32(self.top), 0.0, 1.0)
        position: Float32[np.ndarray, "*shape"] = np.log1p(DECADES * relative) / np.float32(np.log1p(DECADES))
        return position

    def ticks(self) -> tuple[float, ...]:
        """The densities that the scale is labelled with."""
        return (0.0, self.top / 10, self.top)


def scale_for(density: Float32[np.ndarray, "rows columns"]) -> HeatScale:
    """A scale that ends at a round number near the highest densities, a few peaks left aside."""
    return HeatScale(_round_up(max(LOWEST_TOP, float(np.quantile(density, 0.995)), float(density.max()) / 3)))


def heat_over(background: Image.Image, position: Float32[np.ndarray, "rows columns"]) -> Image.Image:
    """The colours of the positions over an RGB picture; where nobody is, the picture stays as it is."""
    colours, opacity = _heat(position)
    return Image.composite(colours, background, opacity)


def heat_alone(position: Float32[np.ndarray, "rows columns"]) -> Image.Image:
    """The heat of `heat_over` without a picture below it: RGBA, transparent where nobody is."""
    colours, opacity = _heat(position)
    colours.putalpha(opacity)
    return colours


def _heat(position: Float32[np.ndarray, "rows columns"]) -> tuple[Image.Image, Image.Image]:
    """The colours of the positions in RGB, and how opaque each is."""
    step = Image.fromarray(np.rint(position * np.float32(STEPS - 1)).astype(np.uint8))
    heat = step.copy()
    heat.putpalette(heat_colours().tobytes())
    return heat.convert("RGB"), step.point(_opacities())


@cache
def _opacities() -> tuple[int, ...]:
    """The opacity of each step of the scale, in 255ths."""
    rise = np.clip((np.arange(STEPS) / (STEPS - 1) - FIRST_SEEN) / (FULL - FIRST_SEEN), 0.0, 1.0)
    return tuple(np.rint(255.0 * STRONGEST * rise * (2.0 - rise)).astype(int).tolist())


def _round_up(value: float) -> float:
    """The next number of the kind 1, 2, 3, 5 times a power of ten.

    >>> _round_up(17.0), _round_up(3.0), _round_up(999.0)
    (20.0, 3.0, 1000.0)
    """
    power = 10.0 ** int(np.floor(np.log10(value)))
    return next(step * power for step in (1.0, 2.0, 3.0, 5.0, 10.0) if value <= step * power * (1 + 1e-6))
