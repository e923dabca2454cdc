"""Batches of crops and their targets, made on the device. Step `t` of a seed always gives the same batch."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from uepnet.training.config import SamplingConfig
from uepnet.training.store import PictureStore
from uepnet.training.targets import Crops, beyond_picture, local_counts

Colour = tuple[float, float, float]

CROP_STEP = 64
"""Crops of a share of the picture have sides that are a multiple of this, as the authors' options hint."""


@dataclass(frozen=True)
class Batch:
    """Normalised crops, the people per patch in them, and which patches lie beyond the picture."""

    pixels: Float[Tensor, "n 3 height width"]
    counts: Float[Tensor, "n rows columns"]
    beyond: Tensor


@dataclass(frozen=True)
class _Cut:
    """One crop: pixels in [0, 1] padded with the mean colour, and the heads around it."""

    pixels: Float[Tensor, "3 height width"]
    xy: Float[Tensor, "heads 2"]
    sigma: Float[Tensor, " heads"]
    extent: tuple[float, float]
    corner: tuple[float, float]


class Sampler:
    """Draws batches from a store; a crop depends on the seed, the number of its step and its place in the batch alone."""

    def __init__(self, store: PictureStore, config: SamplingConfig, *, mean: Colour, std: Colour, seed: int) -> None:
        self.store = store
        self.config = config
        self.seed = seed
        device = store.groups[0][0].pixels.device
        self.mean = torch.tensor(mean, device=device).view(3, 1, 1)
        self.std = torch.tensor(std, device=device).view(3, 1, 1)
        self.shares = np.asarray(store.shares) / sum(store.shares)

    def batch(self, step: int, *, patch: int, rank: int = 0, size: int = 1) -> Batch:
        """The batch of one step; of `size` processes that share it, the part of process `rank`."""
        places = range(rank, self.config.batch, size)
        cuts = [self._cut(np.random.default_rng((self.seed, step, place))) for place in places]
        pixels = torch.stack([(cut.pixels - self.mean) / self.std for cut in cuts])
        crops = _collate(cuts)
        rows, columns = pixels.shape[2] // patch, pixels.shape[3] // patch
        return Batch(
            pixels=pixels.contiguous(memory_format=torch.channels_last),
            counts=local_counts(crops, patch=patch, rows=rows, columns=columns),
            beyond=beyond_picture(crops, patch=patch, rows=rows, columns=columns),
        )

    def _cut(self, random: np.random.Generator) -> _Cut:
        """Choose a picture and cut a region of it that, resized, fills the crop or as much of it as there is."""
        group = self.store.groups[random.choice(len(self.shares), p=self.shares)]
        picture = group[random.integers(len(group))]
        scale = self._scale(random)
        across = _axis(picture.pixels.shape[2], scale, self._side(picture.pixels.shape[2] * scale), random)
        down = _axis(picture.pixels.shape[1], scale, self._side(picture.pixels.shape[1] * scale), random)
        region = picture.pixels[None, :, down.source, across.source].float()
        pixels = _resized(region, height=down.length, width=across.length)[0] / 255.0
        pixels = _photometric(pixels, self.config, random)
        xy = picture.xy * picture.xy.new_tensor((across.factor, down.factor))
        corner = (across.corner, down.corner)
        if self.config.mirror and random.random() < 0.5:
            pixels = pixels.flip(2)
            xy = xy * xy.new_tensor((-1.0, 1.0)) + xy.new_tensor((across.extent, 0.0))
            corner = (across.extent - across.corner - across.length, down.corner)
        pad = (0, across.side - across.length, 0, down.side - down.length)
        padded = functional.pad(pixels - self.mean, pad) + self.mean
        sigma = picture.sigma * ((across.factor * down.factor) ** 0.5)
        near = _near(xy, sigma, corner=corner, sides=(across.side, down.side))
        return _Cut(padded, xy[near], sigma[near], (across.extent, down.extent), corner)

    def _scale(self, random: np.random.Generator) -> float:
        low, high = self.config.scale
        if self.config.scale_drawn == "uniform":
            return float(random.uniform(low, high))
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    def _side(self, resized: float) -> int:
        """A side of the crop for a side of the resized picture."""
        if self.config.crop_share is None:
            return self.config.crop
        share = int(self.config.crop_share * resized) // CROP_STEP * CROP_STEP
        return min(self.config.crop, max(CROP_STEP, share))


@dataclass(frozen=True)
class _Axis:
    """One axis of a crop: which pixels of the picture, resized to how many, where in the resized picture."""

    source: slice
    length: int
    side: int
    factor: float
    extent: float
    corner: float


def _axis(pixels: int, scale: float, side: int, random: np.random.Generator) -> _Axis:
    """Choose the part of one axis that fills `side` pixels when resized by `scale`, or all of it."""
    region = min(pixels, max(1, round(side / scale)))
    first = int(random.integers(pixels - region + 1))
    length = side if region < pixels else min(side, max(1, round(region * scale)))
    factor = length / region
    return _Axis(slice(first, first + region), length, side, factor, extent=pixels * factor, corner=first * factor)


def _resized(pixels: Float[Tensor, "1 3 _ _"], *, height: int, width: int) -> Float[Tensor, "1 3 height width"]:
    if pixels.shape[2:] == (height, width):
        return pixels
    return functional.interpolate(pixels, (height, width), mode="bilinear", align_corners=False, antialias=True)


def _photometric(
    pixels: Float[Tensor, "3 height width"], config: SamplingConfig, random: np.random.Generator
) -> Float[Tensor, "3 height width"]:
    """Random gamma, contrast, brightness and colour cast, within `config.photometric`; grey for a share of the crops."""
    strength = config.photometric
    gamma, contrast = np.exp(random.uniform(-strength, strength, 2))
    brightness = random.uniform(-strength, strength) * 0.3
    cast = pixels.new_tensor(np.exp(random.uniform(-strength, strength, 3) * 0.3)).view(3, 1, 1)
    grey = random.random() < config.grey
    if grey:
        pixels = (
            (pixels * pixels.new_tensor((0.299, 0.587, 0.114)).view(3, 1, 1)).sum(0, keepdim=True).expand(3, -1, -1)
        )
    if strength == 0:
        return pixels
    changed = pixels.clamp(1e-4, 1.0) ** float(gamma)
    if not grey:
        changed = changed * cast
    middle = changed.mean()
    return ((changed - middle) * float(contrast) + middle + brightness).clamp(0.0, 1.0)


def _near(
    xy: Float[Tensor, "heads 2"], sigma: Float[Tensor, " heads"], *, corner: tuple[float, float], sides: tuple[int, int]
) -> Tensor:
    """Which heads reach into the crop: beyond 6 sigma less than 1e-8 of a Gaussian is left."""
    low, length = xy.new_tensor(corner), xy.new_tensor(sides)
    reach = 6.0 * sigma[:, None]
    return ((xy > low - reach) & (xy < low + length + reach)).all(dim=1)


def _collate(cuts: list[_Cut]) -> Crops:
    """The heads of all crops in one block, padded with weight 0."""
    first = cuts[0].xy
    longest = max(1, *(len(cut.xy) for cut in cuts))
    xy = first.new_zeros(len(cuts), longest, 2)
    sigma = first.new_ones(len(cuts), longest)
    weight = first.new_zeros(len(cuts), longest)
    for number, cut in enumerate(cuts):
        heads = len(cut.xy)
        xy[number, :heads], sigma[number, :heads], weight[number, :heads] = cut.xy, cut.sigma, 1.0
    extent = first.new_tensor([cut.extent for cut in cuts])
    corner = first.new_tensor([cut.corner for cut in cuts])
    return Crops(xy=xy, sigma=sigma, weight=weight, extent=extent, corner=corner)
