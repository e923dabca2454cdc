"""Reasons to doubt a count that can be seen in the picture itself."""

import numpy as np
from jaxtyping import UInt8

SMALLEST_SIDE = 64
"""Pixels; below this a picture is smaller than what the encoder sees around one patch."""
DARK = 16.0
"""Mean brightness, of 255, below which next to nothing can be seen."""
BLANK = 3.0
"""Standard deviation of the brightness, of 255, below which a picture shows nothing."""


def cautions(picture: UInt8[np.ndarray, "height width 3"]) -> tuple[str, ...]:
    """Plain sentences, none for an ordinary picture."""
    height, width = picture.shape[:2]
    found = []
    if min(height, width) < SMALLEST_SIDE:
        found.append(
            f"The picture is only {width} x {height} pixels; below {SMALLEST_SIDE} pixels a side counts are unreliable."
        )
    step = max(1, min(height, width) // 256)
    brightness = picture[::step, ::step].mean(axis=2, dtype=np.float32)
    if brightness.std() < BLANK:
        found.append("The picture is almost of one colour; there is nothing in it to count.")
    elif brightness.mean() < DARK:
        found.append("The picture is very dark; people who cannot be seen are not counted.")
    return tuple(found)
