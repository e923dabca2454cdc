"""A picture made small enough to look at, without a second copy of a large one."""

import numpy as np
from jaxtyping import UInt8
from PIL import Image

STRIP = 1024
"""Rows of a large picture that are reduced at once, about."""
REDUCING_GAP = 3.0
"""A picture is reduced by averaging to this many times the size of the view, and from there by Lanczos."""


def resized(picture: UInt8[np.ndarray, "height width 3"], size: tuple[int, int]) -> Image.Image:
    """The picture in the size (width, height): what Pillow gives for `reducing_gap=3`, a strip of rows at a time."""
    height, width = picture.shape[:2]
    across, down = (max(1, int(side / shown / REDUCING_GAP)) for side, shown in zip((width, height), size, strict=True))
    rows = max(1, STRIP // down) * down
    strips = [
        np.asarray(Image.fromarray(picture[top : top + rows]).reduce((across, down))) for top in range(0, height, rows)
    ]
    reduced = Image.fromarray(np.concatenate(strips))
    return reduced.resize(size, Image.Resampling.LANCZOS, box=(0.0, 0.0, width / across, height / down))
