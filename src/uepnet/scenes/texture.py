"""Noise for surfaces: clouds of every grain, from a seeded generator."""

import numpy as np
from jaxtyping import Float
from PIL import Image


def clouds(
    rng: np.random.Generator, *, width: int, height: int, grain: float, octaves: int = 3
) -> Float[np.ndarray, "height width"]:
    """Smooth noise around 0 with a standard deviation of about 1; blobs are `grain` pixels wide, octaves halve it."""
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        step = max(grain / 2**octave, 1.0)
        rows, columns = int(np.ceil(height / step)) + 2, int(np.ceil(width / step)) + 2
        coarse = rng.standard_normal((rows, columns), dtype=np.float32)
        size = (round(columns * step), round(rows * step))
        smooth = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))
        total += smooth[:height, :width] * np.float32(0.5**octave)
    return total / max(float(total.std()), 1e-6)
