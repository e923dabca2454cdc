"""Regions of interest: which points, pixels and shares of patches lie in a polygon of a picture.

A region is the list of a polygon's corners (x, y) in pixels of the picture; it closes by itself.
"""

import numpy as np
from jaxtyping import Bool, Float, UInt8
from PIL import Image, ImageFilter

Region = Float[np.ndarray, "corners 2"]


def in_region(xy: Float[np.ndarray, "points 2"], region: Region) -> Bool[np.ndarray, " points"]:
    """Which points lie in the polygon (even-odd rule: an odd number of its sides crosses the ray to their right).

    >>> square = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    >>> in_region(np.array([[1.0, 1.0], [5.0, 1.0]]), square).tolist()
    [True, False]
    """
    if len(region) < 3:
        raise ValueError(f"a region is a polygon of at least 3 corners, but this one has {len(region)}")
    x, y = xy[:, 0], xy[:, 1]
    inside = np.zeros(len(xy), dtype=np.bool_)
    for (from_x, from_y), (to_x, to_y) in zip(region, np.roll(region, -1, axis=0), strict=True):
        if from_y == to_y:
            continue
        crossed = (from_y > y) != (to_y > y)
        inside ^= crossed & (x < from_x + (y - from_y) * ((to_x - from_x) / (to_y - from_y)))
    return inside


def region_mask(region: Region, *, width: int, height: int) -> Bool[np.ndarray, "height width"]:
    """Which pixels have their centre in the polygon."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return in_region(np.column_stack((x.ravel(), y.ravel())), region).reshape(height, width)


def patch_shares(mask: Bool[np.ndarray, "height width"], *, patch: int) -> Float[np.ndarray, "rows columns"]:
    """The share of each patch's pixels that are in the mask; a patch at the edge has the pixels that the picture has.

    >>> patch_shares(np.array([[True, True, False], [True, False, False]]), patch=2).tolist()
    [[0.75, 0.0]]
    """
    height, width = mask.shape
    rows, columns = np.arange(0, height, patch), np.arange(0, width, patch)
    inside = np.add.reduceat(np.add.reduceat(mask.astype(np.float64), rows, axis=0), columns, axis=1)
    shares: Float[np.ndarray, "rows columns"] = inside / np.outer(
        np.minimum(patch, height - rows), np.minimum(patch, width - columns)
    )
    return shares


def blur_outside(
    pixels: UInt8[np.ndarray, "height width 3"], mask: Bool[np.ndarray, "height width"], *, side: int
) -> UInt8[np.ndarray, "height width 3"]:
    """The picture with each pixel outside the mask replaced by the mean of the `side` x `side` pixels around it.

    Beyond its edge the picture goes on as its last pixels; `side` is odd.
    """
    blurred = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(side // 2)))
    return np.where(mask[:, :, None], pixels, blurred)
