"""Whether two pictures show overlapping parts of one place, from small sketches of them.

A sketch is the luminance on a small grid without its slow changes, every part brought to the same contrast, so that light
and exposure matter little. Two sketches are laid over each other at every shift at once, and where they overlap their
correlation is taken: normalised cross-correlation under masks, by Fourier transforms (Padfield 2012, "Masked object
registration in the Fourier domain"; the means are 0 by the sketch's making). Views of different places fit badly at their
best shift, those of one place well, even if one is turned by a degree or two.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Complex, Float32, Int8, UInt8
from PIL import Image, ImageFilter

LONGER_SIDE = 112
"""Cells of a sketch along the picture's longer side."""
CANVAS = 2 * LONGER_SIDE
"""Cells that two sketches side by side need, so that a shift past an end does not come in again at the other."""
SHORTEST_SIDE = 16
SLOW = 4
"""Cells over which the luminance is averaged to take its slow changes out."""
NEARBY = 6
"""Cells around a cell whose contrast it is compared with."""
PLAIN = 3.0
"""Luminance steps (of 255) of contrast that count as nothing, so that plain sky does not become noise."""
STEEPEST = 3.0
SCALE = 127 / STEEPEST
LEAST_SHARED = 0.35
"""The part of the smaller view that must lie in the other; below it a good fit says little."""


@dataclass(frozen=True)
class Fit:
    """The best fit of two sketches: correlation where they overlap, and the part of the smaller one that overlaps."""

    likeness: float
    shared: float


@dataclass(frozen=True)
class Spectra:
    """What the comparison needs of a sketch: the transforms of its values, their squares and its extent."""

    values: Complex[np.ndarray, "rows half"]
    squares: Complex[np.ndarray, "rows half"]
    extent: Complex[np.ndarray, "rows half"]
    cells: int


ENOUGH = 4096
"""Pixels of the longer side that a sketch is made from, at least; larger pictures are thinned out first."""


def sketch(picture: UInt8[np.ndarray, "height width 3"]) -> Int8[np.ndarray, "rows columns"]:
    """The sketch of a picture, 127 for the steepest light and -127 for the steepest dark."""
    scale = LONGER_SIDE / max(picture.shape[:2])
    size = (max(SHORTEST_SIDE, round(picture.shape[1] * scale)), max(SHORTEST_SIDE, round(picture.shape[0] * scale)))
    small = thinned(picture).resize(size, Image.Resampling.BOX, reducing_gap=2.0).convert("L")
    slow = np.asarray(small.filter(ImageFilter.GaussianBlur(SLOW)), dtype=np.float32)
    fast = np.asarray(small, dtype=np.float32) - slow
    contrast = Image.fromarray(np.minimum(4.0 * np.abs(fast), 255.0).astype(np.uint8))
    nearby = np.asarray(contrast.filter(ImageFilter.BoxBlur(NEARBY)), dtype=np.float32) / 4.0
    even = np.clip(fast / (1.25 * nearby + PLAIN), -STEEPEST, STEEPEST)
    made: Int8[np.ndarray, "rows columns"] = np.rint(SCALE * even).astype(np.int8)
    return made


def thinned(picture: UInt8[np.ndarray, "height width 3"]) -> Image.Image:
    """Every so manyth pixel, the longer side not below `ENOUGH`: Pillow's copy of a huge picture is larger than the picture."""
    step = max(1, max(picture.shape[:2]) // ENOUGH)
    return Image.fromarray(np.ascontiguousarray(picture[::step, ::step]))


def spectra(made: Int8[np.ndarray, "rows columns"]) -> Spectra:
    """The transforms of a sketch on the common canvas."""
    values = made.astype(np.float32)
    return Spectra(_transform(values), _transform(values * values), _transform(np.ones_like(values)), made.size)


def best_fit(first: Spectra, second: Spectra) -> Fit:
    """The shift with the highest correlation, among those where the views share enough."""
    common = _at_all_shifts(first.extent, second.extent)
    smaller = min(first.cells, second.cells)
    products = _at_all_shifts(first.values, second.values)
    squares = _at_all_shifts(first.squares, second.extent) * _at_all_shifts(first.extent, second.squares)
    likeness = np.where(common >= LEAST_SHARED * smaller, products / np.sqrt(np.maximum(squares, 1.0)), -1.0)
    best = int(np.argmax(likeness))
    return Fit(float(likeness.flat[best]), float(min(1.0, common.flat[best] / smaller)))


def _transform(values: Float32[np.ndarray, "rows columns"]) -> Complex[np.ndarray, "canvas half"]:
    transformed: Complex[np.ndarray, "canvas half"] = np.fft.rfft2(values, (CANVAS, CANVAS))
    return transformed


def _at_all_shifts(
    first: Complex[np.ndarray, "rows half"], second: Complex[np.ndarray, "rows half"]
) -> Float32[np.ndarray, "canvas canvas"]:
    """The sum of products of two pictures at every shift of the second."""
    sums: Float32[np.ndarray, "canvas canvas"] = np.fft.irfft2(first * second.conj(), (CANVAS, CANVAS))
    return sums.astype(np.float32)
