"""The scale of a heat map: which density has which colour, and how much of the picture it covers."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, UInt8

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


def heat_over(
    background: Float32[np.ndarray, "*shape 3"], position: Float32[np.ndarray, "*shape"]
) -> UInt8[np.ndarray, "*shape 3"]:
    """The colours of the positions over a background in [0, 255]; where nobody is, the background stays as it is."""
    rise = np.clip((position - FIRST_SEEN) / (FULL - FIRST_SEEN), 0.0, 1.0)
    opacity = (STRONGEST * rise * (2.0 - rise))[..., None]
    colours = heat_colours()[np.round(position * (STEPS - 1)).astype(np.int64)].astype(np.float32)
    mixed: UInt8[np.ndarray, "*shape 3"] = np.round((1.0 - opacity) * background + opacity * colours).astype(np.uint8)
    return mixed


def _round_up(value: float) -> float:
    """The next number of the kind 1, 2, 3, 5 times a power of ten.

    >>> _round_up(17.0), _round_up(3.0), _round_up(999.0)
    (20.0, 3.0, 1000.0)
    """
    power = 10.0 ** int(np.floor(np.log10(value)))
    return next(step * power for step in (1.0, 2.0, 3.0, 5.0, 10.0) if value <= step * power * (1 + 1e-6))
