"""One crop before any pixel is touched: which part of which picture, resized by how much, with which heads around it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

from uepnet.training.store import StoredPicture


@dataclass(frozen=True)
class Axis:
    """One axis of a crop: which pixels of the picture, resized to how many, where in the resized picture.

    `side` is the crop's own length; what `length` leaves of it lies beyond the picture. `extent` is the length of the
    resized picture and `corner` the beginning of the crop in it.
    """

    source: slice
    length: int
    side: int
    factor: float
    extent: float
    corner: float

    @property
    def mirrored_corner(self) -> float:
        """The beginning of the crop in the mirrored picture."""
        return self.extent - self.corner - self.length


@dataclass(frozen=True)
class Cut:
    """A choice of one crop."""

    picture: StoredPicture
    across: Axis
    down: Axis
    mirrored: bool

    @property
    def corner(self) -> tuple[float, float]:
        """Left and top of the crop in its resized (and mirrored) picture."""
        return self.across.mirrored_corner if self.mirrored else self.across.corner, self.down.corner

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the resized picture."""
        return self.across.extent, self.down.extent

    def heads(self) -> tuple[Float[Tensor, "heads 2"], Float[Tensor, " heads"]]:
        """Places and sigmas, in pixels of the resized picture, of the heads that reach into the crop."""
        xy = self.picture.xy * self.picture.xy.new_tensor((self.across.factor, self.down.factor))
        if self.mirrored:
            xy = xy * xy.new_tensor((-1.0, 1.0)) + xy.new_tensor((self.across.extent, 0.0))
        sigma = self.picture.sigma * ((self.across.factor * self.down.factor) ** 0.5)
        near = _near(xy, sigma, corner=self.corner, sides=(self.across.side, self.down.side))
        return xy[near], sigma[near]


def cut_axis(pixels: int, scale: float, side: int, random: np.random.Generator) -> Axis:
    """Choose the part of one axis that fills `side` pixels when resized by `scale`, or all of it."""
    region = min(pixels, max(1, round(side / scale)))
    first = int(random.integers(pixels - region + 1))
    length = side if region < pixels else min(side, max(1, round(region * scale)))
    factor = length / region
    return Axis(slice(first, first + region), length, side, factor, extent=pixels * factor, corner=first * factor)


def _near(
    xy: Float[Tensor, "heads 2"], sigma: Float[Tensor, " heads"], *, corner: tuple[float, float], sides: tuple[int, int]
) -> Tensor:
    """Which heads reach into the crop: beyond 6 sigma less than 1e-8 of a Gaussian is left."""
    low, length = xy.new_tensor(corner), xy.new_tensor(sides)
    reach = 6.0 * sigma[:, None]
    return ((xy > low - reach) & (xy < low + length + reach)).all(dim=1)
