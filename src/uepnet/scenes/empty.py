"""Pictures with nobody in them, to learn from: a surface, things upon it that are no people, and a photographer's cast.

They are made to be as unlike each other as possible, not to look like one place.
"""

import io
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageFilter

from uepnet.scenes.empty_crowds import CROWDS
from uepnet.scenes.empty_fields import SURFACES, Surface
from uepnet.scenes.empty_marks import MARKS
from uepnet.scenes.texture import clouds

FIELDS = {**SURFACES, **CROWDS}

KINDS = (*FIELDS, *MARKS)
"""What a picture may show first; some show a second kind in a part of them."""


def draw_empty(
    seed: int, *, width: int, height: int, kinds: Sequence[str] = KINDS
) -> UInt8[np.ndarray, "height width 3"]:
    """A picture without people; a seed and a size always give the same one. The `kinds` take turns with the seeds.

    `ValueError` for a kind that is not one of `KINDS`, and for a seed or a size that cannot be.
    """
    if seed < 0 or min(width, height) < 1:
        raise ValueError(f"seed {seed}, {width} x {height} pixels: a seed is 0 or more and a picture has pixels")
    unknown = set(kinds) - set(KINDS)
    if unknown or not kinds:
        raise ValueError(f"nobody is drawn as {', '.join(sorted(unknown)) or 'nothing'}; there are {', '.join(KINDS)}")
    rng = np.random.default_rng([seed, 0xE0])
    picture = _drawn(kinds[seed % len(kinds)], rng, width, height)
    if rng.random() < 0.35:
        second = _drawn(KINDS[rng.integers(len(KINDS))], rng, width, height)
        share = _part(rng, width, height)[..., None]
        picture = picture + share * (second - picture)
    return _photographed(picture, rng)


def _drawn(kind: str, rng: np.random.Generator, width: int, height: int) -> Surface:
    if kind in FIELDS:
        return FIELDS[kind](rng, width, height)
    names = tuple(SURFACES)
    ground = SURFACES[names[rng.integers(len(names))]](rng, width, height)
    canvas = Image.fromarray((255 * ground).clip(0, 255).astype(np.uint8))
    MARKS[kind](rng, canvas)
    return np.asarray(canvas).astype(np.float32) / 255


def _part(rng: np.random.Generator, width: int, height: int) -> Float[np.ndarray, "height width"]:
    """Where the second kind is: above or below a line, in blotches, or thinly everywhere."""
    choice = rng.random()
    if choice < 0.4:
        rows, columns = np.mgrid[0:height, 0:width]
        line = height * rng.uniform(0.2, 0.8) + (columns - width / 2) * rng.normal(0, 0.2)
        return np.asarray(rows > line, dtype=np.float32)
    if choice < 0.8:
        wave = clouds(rng, width=width, height=height, grain=max(width, height) * rng.uniform(0.1, 0.5))
        return np.asarray((0.5 + wave * rng.choice([1.0, 20.0])).clip(0, 1), dtype=np.float32)
    return np.full((height, width), rng.uniform(0.2, 0.8), dtype=np.float32)


def _photographed(picture: Surface, rng: np.random.Generator) -> UInt8[np.ndarray, "height width 3"]:
    """Contrast, brightness, a tint, grey now and then, softness, grain and the traces of JPEG."""
    middle = float(picture.mean())
    picture = middle + (picture - middle) * rng.uniform(0.3, 1.3) + rng.normal(0, 0.08)
    picture = picture.clip(0, 1) ** float(np.exp(rng.normal(0, 0.4))) * rng.uniform(0.8, 1.1, 3)
    if rng.random() < 0.2:
        picture = np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.5:
        picture = picture + rng.normal(0, rng.uniform(0.003, 0.04), picture.shape)
    photo = Image.fromarray((255 * picture).clip(0, 255).astype(np.uint8))
    if rng.random() < 0.4:
        photo = photo.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 2.5)))
    if rng.random() < 0.5:
        stored = io.BytesIO()
        photo.save(stored, "JPEG", quality=int(rng.integers(30, 96)))
        photo = Image.open(stored)
    return np.asarray(photo).astype(np.uint8)
