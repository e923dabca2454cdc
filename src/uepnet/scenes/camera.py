"""The camera: how large a head is at a row of the picture, and where on the ground its owner stands.

Everybody stands on one plane and is about equally tall, so their heads lie in a plane too, and the size of a head grows
linearly with its distance (in rows) below the horizon. A head is 0.25 m high; that makes metres of pixels.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

HEAD_METRES = 0.25
EYE_METRES = 1.6
SMALLEST_HEAD = 3.0
LARGEST_HEAD = 110.0

Rows = Float[np.ndarray, " heads"]


@dataclass(frozen=True)
class Camera:
    """`horizon` is a row of the picture (negative: above it), `slope` the growth of a head in pixels per row.

    `top` and `bottom` are the first and the last row where heads may be; `foreshortening` is the share of a standing
    body's height that is seen (1 from the level of the eyes, 0 from straight above).
    """

    width: int
    height: int
    horizon: float
    slope: float
    top: float
    bottom: float
    foreshortening: float

    def head_size(self, rows: Rows) -> Rows:
        """Height in pixels of a head whose centre is at the given row."""
        return np.maximum((rows - self.horizon) * self.slope, 1.0)

    def size_at(self, row: float) -> float:
        """`head_size` for a single row."""
        return float(self.head_size(np.array([row], dtype=np.float64))[0])

    def feet_at(self, row: float) -> float:
        """`feet` for a single row."""
        return float(self.feet(np.array([row], dtype=np.float64))[0])

    def feet(self, rows: Rows) -> Rows:
        """The row of the feet of somebody whose head is at the given row."""
        return rows + EYE_METRES / HEAD_METRES * self.head_size(rows) * self.foreshortening

    def ground(self, columns: Rows, rows: Rows) -> tuple[Rows, Rows]:
        """Where heads stand, in metres: to the right of the middle, and away from the nearest row of the picture.

        Depth is measured so that a step of one metre moves a head as far as the foreshortened ground says.
        """
        size = self.head_size(rows)
        across = (columns - self.width / 2) / size * HEAD_METRES
        return across, self.depth_scale * (1.0 / size - 1.0 / self.size_at(self.bottom))

    @property
    def depth_scale(self) -> float:
        """Metres of depth per unit of 1 / head size: camera height above the heads over the tangent of the view."""
        tangent = np.sqrt(max(1.0 - self.foreshortening**2, 0.02)) / max(self.foreshortening, 0.15)
        middle = 0.5 * (self.top + self.bottom)
        return float((middle - self.horizon) * HEAD_METRES / tangent)


def choose_camera(rng: np.random.Generator, *, width: int, height: int, people: int, fill: float) -> Camera:
    """A camera that sees `people` heads covering about the share `fill` of the crowd's part of the picture.

    A crowd of many is seen from far and mostly from above; a few people may stand near.
    """
    unit = np.sqrt(width * height / (1024 * 768))
    top = float(height * rng.choice([rng.uniform(0.0, 0.12), rng.uniform(0.12, 0.5)], p=[0.45, 0.55]))
    mean_size = np.sqrt(width * (height - top) * fill / max(people, 3))
    mean_size = float(np.clip(mean_size, SMALLEST_HEAD * 1.6, 60.0 * unit))
    ratio = float(np.exp(rng.uniform(np.log(1.3), np.log(9.0 if top > 0.12 * height else 4.0))))
    far = float(np.clip(mean_size * 2 / (1 + ratio) * rng.uniform(0.9, 1.3), SMALLEST_HEAD, 50 * unit))
    near = float(np.clip(far * ratio, far * 1.15, LARGEST_HEAD * unit))
    slope = (near - far) / (height - top)
    horizon = top - far / slope
    focal = width * rng.uniform(0.9, 2.2)
    elevation = np.arctan(((top + height) / 2 - horizon) / focal)
    return Camera(
        width=width,
        height=height,
        horizon=horizon,
        slope=slope,
        top=top,
        bottom=float(height),
        foreshortening=float(np.clip(np.cos(elevation), 0.3, 0.98)),
    )
