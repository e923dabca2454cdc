"""The training pictures, decoded once into memory on the device."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.description import TrainingData
from uepnet.errors import ConfigError
from uepnet.evaluation.application import show
from uepnet.evaluation.protocols import protocol_of
from uepnet.points import HeadPoints


@dataclass(frozen=True)
class StoredPicture:
    """One picture's pixels and heads, in pixels of the picture; heads outside it are at its nearest edge.

    The pixels are on the device; the heads stay on the host, which chooses those near a crop without waiting for it.
    """

    pixels: UInt8[Tensor, "3 height width"]
    xy: Float[Tensor, "heads 2"]
    sigma: Float[Tensor, " heads"]


@dataclass(frozen=True)
class PictureStore:
    """All pictures of one or more data sets; `groups[i]` are those of `data[i]`, drawn with the share `shares[i]`."""

    groups: tuple[tuple[StoredPicture, ...], ...]
    shares: tuple[float, ...]
    data: tuple[TrainingData, ...]
    counts: Float[np.ndarray, " patches"]
    """Local counts of all patches at scale 1, to fit the partition on."""
    pixels_digest: str = ""
    """BLAKE2b of all pixels: which pictures these were, whatever their files are called."""


def load_store(
    data_sets: Sequence[DataSet],
    *,
    patch: int,
    shares: dict[str, float],
    largest_sigma: float | None = None,
    device: torch.device,
    on_picture: Callable[[int, int], None],
) -> PictureStore:
    """Read every picture and its heads, whose Gaussians are no wider than `largest_sigma` pixels; `on_picture` is told how many of how many are read."""
    names = [data_set.name for data_set in data_sets]
    if set(shares) - set(names):
        raise ConfigError(f"sampling.shares names {sorted(set(shares) - set(names))}, but the data are {names}")
    total, done = sum(len(data_set) for data_set in data_sets), 0
    groups, data, counts, digest = [], [], [], hashlib.blake2b(digest_size=16)
    read = partial(_read, patch=patch, largest_sigma=largest_sigma)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for data_set in data_sets:
            group = []
            for picture, picture_counts in threads.map(partial(read, data_set), data_set.entries):
                digest.update(picture.pixels.numpy().data)
                group.append(replace(picture, pixels=picture.pixels.to(device)))
                counts.append(picture_counts)
                done += 1
                on_picture(done, total)
            groups.append(tuple(group))
            data.append(
                TrainingData(
                    data_set=data_set.name,
                    split=data_set.split,
                    pictures=len(group),
                    heads=sum(len(picture.xy) for picture in group),
                    digest=data_set.digest(),
                )
            )
    weights = tuple(shares.get(d.name, float(len(g))) for d, g in zip(data_sets, groups, strict=True))
    return PictureStore(tuple(groups), weights, tuple(data), np.concatenate(counts), digest.hexdigest())


def _read(
    data_set: DataSet, entry: Entry, *, patch: int, largest_sigma: float | None
) -> tuple[StoredPicture, Float[np.ndarray, " patches"]]:
    """One picture on the host, and its local counts at scale 1."""
    pixels, heads = _shown(data_set, entry, patch=patch)
    sigma = np.minimum(sigma_of(heads, fixed=data_set.fixed_sigma), largest_sigma or np.inf)
    picture = StoredPicture(
        pixels=torch.from_numpy(pixels).permute(2, 0, 1).contiguous(),
        xy=torch.from_numpy(np.clip(heads.xy, 0, (heads.width, heads.height))).float(),
        sigma=torch.from_numpy(sigma).float(),
    )
    return picture, local_counts(heads, sigma, patch=patch).ravel()


def _shown(data_set: DataSet, entry: Entry, *, patch: int) -> tuple[UInt8[np.ndarray, "height width 3"], HeadPoints]:
    """The picture and its heads as the data set's protocol shows them: with a region, blurred and empty outside it."""
    region = data_set.read_roi(entry) if data_set.read_roi else None
    protocol = protocol_of(data_set)
    shown = show(data_set.pixels(entry), data_set.heads(entry), protocol=protocol, patch=patch, region=region)
    return shown.pixels, shown.heads
