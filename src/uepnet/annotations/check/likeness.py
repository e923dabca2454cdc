"""Whether two small pictures show the same photograph: every part of one must be found in the other."""

import numpy as np
from jaxtyping import Bool, Float

BLOCKS = 8
"""Blocks along each side of a picture that are compared one by one: a person who moved spoils one, a copy none."""
PLAIN = 8.0
"""A block whose luminance (0 to 255) deviates by less in both pictures is too plain to compare."""
FEWEST_BLOCKS = 4
"""With fewer blocks to compare, pictures are too plain to be called alike."""


def block_correlations(
    first: Float[np.ndarray, "*pictures size size"],
    second: Float[np.ndarray, "*pictures size size"],
    *,
    covered: Bool[np.ndarray, "size size"] | None = None,
) -> Float[np.ndarray, "*pictures blocks"]:
    """Pearson's correlation of the luminance in each block; NaN where a block is plain or not wholly covered."""
    ours, theirs = _centred_blocks(first), _centred_blocks(second)
    deviation = [np.sqrt((blocks * blocks).mean(axis=-1)) for blocks in (ours, theirs)]
    product = deviation[0] * deviation[1]
    correlations = (ours * theirs).mean(axis=-1) / np.maximum(product, 1e-9)
    compared = np.maximum(*deviation) >= PLAIN
    if covered is not None:
        compared &= _blocks(covered).all(axis=-1)
    result: Float[np.ndarray, "*pictures blocks"] = np.where(compared, correlations, np.nan)
    return result


def least_likeness(correlations: Float[np.ndarray, "*pictures blocks"]) -> Float[np.ndarray, "*pictures"]:
    """The correlation of the block that fits worst; -1 where too few blocks can be compared.

    >>> least_likeness(np.array([[0.9, 0.5, 1.0, 0.8, np.nan], [0.9, np.nan, 1.0, 0.8, np.nan]])).tolist()
    [0.5, -1.0]
    """
    known = ~np.isnan(correlations)
    enough = known.sum(axis=-1) >= FEWEST_BLOCKS
    least = np.where(known, correlations, 1.0).min(axis=-1)
    result: Float[np.ndarray, "*pictures"] = np.where(enough, least, -1.0)
    return result


def _blocks(grid: np.ndarray) -> np.ndarray:
    """[..., blocks, cells of a block]."""
    cells = grid.shape[-1] // BLOCKS
    split = grid.reshape(*grid.shape[:-2], BLOCKS, cells, BLOCKS, cells)
    return np.moveaxis(split, -3, -2).reshape(*grid.shape[:-2], BLOCKS * BLOCKS, cells * cells)


def _centred_blocks(grid: Float[np.ndarray, "*pictures size size"]) -> Float[np.ndarray, "*pictures blocks cells"]:
    blocks = _blocks(grid)
    centred: Float[np.ndarray, "*pictures blocks cells"] = blocks - blocks.mean(axis=-1, keepdims=True)
    return centred
