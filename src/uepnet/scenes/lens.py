"""What the camera adds: softness, grain, a little vignette, grey film, JPEG blocks."""

import io

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageFilter


def photograph(
    rng: np.random.Generator, canvas: Float[np.ndarray, "height width 3"], *, exposure: float
) -> UInt8[np.ndarray, "height width 3"]:
    """The canvas (0-1) as a camera would have stored it that aims at the mean brightness `exposure`, and misses a bit."""
    height, width = canvas.shape[:2]
    aim = exposure * float(np.exp(rng.normal(0, 0.18)))
    canvas = canvas * np.float32((aim / max(float(canvas.mean()), 0.02)) ** 0.8) + np.float32(rng.uniform(-0.02, 0.04))
    grey = (canvas @ np.array([0.3, 0.59, 0.11], dtype=np.float32))[..., None]
    saturation = 0.0 if rng.random() < 0.18 else rng.uniform(0.55, 1.1)
    canvas = grey + (canvas - grey) * np.float32(saturation)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)
    canvas = canvas * (1 - rng.uniform(0, 0.15) * (x[None, :] ** 2 + y[:, None] ** 2))[..., None].astype(np.float32)
    picture = Image.fromarray(np.round(np.clip(canvas, 0, 1) * 255).astype(np.uint8))
    blur = rng.choice([0.0, rng.uniform(0.3, 0.7), rng.uniform(0.7, 1.2)], p=[0.5, 0.4, 0.1])
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(float(blur)))
    grain = float(rng.gamma(1.5, 1.5))
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
