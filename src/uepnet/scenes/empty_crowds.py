"""Crowds of things that are no people: what fills a picture as densely as heads do, from single pixels to stones."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from uepnet.scenes.empty_fields import Surface, between, colour, smooth
from uepnet.scenes.texture import clouds


def impulses(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Defect pixels: a share of them black, white or any colour, alone or as small clumps, on anything smooth."""
    size = int(rng.choice([1, 1, 1, 2, 3]))
    cells = (-(-height // size), -(-width // size))
    hit = rng.random(cells) < np.exp(rng.uniform(np.log(0.01), np.log(0.5)))
    value = rng.choice([0.0, 1.0], (*cells, 1)) if rng.random() < 0.7 else rng.random((*cells, 3))
    hit, value = (
        np.repeat(np.repeat(part, size, axis=0), size, axis=1)[:height, :width] for part in (hit[..., None], value)
    )
    return np.where(hit, value, smooth(rng, width, height)).astype(np.float32)


def ripples(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Waves of a few directions seen at a slant, flatter and finer towards the horizon, with bright crests."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    near = (rows + rng.uniform(0.05, 1.0) * height) / height
    scale = float(np.exp(rng.uniform(np.log(3), np.log(50))))
    level = np.zeros((height, width), dtype=np.float32)
    for _ in range(int(rng.integers(2, 6))):
        angle, finer = rng.normal(np.pi / 2, 0.5), np.exp(rng.uniform(0, 1.2))
        way = (columns - width / 2) / near * np.cos(angle) + height * np.log(near) * 2 * np.sin(angle)
        bend = 1.5 * clouds(rng, width=width, height=height, grain=4 * scale)
        level += np.sin(2 * np.pi * way / scale * finer + bend + rng.uniform(0, 6.3)) / finer
    level /= max(float(np.abs(level).max()), 1e-6)
    crest = ((level - rng.uniform(0.3, 0.8)) * 8).clip(0, 1)[..., None]
    ground = between(0.5 + 0.5 * level, colour(rng), colour(rng))
    return np.asarray(ground + crest * rng.uniform(0.0, 0.9) * (1 - ground), dtype=np.float32)


def chequers(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Squares or lozenges of two colours in turn, upright, turned, or running towards a horizon."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    side = float(np.exp(rng.uniform(np.log(2), np.log(90))))
    if rng.random() < 0.3:
        near = (rows + rng.uniform(0.1, 1.0) * height) / height
        rows, columns = height / near, (columns - width / 2) / near
    angle = rng.choice([0.0, 0.0, np.pi / 4, rng.uniform(0, np.pi)])
    down = np.floor((rows * np.cos(angle) + columns * np.sin(angle)) / side)
    wide = side * rng.choice([1.0, rng.uniform(0.4, 2.5)])
    across = np.floor((columns * np.cos(angle) - rows * np.sin(angle)) / wide)
    return between(((down + across) % 2).astype(np.float32), colour(rng), colour(rng))


def lamps(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Points of light in the dark, with halos, in rows or strewn, larger and softer where they are out of focus."""
    from scipy.ndimage import gaussian_filter

    number = int(np.exp(rng.uniform(np.log(5), np.log(600))))
    light = np.zeros((height, width, 3), dtype=np.float32)
    x, y = rng.uniform(0, width, number).astype(int), rng.uniform(0, height, number).astype(int)
    if rng.random() < 0.4:
        y = (y // max(1, height // int(rng.integers(2, 9)))) * max(1, height // 9) % height
    tones = np.stack([colour(rng) for _ in range(4)])[rng.integers(0, 4, number)]
    np.add.at(light, (y, x), rng.uniform(0.3, 1.5, (number, 1)) * (0.3 + tones))
    canvas = np.zeros_like(light)
    for radius, weight in ((rng.uniform(0.5, 5), 1.0), (rng.uniform(6, 30), rng.uniform(0, 0.5))):
        canvas += weight * radius**2 * 6 * gaussian_filter(light, (radius, radius, 0))
    return np.asarray(canvas + rng.uniform(0, 0.15) * colour(rng), dtype=np.float32)


def heaps(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Stones, fruit, shells or leaves that cover the ground, each lit from one side, the nearer ones over the others."""
    size = float(np.exp(rng.uniform(np.log(2.5), np.log(45))))
    canvas = Image.fromarray((255 * smooth(rng, width, height) * rng.uniform(0.2, 0.9)).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(canvas)
    number = int(min(9000, rng.uniform(0.5, 2.0) * width * height / (3.1 * size * size))) + 3
    centres = rng.uniform(0, 1, (number, 2)) * (width, height)
    tones = np.stack([colour(rng) for _ in range(int(rng.integers(1, 5)))])
    long, spread, contrast = rng.uniform(1, 4) if rng.random() < 0.5 else 1.2, rng.uniform(0, 0.5), rng.uniform(0, 0.5)
    towards = rng.uniform(0, 2 * np.pi)
    for x, y in centres[np.argsort(centres[:, 1])]:
        radius, turn = size * float(np.exp(rng.normal(0, spread))), rng.uniform(0, 2 * np.pi)
        tone = tones[rng.integers(len(tones))] + rng.normal(0, 0.08, 3)
        for part in (1.0, 0.6) if radius > 2 else (1.0,):
            away = (1 - part) * radius * 0.7
            middle = (x + away * np.cos(towards), y + away * np.sin(towards))
            ink = (255 * (tone * (1 - contrast * (part - 0.6))).clip(0, 1)).astype(int).tolist()
            draw.polygon(_oval(middle, radius * part, turn, long=long), fill=tuple(ink))
    return np.asarray(canvas, dtype=np.float32) / 255


def _oval(middle: tuple[float, float], radius: float, turn: float, *, long: float) -> list[tuple[float, float]]:
    """Twelve corners of an ellipse, `long` times as long as wide."""
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    along, aside = radius * np.sqrt(long) * np.cos(angles), radius / np.sqrt(long) * np.sin(angles)
    x = middle[0] + along * np.cos(turn) - aside * np.sin(turn)
    y = middle[1] + along * np.sin(turn) + aside * np.cos(turn)
    return list(zip(x.tolist(), y.tolist(), strict=True))


CROWDS: dict[str, Callable[[np.random.Generator, int, int], Surface]] = {
    "impulses": impulses,
    "ripples": ripples,
    "chequers": chequers,
    "lamps": lamps,
    "heaps": heaps,
}
