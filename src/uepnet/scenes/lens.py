"""What the camera adds: softness, grain, a little vignette, grey film, JPEG blocks."""

import io

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageFilter


def photograph(rng: np.random.Generator, canvas: Float[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "height width 3"]:
    """The canvas (0-1) as a camera would have stored it."""
    height, width = canvas.shape[:2]
    canvas = canvas * rng.uniform(0.82, 1.15) + rng.uniform(-0.02, 0.05)
    if rng.random() < 0.2:
        canvas = np.repeat((canvas @ np.array([0.3, 0.59, 0.11], dtype=np.float32))[..., None], 3, axis=2)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)
    canvas = canvas * (1 - rng.uniform(0, 0.22) * (x[None, :] ** 2 + y[:, None] ** 2))[..., None].astype(np.float32)
    picture = Image.fromarray(np.round(np.clip(canvas, 0, 1) * 255).astype(np.uint8))
    blur = rng.choice([0.0, rng.uniform(0.3, 0.7), rng.uniform(0.7, 1.2)], p=[0.5, 0.4, 0.1])
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(float(blur)))
    grain = float(rng.gamma(1.5, 2.0))
    noisy = np.asarray(picture, dtype=np.float32) + grain * _grain(rng, width=width, height=height)
    picture = Image.fromarray(np.clip(np.round(noisy), 0, 255).astype(np.uint8))
    return _squeeze(picture, quality=int(rng.integers(45, 97)))


def _grain(rng: np.random.Generator, *, width: int, height: int) -> Float[np.ndarray, "height width 3"]:
    light = rng.standard_normal((height, width, 1), dtype=np.float32)
    if rng.random() < 0.5:
        return np.repeat(light, 3, axis=2)
    return light * np.float32(0.7) + rng.standard_normal((height, width, 3), dtype=np.float32) * np.float32(0.6)


def _squeeze(picture: Image.Image, *, quality: int) -> UInt8[np.ndarray, "height width 3"]:
    memory = io.BytesIO()
    picture.save(memory, format="JPEG", quality=quality)
    with Image.open(memory) as stored:
        return np.asarray(stored.convert("RGB"), dtype=np.uint8)
