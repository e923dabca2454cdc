"""Setting people and things on the canvas, back to front, and finding out which heads are still seen."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from PIL import Image

from uepnet.scenes.paper import Sprite

VISIBLE_SHARE = 0.25
"""A head is annotated when at least this share of it is seen: about where an annotator stops to mark one."""


@dataclass(frozen=True)
class Person:
    """Where somebody's head is (`x`, `y`, `size` in pixels), what they look like and how they are lit."""

    x: float
    y: float
    size: float
    broad: float
    sprite: int
    mirrored: bool
    colours: Float[np.ndarray, "6 3"]
    haze: float


class Sheet:
    """The canvas with a second layer that knows whose head every pixel shows (0: nobody's).

    Above the row `far` is what stands behind the crowd; people throw no shadow there.
    """

    def __init__(self, canvas: Float[np.ndarray, "height width 3"], *, far: float) -> None:
        self.canvas = canvas
        self._shaded: Float[np.ndarray, "height width"] = np.zeros(canvas.shape[:2], dtype=np.float32)
        self._shaded[max(round(far) - 2, 0) :] = 1
        self.owner: Int[np.ndarray, "height width"] = np.zeros(canvas.shape[:2], dtype=np.int32)
        self._points: list[tuple[float, float]] = []
        self._areas: list[int] = []

    def add_person(self, person: Person, sprite: Sprite, *, veil: tuple[float, float, float]) -> None:
        """Draw somebody over what is there; `veil` is the colour of the haze."""
        share, full = person.size / sprite.scale, sprite.materials.size
        size = (max(round(full[0] * share * person.broad), 3), max(round(full[1] * share), 3))
        x, y = sprite.x * size[0] / full[0], sprite.y * size[1] / full[1]
        x = size[0] - x if person.mirrored else x
        left, top = round(person.x - x), round(person.y - y)
        self._points.append((left + x, top + y))
        window = _overlap(self.owner.shape, left, top, size)
        if window is None:
            self._areas.append(0)
            return
        there, here = window
        extra = _bands(sprite.extra, size, person.mirrored)
        self._areas.append(max(int((extra[..., 3] > 0.5).sum()), 1))
        extra = extra[here]
        paint = _bands(sprite.materials, size, person.mirrored)[here] @ _opaque(person.colours[:4])
        paint += extra @ _opaque(person.colours[4:])
        alpha = np.minimum(paint[..., 3:], 1)
        light = extra[..., 2:3] / np.maximum(alpha, np.float32(0.004)) * np.float32(2 * (1 - person.haze))
        lit = paint[..., :3] * light
        if person.haze > 0.01:
            lit += alpha * (np.array(veil, dtype=np.float32) * np.float32(person.haze))
        view = self.canvas[there]
        view *= 1 - alpha
        view += lit
        solid = alpha[..., 0] > 0.5
        self._shaded[there][solid] = 1
        owner = self.owner[there]
        owner[solid] = 0
        owner[extra[..., 3] > 0.5] = len(self._points)

    def add_thing(self, pixels: Float[np.ndarray, "rows columns 4"], *, left: int, top: int) -> None:
        """Draw a thing over what is there."""
        window = _overlap(self.owner.shape, left, top, (pixels.shape[1], pixels.shape[0]))
        if window is None:
            return
        there, here = window
        alpha = pixels[here][..., 3:]
        self.canvas[there] = self.canvas[there] * (1 - alpha) + pixels[here][..., :3] * alpha
        self.owner[there][alpha[..., 0] > 0.5] = 0

    def shadow(self, *, x: float, y: float, rx: float, ry: float, depth: float) -> None:
        """Darken a soft ellipse around (`x`, `y`) with the half axes `rx`, `ry`, by `depth` in its middle."""
        half = max(round(rx), 2), max(round(ry), 1)
        left, top = round(x) - half[0], round(y) - half[1]
        window = _overlap(self.owner.shape, left, top, (2 * half[0] + 1, 2 * half[1] + 1))
        if window is None:
            return
        there, here = window
        u = np.arange(-half[0], half[0] + 1, dtype=np.float32)[here[1]] / np.float32(half[0])
        v = np.arange(-half[1], half[1] + 1, dtype=np.float32)[here[0]] / np.float32(half[1])
        dark = np.maximum((1 - u * u)[None, :] - (v * v)[:, None], 0) * self._shaded[there]
        self.canvas[there] *= (1 - np.float32(depth) * dark)[..., None]

    def heads(self) -> tuple[Float[np.ndarray, "people 2"], Bool[np.ndarray, " people"]]:
        """The centres of all heads in the order of drawing, and which of them are seen (`VISIBLE_SHARE`)."""
        areas = np.array(self._areas, dtype=np.int64)
        shown = np.bincount(self.owner.ravel(), minlength=len(areas) + 1)[1:]
        return np.array(self._points, dtype=np.float64).reshape(-1, 2), (shown > 0) & (shown >= VISIBLE_SHARE * areas)


Window = tuple[slice, slice]


def _overlap(shape: tuple[int, ...], left: int, top: int, size: tuple[int, int]) -> tuple[Window, Window] | None:
    """Where a patch lies on the canvas and which part of it that is; None when it lies beside it."""
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + size[0], shape[1]), min(top + size[1], shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    return (slice(y0, y1), slice(x0, x1)), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))


def _bands(image: Image.Image, size: tuple[int, int], mirrored: bool) -> Float[np.ndarray, "rows columns 4"]:
    shrunk = np.asarray(image.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
    shrunk *= np.float32(1 / 255)
    return shrunk[:, ::-1] if mirrored else shrunk


def _opaque(colours: Float[np.ndarray, "materials 3"]) -> Float[np.ndarray, "4 4"]:
    """The matrix that turns covers of materials into red, green, blue and alpha; bands beyond the materials add nothing."""
    matrix = np.zeros((4, 4), dtype=np.float32)
    matrix[: len(colours), :3] = colours
    matrix[: len(colours), 3] = 1
    return matrix
