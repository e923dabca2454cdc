"""A rectangle of a picture and the grid of patches in it."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Window:
    """A rectangle in pixels of the picture; it may begin between pixels and reach beyond the picture."""

    left: float | int
    top: float | int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a window has at least one pixel, but this one is {self.width} x {self.height}")
        if not (math.isfinite(self.left) and math.isfinite(self.top)):
            raise ValueError(f"a window begins at finite pixels, not at ({self.left}, {self.top})")


def patch_edges(start: float | int, *, length: int, patch: int, inside: int) -> Float[np.ndarray, " edges"]:
    """Where the patches of a window begin and end along one axis, ceil(length / patch) + 1 ascending pixels.

    The last patch ends with the window, and edges beyond the picture, [0, inside], are moved to its border.

    >>> patch_edges(-4.0, length=20, patch=8, inside=15).tolist()
    [0.0, 4.0, 12.0, 15.0]
    """
    if patch < 1:
        raise ValueError(f"a patch has at least one pixel along its side, not {patch}")
    steps = np.minimum(np.arange(-(-length // patch) + 1, dtype=np.float64) * patch, length)
    return np.clip(start + steps, 0.0, inside)
