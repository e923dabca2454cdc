"""The same picture changed in a way that leaves everybody in it, and by how much the count may change."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageFilter

from uepnet.points import HeadPoints

LEAST_PEOPLE = 5.0
"""A change is measured as a share of the count, or of so many people where fewer are counted."""
LEAST_SPACING = 8.0
"""Pixels; a picture is halved or doubled only where its median head spacing stays above."""


@dataclass(frozen=True)
class Change:
    """A change of a picture and its limit: the median over pictures of the change of the count, as a share of it."""

    name: str
    about: str
    limit: float
    apply: Callable[[Image.Image], Image.Image]
    factor: float = 1.0
    """Of the picture's sides."""
    spacing_matters: bool = False

    def applies_to(self, heads: HeadPoints) -> bool:
        """Whether the picture's people stay large enough to be told apart."""
        return not self.spacing_matters or median_spacing(heads) * self.factor > LEAST_SPACING

    def __call__(self, picture: UInt8[np.ndarray, "_ _ 3"]) -> UInt8[np.ndarray, "_ _ 3"]:
        """The changed picture."""
        return np.ascontiguousarray(np.asarray(self.apply(Image.fromarray(picture))))


def relative_change(before: float, after: float) -> float:
    """How far `after` is from `before`, as a share of it.

    >>> relative_change(100.0, 90.0), relative_change(1.0, 2.0)
    (0.1, 0.2)
    """
    return abs(after - before) / max(before, LEAST_PEOPLE)


def median_spacing(heads: HeadPoints) -> float:
    """The median distance of a head to its nearest neighbour, in pixels; infinite for fewer than two heads."""
    if len(heads.xy) < 2:
        return float("inf")
    from scipy.spatial import cKDTree

    distances = np.asarray(cKDTree(heads.xy).query(heads.xy, k=2)[0])
    return float(np.median(distances[:, 1]))


def _resized(factor: float) -> Callable[[Image.Image], Image.Image]:
    def resize(picture: Image.Image) -> Image.Image:
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        return picture.resize(size, Image.Resampling.BICUBIC)

    return resize


def _gamma(power: float) -> Callable[[Image.Image], Image.Image]:
    table = [round(255 * (value / 255) ** power) for value in range(256)] * 3
    return lambda picture: picture.point(table)


def _jpeg(picture: Image.Image) -> Image.Image:
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=30)
    return Image.open(stored).convert("RGB")


def _grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def _mirrored(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


CHANGES = (
    Change("size-0.75", "0.75 times its size", 0.15, _resized(0.75), factor=0.75),
    Change("size-1.5", "1.5 times its size", 0.15, _resized(1.5), factor=1.5),
    Change("size-0.5", "half its size", 0.25, _resized(0.5), factor=0.5, spacing_matters=True),
    Change("size-2", "twice its size", 0.25, _resized(2.0), factor=2.0, spacing_matters=True),
    Change("jpeg-30", "JPEG of quality 30", 0.10, _jpeg),
    Change("gamma-0.5", "lighter: gamma 0.5", 0.10, _gamma(0.5)),
    Change("gamma-2", "darker: gamma 2", 0.10, _gamma(2.0)),
    Change("greyscale", "without colour", 0.10, _grey),
    Change("blur-1", "blurred by 1 pixel", 0.10, _blurred),
    Change("mirror", "mirrored", 0.03, _mirrored),
)
"""In the order of the table; the limits are the project's and are never loosened."""
