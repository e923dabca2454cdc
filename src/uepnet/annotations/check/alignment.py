"""Laying one small picture over another that may show a little more or less of the same scene.

A `placement` says which part of the moving picture the fixed one shows. With both pictures spanning [0, 1] along each
axis, the fixed one's position u is the moving one's 1/2 + (1 + stretch) (u - 1/2) + shift.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

SIZES = (16, 32, 64)
"""Cells along a side at which a placement is sought, coarse to fine."""
STEPS = 10
SETTLED = 0.02
"""A step below this part of a cell ends the search at a size."""
LONGEST_STEP = 2.0
"""Cells by which a step may shift or stretch at most."""


@dataclass(frozen=True)
class Placement:
    """Stretch and shift of the rows (y) and of the columns (x), in parts of the picture's sides."""

    stretch_y: float = 0.0
    shift_y: float = 0.0
    stretch_x: float = 0.0
    shift_x: float = 0.0


def align(fixed: Float[np.ndarray, "size size"], moving: Float[np.ndarray, "grid grid"]) -> Placement:
    """The placement at which the moving picture differs least from the fixed one, up to brightness and contrast.

    Gauss-Newton on the squared differences, coarse to fine (Lucas and Kanade 1981), from "the same": it finds pictures
    trimmed by a few percent of their sides. `fixed` has 64 cells a side.
    """
    placement = np.zeros(4)
    for size in SIZES:
        target = shrink(fixed, size=size)
        for _ in range(STEPS):
            step = np.clip(_step(target, moving, Placement(*placement)), -LONGEST_STEP / size, LONGEST_STEP / size)
            placement = placement + step
            if np.abs(step).max() < SETTLED / size:
                break
    return Placement(*placement)


def place(
    moving: Float[np.ndarray, "grid grid"], placement: Placement, *, size: int
) -> tuple[Float[np.ndarray, "size size"], Bool[np.ndarray, "size size"]]:
    """The moving picture as the fixed one would show it, in size x size cells, and which cells it covers wholly."""
    rows, covers_rows = _weights(len(moving), placement.stretch_y, placement.shift_y, size=size)
    columns, covers_columns = _weights(len(moving), placement.stretch_x, placement.shift_x, size=size)
    return rows @ moving @ columns.T, covers_rows[:, None] & covers_columns[None, :]


def shrink(grid: Float[np.ndarray, "*pictures grid grid"], *, size: int) -> Float[np.ndarray, "*pictures size size"]:
    """The mean of each of size x size equal blocks of cells."""
    block = grid.shape[-1] // size
    smaller: Float[np.ndarray, "*pictures size size"] = grid.reshape(*grid.shape[:-2], size, block, size, block).mean(
        (-3, -1)
    )
    return smaller


def _weights(
    cells: int, stretch: float, shift: float, *, size: int
) -> tuple[Float[np.ndarray, "size cells"], Bool[np.ndarray, " size"]]:
    """How much of each new cell lies in each old one, and which new cells lie in the picture."""
    edges = 0.5 + (1 + stretch) * (np.arange(size + 1) / size - 0.5) + shift
    inside = (edges[:-1] >= -1e-6) & (edges[1:] <= 1 + 1e-6)
    clipped = np.clip(edges, 0, 1) * cells
    old = np.arange(cells)
    overlap = np.minimum(clipped[1:, None], old + 1) - np.maximum(clipped[:-1, None], old)
    overlap = np.clip(overlap, 0, None)
    return overlap / np.maximum(overlap.sum(axis=1, keepdims=True), 1e-9), inside


def _step(
    target: Float[np.ndarray, "size size"], moving: Float[np.ndarray, "grid grid"], placement: Placement
) -> Float[np.ndarray, " placement"]:
    """The change of the placement that best explains what is left of the difference, to first order."""
    size = len(target)
    placed, covered = place(moving, placement, size=size)
    if not covered.any():
        return np.zeros(4)
    slope_y, slope_x = (slope * size for slope in np.gradient(placed))
    u = (np.arange(size) + 0.5) / size - 0.5
    columns = (slope_y * u[:, None], slope_y, slope_x * u, slope_x, placed, np.ones_like(placed))
    system = np.stack([column[covered] for column in columns], axis=1)
    solution = np.linalg.lstsq(system.T @ system, system.T @ target[covered], rcond=1e-9)[0]
    contrast = solution[4] if abs(solution[4]) > 1e-3 else 1.0
    step: Float[np.ndarray, " placement"] = solution[:4] / contrast
    return step
