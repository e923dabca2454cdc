"""Surfaces without things on them, for pictures with nobody in them: ramps, fields, stripes, cells and noise."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from PIL import Image

from uepnet.scenes.texture import clouds

Surface = Float[np.ndarray, "height width 3"]
"""Red, green and blue around the range 0 to 1; what is beyond is cut off when the picture is finished."""


def colour(rng: np.random.Generator) -> Float[np.ndarray, " 3"]:
    """Any colour, pale ones and greys more often than a uniform draw would give."""
    grey, vivid = rng.uniform(0.02, 0.98), rng.beta(1.0, 2.5)
    return np.asarray((grey + vivid * rng.uniform(-0.5, 0.5, 3)).clip(0, 1), dtype=np.float32)


def between(
    share: Float[np.ndarray, "height width"], first: Float[np.ndarray, " 3"], last: Float[np.ndarray, " 3"]
) -> Surface:
    """The mixture of two colours, `share` (0 to 1) of the second."""
    return np.asarray(first + share[..., None] * (last - first), dtype=np.float32)


def plain(rng: np.random.Generator, width: int, height: int) -> Surface:
    """One colour, black and white now and then."""
    flat = colour(rng) if rng.random() < 0.7 else np.full(3, rng.choice([0.0, 0.5, 1.0]), dtype=np.float32)
    return np.broadcast_to(flat, (height, width, 3)).astype(np.float32)


def ramp(rng: np.random.Generator, width: int, height: int) -> Surface:
    """A gradient along a line or around a point, in up to three turns."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / max(width, height)
    if rng.random() < 0.6:
        angle = rng.uniform(0, 2 * np.pi)
        way = rows * np.sin(angle) + columns * np.cos(angle)
    else:
        way = np.hypot(rows - rng.uniform(0, 1), columns - rng.uniform(0, 1))
    share = (way - way.min()) / max(float(np.ptp(way)), 1e-6)
    turns = rng.choice([0.5, 1.0, 1.5])
    return between(0.5 - 0.5 * np.cos(2 * np.pi * turns * share), colour(rng), colour(rng))


def smooth(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Soft blotches from a few pixels to the whole picture wide."""
    grain = float(np.exp(rng.uniform(np.log(4), np.log(max(width, height, 5)))))
    wave = clouds(rng, width=width, height=height, grain=grain, octaves=int(rng.integers(1, 5)))
    return between((0.5 + rng.uniform(0.1, 0.5) * wave).clip(0, 1), colour(rng), colour(rng))


def fractal(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Noise whose amplitude falls as a power of the frequency, as in most of nature, stretched in a random direction."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    angle, stretch = rng.uniform(0, np.pi), float(np.exp(rng.uniform(0, 1.5)))
    along = down * np.sin(angle) + across * np.cos(angle)
    aside = (across * np.sin(angle) - down * np.cos(angle)) * stretch
    frequency = np.hypot(along, aside)
    frequency[0, 0] = np.inf
    phases = np.exp(2j * np.pi * rng.random(frequency.shape))
    field = np.fft.irfft2(phases * frequency ** -rng.uniform(0.6, 2.0), s=(height, width))
    field = (field / max(float(field.std()), 1e-9)).astype(np.float32)
    if rng.random() < 0.3:
        field = 1.5 - 2 * np.abs(field)
    return between((0.5 + rng.uniform(0.15, 0.5) * field).clip(0, 1), colour(rng), colour(rng))


def speckle(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Grains of one size, from single pixels to small squares, even or rare."""
    size = int(rng.choice([1, 1, 2, 3, 4, 6, 9]))
    cells = (-(-height // size), -(-width // size))
    grey = rng.random() < 0.6
    noise = rng.standard_normal((*cells, 1 if grey else 3)).astype(np.float32)
    if rng.random() < 0.4:
        noise = np.where(rng.random((*cells, 1)) < rng.uniform(0.01, 0.3), np.sign(noise) * 3, 0).astype(np.float32)
    grains = np.repeat(np.repeat(noise, size, axis=0), size, axis=1)[:height, :width]
    return np.asarray(plain(rng, width, height) + rng.uniform(0.03, 0.4) * grains, dtype=np.float32)


def stripes(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Parallel bands, straight or bent, hard or soft, narrower towards one side as in perspective now and then."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)])
    way = rows * np.sin(angle) + columns * np.cos(angle)
    if rng.random() < 0.4:
        way = way + rng.uniform(2, 20) * clouds(rng, width=width, height=height, grain=max(width, height) / 4)
    if rng.random() < 0.3:
        way = max(width, height) * np.log1p(np.abs(way) / rng.uniform(20, 200))
    period = float(np.exp(rng.uniform(np.log(3), np.log(120))))
    wave = np.sin(2 * np.pi * way / period)
    share = 0.5 + 0.5 * np.clip(wave * rng.choice([1.0, 30.0]), -1, 1)
    return between(share, colour(rng), colour(rng))


def tiles(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Rectangles in rows with joints between them, every other row shifted or not, each a little different."""
    wide, high = (float(np.exp(rng.uniform(np.log(5), np.log(90)))) for _ in range(2))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    row = np.floor(rows / high).astype(int)
    shifted = columns + (row % 2) * wide * rng.choice([0.0, 0.5])
    column = np.floor(shifted / wide).astype(int)
    shades = rng.normal(0, rng.uniform(0, 0.2), (row.max() + 1, column.max() + 1, 1)).astype(np.float32)
    joint = rng.uniform(0.0, 0.2)
    in_joint = ((rows / high) % 1 < joint) | ((shifted / wide) % 1 < joint * high / wide)
    return np.where(in_joint[..., None], colour(rng), colour(rng) + shades[row, column]).astype(np.float32)


def mosaic(rng: np.random.Generator, width: int, height: int) -> Surface:
    """Cells around random points, each of its own shade, with or without dark joints."""
    from scipy.spatial import cKDTree

    number = int(np.exp(rng.uniform(np.log(8), np.log(width * height / 60 + 9))))
    points = rng.uniform(0, 1, (number, 2)) * (height, width)
    where = np.indices((height, width)).reshape(2, -1).T
    found = cKDTree(points).query(where, k=2)
    distances, nearest = np.asarray(found[0]), np.asarray(found[1])
    one, other = colour(rng), colour(rng)
    shades = one + rng.random((number, 1)) * (other - one) + rng.normal(0, rng.uniform(0, 0.2), (number, 3))
    cells = shades[nearest[:, 0]].reshape(height, width, 3)
    if rng.random() < 0.6:
        inside = np.diff(distances, axis=1).reshape(height, width, 1) / rng.uniform(1, 5)
        cells = cells * inside.clip(rng.uniform(0, 0.8), 1)
    return np.asarray(cells, dtype=np.float32)


def motif(rng: np.random.Generator, width: int, height: int) -> Surface:
    """A small random pattern repeated over the whole picture, like print on cloth."""
    wide, high = (int(rng.integers(6, 64)) for _ in range(2))
    coarse = rng.integers(0, 255, (*rng.integers(2, 7, 2), 3)).astype(np.uint8)
    way = Image.Resampling.NEAREST if rng.random() < 0.5 else Image.Resampling.BICUBIC
    piece = np.asarray(Image.fromarray(coarse).resize((wide, high), way)).astype(np.float32) / 255
    return np.tile(piece, (-(-height // high), -(-width // wide), 1))[:height, :width]


SURFACES: dict[str, Callable[[np.random.Generator, int, int], Surface]] = {
    "plain": plain,
    "ramp": ramp,
    "smooth": smooth,
    "fractal": fractal,
    "speckle": speckle,
    "stripes": stripes,
    "tiles": tiles,
    "mosaic": mosaic,
    "motif": motif,
}
