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


@dataclass(frozen=True)
class Batch:
    """Normalised crops, the people per patch in them, and which patches lie beyond the picture."""

    pixels: Float[Tensor, "n 3 side side"]
    counts: Float[Tensor, "n rows rows"]
    beyond: Tensor


@dataclass(frozen=True)
class _Cut:
    """One crop: pixels in [0, 1] padded with the mean colour, and the heads around it."""

    pixels: Float[Tensor, "3 side side"]
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
        patches = self.config.crop // patch
        return Batch(
            pixels=pixels.contiguous(memory_format=torch.channels_last),
            counts=local_counts(crops, patch=patch, rows=patches, columns=patches),
            beyond=beyond_picture(crops, patch=patch, rows=patches, columns=patches),
        )

    def _cut(self, random: np.random.Generator) -> _Cut:
        """Choose a picture and cut a region of it that, resized, fills the crop or as much of it as there is."""
        group = self.store.groups[random.choice(len(self.shares), p=self.shares)]
        picture = group[random.integers(len(group))]
        scale = float(np.exp(random.uniform(*np.log(self.config.scale))))
        height, width = picture.pixels.shape[1:]
        side = self.config.crop
        region = max(1, round(side / scale))
        region_width, region_height = min(width, region), min(height, region)
        left = int(random.integers(width - region_width + 1))
        top = int(random.integers(height - region_height + 1))
        new_width = min(side, max(1, round(region_width * scale)))
        new_height = min(side, max(1, round(region_height * scale)))
        pixels = picture.pixels[None, :, top : top + region_height, left : left + region_width].float()
        pixels = _resized(pixels, height=new_height, width=new_width)[0] / 255.0
        pixels = _photometric(pixels, self.config, random)
        across, down = new_width / region_width, new_height / region_height
        xy = picture.xy * picture.xy.new_tensor((across, down))
        extent, corner = (width * across, height * down), (left * across, top * down)
        if self.config.mirror and random.random() < 0.5:
            pixels = pixels.flip(2)
            xy = xy * xy.new_tensor((-1.0, 1.0)) + xy.new_tensor((extent[0], 0.0))
            corner = (extent[0] - corner[0] - new_width, corner[1])
        pad = (0, side - new_width, 0, side - new_height)
        padded = functional.pad(pixels - self.mean, pad) + self.mean
        sigma = picture.sigma * ((across * down) ** 0.5)
        near = _near(xy, sigma, corner=corner, side=side)
        return _Cut(padded, xy[near], sigma[near], extent, corner)


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
    xy: Float[Tensor, "heads 2"], sigma: Float[Tensor, " heads"], *, corner: tuple[float, float], side: int
) -> Tensor:
    """Which heads reach into the crop: beyond 6 sigma less than 1e-8 of a Gaussian is left."""
    low = xy.new_tensor(corner)
    reach = 6.0 * sigma[:, None]
    return ((xy > low - reach) & (xy < low + side + reach)).all(dim=1)


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
