"""Batches of crops and their targets, made on the device. Step `t` of a seed always gives the same batch.

Choosing the crops and the heads around them is host work. The device has the pictures; it resizes each region into its
place in the batch, with antialiasing, and does everything else (colours, padding, targets) for the whole batch at once.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from uepnet.training.colours import ColourChange, change_colours, draw_change
from uepnet.training.config import SamplingConfig
from uepnet.training.cutting import Cut, cut_axis
from uepnet.training.store import PictureStore
from uepnet.training.targets import Crops, beyond_picture, local_counts

Colour = tuple[float, float, float]

CROP_STEP = 64
"""Crops of a share of the picture have sides that are a multiple of this, as the authors' options hint."""


@dataclass(frozen=True)
class Batch:
    """Normalised crops (while a presence branch learns alone, the encoder's features of them), the people per patch in them
    (local counts), which patches lie beyond the picture, and the heads of which other targets are made.
    """

    pixels: Float[Tensor, "n channels height width"]
    counts: Float[Tensor, "n rows columns"]
    beyond: Tensor
    crops: Crops
    of_nobody: Bool[Tensor, " n"] | None = None
    """Whether the picture that a crop was cut from has no heads at all; None where nobody asks."""


class Sampler:
    """Draws batches from a store; a crop depends on the seed, the number of its step and its place in the batch alone."""

    def __init__(self, store: PictureStore, config: SamplingConfig, *, mean: Colour, std: Colour, seed: int) -> None:
        self.store = store
        self.config = config
        self.seed = seed
        self.device = store.groups[0][0].pixels.device
        self.mean = torch.tensor(mean, device=self.device).view(3, 1, 1)
        self.std = torch.tensor(std, device=self.device).view(3, 1, 1)
        self.shares = np.asarray(store.shares) / sum(store.shares)

    def batch(self, step: int, *, patch: int, rank: int = 0, size: int = 1) -> Batch:
        """The batch of one step; of `size` processes that share it, the part of process `rank`."""
        chosen = self.choose(step, rank=rank, size=size)
        cuts = [cut for cut, _ in chosen]
        pixels = self._pixels(cuts, [change for _, change in chosen])
        crops = self.heads_of(cuts)
        rows, columns = pixels.shape[2] // patch, pixels.shape[3] // patch
        return Batch(
            pixels=pixels.contiguous(memory_format=torch.channels_last),
            counts=local_counts(crops, patch=patch, rows=rows, columns=columns),
            beyond=beyond_picture(crops, patch=patch, rows=rows, columns=columns),
            crops=crops,
            of_nobody=self._onto_device(torch.tensor([len(cut.picture.xy) == 0 for cut in cuts])),
        )

    def choose(self, step: int, *, rank: int = 0, size: int = 1) -> list[tuple[Cut, ColourChange]]:
        """The crops of one step and the changes of their colours, before any pixel is touched."""
        step = step % (self.config.batches or step + 1)
        places = range(rank, self.config.batch, size)
        return [self._choose(np.random.default_rng((self.seed, step, place))) for place in places]

    def _choose(self, random: np.random.Generator) -> tuple[Cut, ColourChange]:
        """Choose a picture and a region of it that, resized, fills the crop or as much of it as there is."""
        group = self.store.groups[random.choice(len(self.shares), p=self.shares)]
        picture = group[random.integers(len(group))]
        scale = self._scale(random)
        height, width = picture.pixels.shape[1:]
        across = cut_axis(width, scale, self._side(width * scale), random)
        down = cut_axis(height, scale, self._side(height * scale), random)
        change = draw_change(random, strength=self.config.photometric, grey=self.config.grey)
        mirrored = self.config.mirror and bool(random.random() < 0.5)
        return Cut(picture, across, down, mirrored), change

    def _scale(self, random: np.random.Generator) -> float:
        low, high = self.config.scale
        if self.config.unscaled and random.random() < self.config.unscaled:
            return 1.0
        if self.config.scale_drawn == "uniform":
            return float(random.uniform(low, high))
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    def _side(self, resized: float) -> int:
        """A side of the crop for a side of the resized picture."""
        if self.config.crop_share is None:
            return self.config.crop
        share = int(self.config.crop_share * resized) // CROP_STEP * CROP_STEP
        return min(self.config.crop, max(CROP_STEP, share))

    def _pixels(self, cuts: Sequence[Cut], changes: Sequence[ColourChange]) -> Float[Tensor, "n 3 height width"]:
        """The normalised crops; what lies beyond a picture has the mean colour, 0."""
        sides = (cuts[0].down.side, cuts[0].across.side)
        pixels = torch.zeros(len(cuts), 3, *sides, device=self.device)
        for place, cut in zip(pixels, cuts, strict=True):
            resized = _resized(cut)
            place[:, : cut.down.length, : cut.across.length] = resized.flip(2) if cut.mirrored else resized
        pixels.div_(255.0)
        inside = self._inside(cuts)
        change_colours(pixels, changes, inside=inside, strength=self.config.photometric)
        pixels.sub_(self.mean).div_(self.std)
        return pixels if inside is None else pixels.mul_(inside)

    def _inside(self, cuts: Sequence[Cut]) -> Bool[Tensor, "n 1 height width"] | None:
        """Which pixels are of the pictures; None if all are."""
        lengths = [(cut.down.length, cut.across.length) for cut in cuts]
        sides = (cuts[0].down.side, cuts[0].across.side)
        if all(length == sides for length in lengths):
            return None
        ends = self._onto_device(torch.tensor(lengths))
        rows, columns = (torch.arange(side, device=self.device) for side in sides)
        return ((rows < ends[:, :1])[:, :, None] & (columns < ends[:, 1:])[:, None, :])[:, None]

    def heads_of(self, cuts: Sequence[Cut]) -> Crops:
        """The heads of all crops in one block on the device, padded with weight 0."""
        heads = [cut.heads() for cut in cuts]
        longest = max(1, *(len(sigma) for _, sigma in heads))
        block = torch.zeros(len(cuts), longest, 4)
        block[:, :, 2] = 1.0
        for row, (xy, sigma) in zip(block, heads, strict=True):
            row[: len(sigma), :2], row[: len(sigma), 2], row[: len(sigma), 3] = xy, sigma, 1.0
        block = self._onto_device(block)
        places = self._onto_device(torch.tensor([(*cut.extent, *cut.corner) for cut in cuts]))
        return Crops(
            xy=block[:, :, :2],
            sigma=block[:, :, 2],
            weight=block[:, :, 3],
            extent=places[:, :2],
            corner=places[:, 2:],
        )

    def _onto_device(self, tensor: Tensor) -> Tensor:
        """A tensor of the host on the device; to a GPU it travels while that works."""
        return tensor.pin_memory().to(self.device, non_blocking=True) if self.device.type == "cuda" else tensor


class SamplerAhead:
    """A sampler that makes the next batch in a thread while the network learns from this one: for a GPU, whose host
    would otherwise do the one after the other. The batches are the sampler's.
    """

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler
        cuda = sampler.device.type == "cuda"
        begin = partial(torch.cuda.set_device, sampler.device) if cuda else None
        self._thread = ThreadPoolExecutor(max_workers=1, initializer=begin)
        self._next: tuple[object, Future[Batch]] | None = None

    def batch(self, step: int, *, patch: int, rank: int = 0, size: int = 1) -> Batch:
        """As `Sampler.batch`; fastest for the step after the one asked for before."""
        make = partial(self.sampler.batch, patch=patch, rank=rank, size=size)
        asked = (step, patch, rank, size)
        ready = self._next[1].result() if self._next is not None and self._next[0] == asked else make(step)
        self._next = ((step + 1, patch, rank, size), self._thread.submit(make, step + 1))
        return ready


def _resized(cut: Cut) -> Float[Tensor, "3 _ _"]:
    """The region of the picture at the size that it has in the crop, in [0, 255]."""
    region = cut.picture.pixels[:, cut.down.source, cut.across.source].float()
    size = (cut.down.length, cut.across.length)
    if region.shape[1:] == size:
        return region
    return functional.interpolate(region[None], size, mode="bilinear", align_corners=False, antialias=True)[0]
