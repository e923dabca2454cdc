"""Pictures without people that a counter should count as empty, drawn for this measurement alone.

Training never imports this package, and it shares no drawing code with `uepnet.scenes`, whose empty pictures are for
training: what a model does here says something about pictures that it has not been taught.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from uepnet.laboratory.robustness import nature, patterns, town

KINDS: dict[str, Callable[[np.random.Generator, int, int], UInt8[np.ndarray, "_ _ 3"]]] = {
    "black": patterns.black,
    "white": patterns.white,
    "grey": patterns.grey,
    "white-noise": patterns.white_noise,
    "pink-noise": patterns.pink_noise,
    "salt-and-pepper": patterns.salt_and_pepper,
    "film-grain": patterns.film_grain,
    "gradient": patterns.gradient,
    "checkerboard": patterns.checkerboard,
    "text": patterns.text_page,
    "sky": nature.sky,
    "foliage": nature.foliage,
    "grass": nature.grass,
    "water": nature.water,
    "pebbles": nature.pebbles,
    "bricks": town.bricks,
    "asphalt": town.asphalt,
    "windows": town.windows,
    "night-lights": town.night_lights,
    "fabric": town.fabric,
}

SHOWN = ((480, 320, 0), (480, 320, 1), (800, 600, 2), (1024, 768, 3), (1280, 960, 4))
"""Width and height in pixels and seed of the pictures of every kind."""


@dataclass(frozen=True)
class Peopleless:
    """One picture without people."""

    kind: str
    seed: int
    pixels: UInt8[np.ndarray, "height width 3"]

    @property
    def megapixels(self) -> float:
        """Its size in millions of pixels."""
        height, width = self.pixels.shape[:2]
        return float(height * width / 1e6)


def draw_peopleless(kind: str, *, seed: int, width: int, height: int) -> Peopleless:
    """A picture of a kind; kind, seed and size always give the same one. `ValueError` for a kind that is not there."""
    if kind not in KINDS:
        raise ValueError(f"there are no peopleless pictures of '{kind}'; there are {', '.join(KINDS)}")
    rng = np.random.default_rng([list(KINDS).index(kind), seed])
    return Peopleless(kind, seed, KINDS[kind](rng, height, width))


def peopleless_pictures(kind: str) -> Iterator[Peopleless]:
    """All that are measured of a kind: several sizes, each with another seed."""
    for width, height, seed in SHOWN:
        yield draw_peopleless(kind, seed=seed, width=width, height=height)
