"""The sheet a person is painted on: strokes of materials, each with its shading, later ones over earlier ones.

Units are heads, the centre of the head is the origin, x points to the right and y down.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float
from PIL import Image

from uepnet.scenes.texture import clouds

SKIN, HAIR, TOP, BOTTOM, ACCENT, DARK = range(6)
"""The materials; what colour they are is decided for each person that wears the sprite."""

MATERIALS = 6
LEFT, ABOVE, RIGHT = -2.2, -2.9, 2.2
"""The frame of a sheet, in heads."""

Plane = Float[np.ndarray, "rows columns"]
Broadcast = Float[np.ndarray, "#rows #columns"]


@dataclass(frozen=True)
class Stroke:
    """A painted form: where on the sheet, how much of each pixel it covers, how bright it is, and the places there."""

    rows: slice
    columns: slice
    mask: Plane
    shade: Plane
    x: Float[np.ndarray, "1 columns"]
    y: Float[np.ndarray, "rows 1"]

    def only(self, part: Plane) -> "Stroke":
        """The part of the form where `part` is 1."""
        return replace(self, mask=self.mask * part)

    def bright(self, factor: float) -> "Stroke":
        """The form brighter or darker."""
        return replace(self, shade=self.shade * np.float32(factor))


@dataclass(frozen=True)
class Sprite:
    """A painted person: materials 0-3 in one four-band picture; materials 4-5, brightness and head in another.

    Brightness (128 = as it is) is multiplied by cover. `scale` is pixels per head, (`x`, `y`) the head's centre.
    """

    materials: Image.Image
    extra: Image.Image
    scale: float
    x: float
    y: float

    def halves(self) -> "Sprite":
        """The same at half the scale, for people far away."""
        return Sprite(
            materials=self.materials.reduce(2),
            extra=self.extra.reduce(2),
            scale=self.scale / 2,
            x=self.x / 2,
            y=self.y / 2,
        )


class Paper:
    """A sheet being painted on. The light comes from above and from `light_x`; `hardness` 0 is an overcast sky."""

    def __init__(self, *, scale: float, below: float, light_x: float, hardness: float) -> None:
        columns, rows = round((RIGHT - LEFT) * scale), round((below - ABOVE) * scale)
        self.scale = scale
        self.x = ((np.arange(columns, dtype=np.float32) + np.float32(0.5)) / np.float32(scale) + np.float32(LEFT))[
            None, :
        ]
        self.y = ((np.arange(rows, dtype=np.float32) + np.float32(0.5)) / np.float32(scale) + np.float32(ABOVE))[
            :, None
        ]
        self.cover = np.zeros((rows, columns, MATERIALS), dtype=np.float32)
        self.shade = np.ones((rows, columns), dtype=np.float32)
        self.head = np.zeros((rows, columns), dtype=np.float32)
        length = np.sqrt(light_x**2 + 0.75**2 + 0.6**2)
        self.light = np.array([light_x / length, -0.75 / length, 0.6 / length], dtype=np.float32)
        self.ambient, self.direct = np.float32(0.8 - 0.34 * hardness), np.float32(0.32 + 0.48 * hardness)

    def paint(self, stroke: Stroke, material: int, *, head: bool = False) -> None:
        """Lay `material` over what is there; `head` when the form is a part of the head."""
        here = (stroke.rows, stroke.columns)
        rest = 1 - stroke.mask
        self.cover[here] *= rest[..., None]
        self.cover[here][..., material] += stroke.mask
        self.shade[here] += stroke.mask * (stroke.shade - self.shade[here])
        self.head[here] = np.maximum(self.head[here], stroke.mask) if head else self.head[here] * rest

    def darken(self, stroke: Stroke, depth: float) -> None:
        """Throw a shadow of the form on what is there."""
        self.shade[stroke.rows, stroke.columns] *= 1 - np.float32(depth) * stroke.mask

    def ball(self, x: float, y: float, rx: float, ry: float) -> Stroke:
        """An ellipsoid."""
        rows, columns = self._window(x - rx, y - ry, x + rx, y + ry)
        px, py = self.x[:, columns], self.y[rows]
        u, v = (px - np.float32(x)) / np.float32(rx), (py - np.float32(y)) / np.float32(ry)
        r2 = u * u + v * v
        mask = np.clip((1 - np.sqrt(r2)) * np.float32(min(rx, ry) * self.scale) + np.float32(0.5), 0, 1)
        return Stroke(rows, columns, mask, self._lit(u, v, r2), px, py)

    def limb(self, start: tuple[float, float], end: tuple[float, float], r0: float, r1: float) -> Stroke:
        """A capsule from `start` with the radius `r0` to `end` with the radius `r1`."""
        wide = max(r0, r1)
        rows, columns = self._window(
            min(start[0], end[0]) - wide,
            min(start[1], end[1]) - wide,
            max(start[0], end[0]) + wide,
            max(start[1], end[1]) + wide,
        )
        px, py = self.x[:, columns], self.y[rows]
        dx, dy = np.float32(end[0] - start[0]), np.float32(end[1] - start[1])
        from_x, from_y = px - np.float32(start[0]), py - np.float32(start[1])
        t = np.clip((from_x * dx + from_y * dy) / max(dx * dx + dy * dy, np.float32(1e-6)), 0, 1)
        radius = np.float32(r0) + np.float32(r1 - r0) * t
        u, v = (from_x - t * dx) / radius, (from_y - t * dy) / radius
        r2 = u * u + v * v
        mask = np.clip((1 - np.sqrt(r2)) * radius * np.float32(self.scale) + np.float32(0.5), 0, 1)
        return Stroke(rows, columns, mask, self._lit(u, v, r2), px, py)

    def cloth(self, top: tuple[float, float], bottom: tuple[float, float]) -> Stroke:
        """A garment around the middle: (y, half width) at its upper and its lower edge, round like a barrel."""
        wide = max(top[1], bottom[1])
        rows, columns = self._window(-wide, top[0], wide, bottom[0])
        px, py = self.x[:, columns], self.y[rows]
        t = np.clip((py - np.float32(top[0])) / np.float32(max(bottom[0] - top[0], 1e-3)), 0, 1)
        half = np.float32(top[1]) + np.float32(bottom[1] - top[1]) * t
        u = px / half
        inside = np.minimum(
            half - np.abs(px), np.minimum(py - np.float32(top[0]), np.float32(bottom[0]) - py + 0.06 * (1 - u * u))
        )
        mask = np.clip(inside * np.float32(self.scale) + np.float32(0.5), 0, 1)
        return Stroke(rows, columns, mask, self._lit(u, np.float32(0.3) * t - np.float32(0.2), u * u), px, py)

    def finish(self, rng: np.random.Generator, *, gloom: float, foreshortening: float) -> Sprite:
        """The sprite: folds and weave added, darker towards the feet by `gloom` a head, cut to what is covered."""
        rows, columns = self.shade.shape
        folds = clouds(rng, width=columns, height=rows, grain=self.scale * 0.5)
        weave = clouds(rng, width=columns, height=rows, grain=max(self.scale * 0.07, 1.0), octaves=1)
        cloth = self.cover[..., TOP] + self.cover[..., BOTTOM] + self.cover[..., ACCENT]
        self.shade *= 1 + folds * (0.03 + 0.08 * cloth) + weave * (0.02 + 0.06 * self.cover[..., HAIR])
        self.shade *= np.clip(1.06 - gloom * self.y / max(foreshortening, 0.3), 0.35, 1.1)
        covered = self.cover.sum(axis=2)
        extra = np.dstack([self.cover[..., 4:], np.clip(self.shade, 0, 2) * 0.5 * covered, self.head])
        top, left, bottom, right = _extent(covered > 0.004)
        here = (slice(top, bottom), slice(left, right))
        return Sprite(
            materials=_four_bands(self.cover[here][..., :4]),
            extra=_four_bands(extra[here]),
            scale=self.scale,
            x=-LEFT * self.scale - left,
            y=-ABOVE * self.scale - top,
        )

    def _lit(self, u: Broadcast, v: Broadcast, r2: Plane) -> Plane:
        """Lambert's law on a round form with the normal (u, v, sqrt(1 - u^2 - v^2))."""
        facing = u * self.light[0] + v * self.light[1] + np.sqrt(np.clip(1 - r2, 0, 1)) * self.light[2]
        lit: Plane = self.ambient + self.direct * np.clip(facing, np.float32(-0.3), 1)
        return lit

    def _window(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """The pixels of a box given in heads, with a pixel to spare."""
        height, width = self.shade.shape
        rows = (int((top - ABOVE) * self.scale) - 1, int((bottom - ABOVE) * self.scale) + 2)
        columns = (int((left - LEFT) * self.scale) - 1, int((right - LEFT) * self.scale) + 2)
        return (
            slice(min(max(rows[0], 0), height), min(max(rows[1], 0), height)),
            slice(min(max(columns[0], 0), width), min(max(columns[1], 0), width)),
        )


def _extent(covered: Bool[np.ndarray, "rows columns"]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _four_bands(values: Float[np.ndarray, "rows columns 4"]) -> Image.Image:
    """Four independent bands; CMYK is the four-band mode in which Pillow resizes every band by itself."""
    bands = np.clip(values * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image.frombuffer("CMYK", (bands.shape[1], bands.shape[0]), bands.tobytes(), "raw", "CMYK", 0, 1)
