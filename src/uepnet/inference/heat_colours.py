"""The colours of the heat map: from dark violet over red to pale yellow, in equal steps of lightness for the eye.

Computed in OKLab (Ottosson 2020), where equal distances look equal. Lightness rises throughout, so the order of the
colours survives every kind of colour blindness and a black-and-white printer.
"""

from functools import cache

import numpy as np
from jaxtyping import Float, UInt8

STEPS = 256
LIGHTNESS = (0.36, 0.96)
HUE = (-60.0, 100.0)
"""Degrees: violet, then red and orange, then yellow."""
CHROMA = 0.18
"""Up to the middle; from there to the end it falls to half, since light yellow has no more within sRGB."""

LMS_FROM_LAB = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]]
)
RGB_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@cache
def heat_colours() -> UInt8[np.ndarray, "steps 3"]:
    """sRGB colours from the lowest value to the highest; read-only."""
    position = np.linspace(0.0, 1.0, STEPS)
    lightness = LIGHTNESS[0] + (LIGHTNESS[1] - LIGHTNESS[0]) * position
    hue = np.radians(HUE[0] + (HUE[1] - HUE[0]) * position)
    chroma = CHROMA * (1.0 - 0.5 * np.clip(2.0 * position - 1.0, 0.0, 1.0) ** 2)
    lab = np.stack((lightness, chroma * np.cos(hue), chroma * np.sin(hue)), axis=1)
    colours = np.round(255.0 * _srgb(lab)).astype(np.uint8)
    colours.setflags(write=False)
    return colours


def _srgb(lab: Float[np.ndarray, "colours 3"]) -> Float[np.ndarray, "colours 3"]:
    """OKLab to sRGB in [0, 1], colours beyond it cut off."""
    linear = np.clip((lab @ LMS_FROM_LAB.T) ** 3 @ RGB_FROM_LMS.T, 0.0, 1.0)
    colours: Float[np.ndarray, "colours 3"] = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return colours
