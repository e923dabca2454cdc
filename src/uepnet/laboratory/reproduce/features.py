"""The trunk's features of a fixed set of crops, computed once and kept on disk: what the rows of `cpu` learn from.

Every row sees the same crops. Rows with another seed see them in another order; rows with another range of scales
have another set.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Float16
from torch import Tensor

from uepnet.laboratory.reproduce.trunk import Features, Trunk
from uepnet.network.arithmetic import feature_type
from uepnet.training.sampling import Sampler

CROPS_SEED = 0
"""Of the crops, whatever the row's seed."""


@dataclass(frozen=True)
class FeatureCache:
    """Features at strides 8 and 16 of `batches` batches, fp16, channels last."""

    folder: Path
    maps: tuple[Float16[np.ndarray, "crops rows columns channels"], ...]
    batch: int

    @property
    def batches(self) -> int:
        """How many batches are kept."""
        return len(self.maps[0]) // self.batch

    def features(self, number: int) -> Features:
        """Those of one batch, as channels-last tensors of the type that the processor multiplies in."""
        some = slice(number * self.batch, (number + 1) * self.batch)
        return tuple(torch.from_numpy(values[some]).to(feature_type("cpu")).permute(0, 3, 1, 2) for values in self.maps)


def open_features(
    trunk: Trunk, sampler: Sampler, *, crops: int, folder: Path, on_batch: Callable[[int, int], None] | None = None
) -> FeatureCache:
    """The cache of these crops in `folder`, made if it is not there; one that was cut off is made anew.

    The sampler's seed is `CROPS_SEED`; its batches 0, 1, ... are kept.
    """
    batch = sampler.config.batch
    place = folder / _key(trunk, sampler, crops=crops)
    if not place.is_dir():
        _make(trunk, sampler, batches=crops // batch, place=place, on_batch=on_batch)
    maps = tuple(np.load(path, mmap_mode="c") for path in sorted(place.glob("stride*.npy")))
    return FeatureCache(place, maps, batch)


def _make(
    trunk: Trunk, sampler: Sampler, *, batches: int, place: Path, on_batch: Callable[[int, int], None] | None
) -> None:
    """Write the features beside their place and move them there when they are whole."""
    partial = place.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    maps: list[np.memmap[tuple[int, ...], np.dtype[np.float16]]] = []
    for number in range(batches):
        features = trunk.features(sampler.batch(number, patch=8).pixels)
        last = [_channels_last(feature) for feature in features]
        if not maps:
            names = [partial / f"stride{index}.npy" for index in range(len(last))]
            maps = [_open(name, batches, first) for name, first in zip(names, last, strict=True)]
        for kept, values in zip(maps, last, strict=True):
            kept[number * len(values) : (number + 1) * len(values)] = values
        if on_batch is not None:
            on_batch(number + 1, batches)
    for kept in maps:
        kept.flush()
    partial.rename(place)


def _open(
    path: Path, batches: int, first: Float16[np.ndarray, "n rows columns channels"]
) -> "np.memmap[tuple[int, ...], np.dtype[np.float16]]":
    shape = (batches * len(first), *first.shape[1:])
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)


def _channels_last(feature: Float[Tensor, "n channels rows columns"]) -> Float16[np.ndarray, "n rows columns channels"]:
    values: Float16[np.ndarray, "n rows columns channels"] = feature.permute(0, 2, 3, 1).half().cpu().numpy()
    return values


def _key(trunk: Trunk, sampler: Sampler, *, crops: int) -> str:
    """A hash of all that decides the features: trunk, crops and pictures."""
    parts = {
        "trunk": trunk.used.digest,
        "sampling": sampler.config.model_dump(mode="json"),
        "data": [data.digest for data in sampler.store.data],
        "crops": crops,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
