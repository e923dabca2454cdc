"""Head points of one picture, and the ways a picture changes under them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True)
class HeadPoints:
    """One point per head in a picture of `width` x `height` pixels.

    `xy` is in pixels from the upper left corner of the picture, x to the right and y down; pixel (0, 0) covers
    [0, 1) x [0, 1). Points may lie outside the picture: annotators slip, and they are counted all the same.
    """

    xy: Float[np.ndarray, "heads 2"]
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.xy.ndim != 2 or self.xy.shape[1] != 2:
            raise ValueError(f"points have the shape [heads, 2], but these have {list(self.xy.shape)}")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a picture has at least one pixel, but this one is {self.width} x {self.height}")
        if not np.isfinite(self.xy).all():
            raise ValueError(f"{int((~np.isfinite(self.xy)).any(axis=1).sum())} of {len(self)} points are not finite")

    def __len__(self) -> int:
        return int(self.xy.shape[0])

    def inside(self) -> Bool[np.ndarray, " heads"]:
        """Which points lie in the picture."""
        x, y = self.xy[:, 0], self.xy[:, 1]
        result: Bool[np.ndarray, " heads"] = (x >= 0) & (x < self.width) & (y >= 0) & (y < self.height)
        return result

    def scale(self, *, width: int, height: int) -> "HeadPoints":
        """The points of the same picture resized to `width` x `height` pixels.

        >>> HeadPoints(np.array([[10.0, 20.0]]), width=100, height=50).scale(width=50, height=25).xy.tolist()
        [[5.0, 10.0]]
        """
        return HeadPoints(self.xy * (width / self.width, height / self.height), width=width, height=height)

    def mirror(self) -> "HeadPoints":
        """The points of the picture mirrored left to right.

        >>> HeadPoints(np.array([[10.0, 20.0]]), width=100, height=50).mirror().xy.tolist()
        [[90.0, 20.0]]
        """
        return HeadPoints(self.xy * (-1.0, 1.0) + (float(self.width), 0.0), width=self.width, height=self.height)

    def crop(self, *, left: int, top: int, width: int, height: int) -> "HeadPoints":
        """The points seen from a crop, those outside it included (their Gaussians may reach into it).

        >>> HeadPoints(np.array([[10.0, 20.0]]), width=100, height=50).crop(left=8, top=0, width=64, height=32).xy.tolist()
        [[2.0, 20.0]]
        """
        return HeadPoints(self.xy - (float(left), float(top)), width=width, height=height)
