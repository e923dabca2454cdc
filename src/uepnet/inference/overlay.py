"""The picture with its count map as a heat map over it, its zones, and the count in words below."""

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

from uepnet.inference.caption import draw_caption, unit_of
from uepnet.inference.heat_scale import HeatScale, heat_alone, heat_over, scale_for
from uepnet.inference.result import CountResult
from uepnet.inference.view import resized
from uepnet.inference.zone_drawing import draw_zones
from uepnet.inference.zone_legend import draw_legend

LONGEST_SIDE = 2048
"""Pixels of the drawing; larger pictures are shown scaled down."""
SHORTEST_VIEW = 480
"""Pixels of the longer side below which a picture is shown enlarged."""
GREYED = 0.65
DIMMED = 0.8
"""How much colour the picture loses and how much of its light it keeps, so that the heat stands out."""
PER_PIXELS = 100 * 100
"""The unit of the scale: people per this many pixels of the picture."""


def draw_overlay(
    picture: UInt8[np.ndarray, "height width 3"], result: CountResult, *, scale: HeatScale | None = None
) -> Image.Image:
    """The picture in faded colours, people shown as heat, with the count, the scale and the model below it.

    The zones of the result are drawn over it by their status, and listed below. Pictures above `LONGEST_SIDE` are
    scaled down and small ones enlarged, so that the drawing can be looked at. Drawings that follow each other have one
    `scale`; without it the picture has its own.
    """
    if picture.shape[:2] != (result.height, result.width):
        raise ValueError(
            f"the result is of a picture of {result.width} x {result.height} pixels, this one is "
            f"{picture.shape[1]} x {picture.shape[0]}"
        )
    size = view_size(result.width, result.height)
    density = _density(result)
    scale = scale or scale_for(density)
    shown = resized(picture, size)
    heat = scale.position(_per_pixel(density, result, size))
    view = heat_over(_faded(shown), heat)
    unit = unit_of(view)
    if result.zones:
        view = draw_zones(view, result, unit=unit)
    return draw_legend(draw_caption(view, result, scale=scale), result, unit=unit)


def scale_of(result: CountResult) -> HeatScale:
    """The scale that fits one picture."""
    return scale_for(_density(result))


def draw_heat(result: CountResult, *, longest: int = LONGEST_SIDE) -> tuple[Image.Image, HeatScale]:
    """The heat alone, to lie over the picture: RGBA with the picture's shape and `longest` pixels at most; its scale."""
    density = _density(result)
    scale = scale_for(density)
    size = view_size(result.width, result.height, longest=longest)
    return heat_alone(scale.position(_per_pixel(density, result, size))), scale


def view_size(width: int, height: int, *, longest: int = LONGEST_SIDE) -> tuple[int, int]:
    """Width and height of what is shown of a picture: reduced to `longest` pixels, or enlarged to `SHORTEST_VIEW`."""
    side = max(width, height)
    factor = min(max(1.0, SHORTEST_VIEW / side), longest / side)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _density(result: CountResult) -> Float32[np.ndarray, "rows columns"]:
    """People per `PER_PIXELS` around every patch; neighbours are averaged a little, which keeps the crowd's sum."""
    padded = np.pad(result.count_map, 1, mode="edge")
    across = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    averaged = (across[:-2] + 2 * across[1:-1] + across[2:]) / 4
    density: Float32[np.ndarray, "rows columns"] = (averaged * (PER_PIXELS / result.patch**2)).astype(np.float32)
    return density


def _per_pixel(
    density: Float32[np.ndarray, "rows columns"], result: CountResult, size: tuple[int, int]
) -> Float32[np.ndarray, "view_rows view_columns"]:
    """The density at every pixel of the view, without the part of the last patches beyond the picture."""
    inside = (0.0, 0.0, result.width / result.patch, result.height / result.patch)
    values = np.asarray(Image.fromarray(density).resize(size, Image.Resampling.BICUBIC, box=inside))
    positive: Float32[np.ndarray, "view_rows view_columns"] = np.maximum(values, np.float32(0.0))
    return positive


def _faded(shown: Image.Image) -> Image.Image:
    """Each colour moved towards the mean of the three, then all made darker."""
    of_all = DIMMED * GREYED / 3
    of_its_own = DIMMED * (1.0 - GREYED) + of_all
    return shown.convert(
        "RGB",
        (*(of_its_own, of_all, of_all, 0.0), *(of_all, of_its_own, of_all, 0.0), *(of_all, of_all, of_its_own, 0.0)),
    )
