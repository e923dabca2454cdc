"""The trunk's features of a fixed set of crops, computed once and kept on disk: what the rows of `cpu` learn from.

Every row sees the same crops. Rows with another seed see them in another order; rows with another range of scales
have another set.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Float16
from torch import Tensor

from uepnet.errors import OutputError
from uepnet.laboratory.reproduce.trunk import Features, Trunk
from uepnet.network.arithmetic import feature_type
from uepnet.training.sampling import Sampler

MAPS = 2
"""Feature maps of a trunk: at strides 8 and 16."""

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
    maps = _open_maps(place, crops=crops) if place.is_dir() else ()
    if len(maps) != MAPS:
        shutil.rmtree(place, ignore_errors=True)
        _make(trunk, sampler, batches=crops // batch, place=place, on_batch=on_batch)
        maps = _open_maps(place, crops=crops)
    return FeatureCache(place, maps, batch)


def _open_maps(place: Path, *, crops: int) -> tuple[Float16[np.ndarray, "crops rows columns channels"], ...]:
    """The maps of a cache; none where one is missing, cut off or of other crops."""
    try:
        maps = tuple(np.load(place / f"stride{index}.npy", mmap_mode="c") for index in range(MAPS))
    except (OSError, ValueError):
        return ()
    return maps if all(one.ndim == 4 and len(one) == crops and one.dtype == np.float16 for one in maps) else ()


def _make(
    trunk: Trunk, sampler: Sampler, *, batches: int, place: Path, on_batch: Callable[[int, int], None] | None
) -> None:
    """Write the features beside their place and move them there when they are whole."""
    partial = place.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        _fill(partial, trunk, sampler, batches=batches, on_batch=on_batch)
        partial.rename(place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill(
    folder: Path, trunk: Trunk, sampler: Sampler, *, batches: int, on_batch: Callable[[int, int], None] | None
) -> None:
    maps: list[np.memmap[tuple[int, ...], np.dtype[np.float16]]] = []
    for number in range(batches):
        features = trunk.features(sampler.batch(number, patch=8).pixels)
        last = [_channels_last(feature) for feature in features]
        if not maps:
            names = [folder / f"stride{index}.npy" for index in range(len(last))]
            maps = [_open(name, batches, first) for name, first in zip(names, last, strict=True)]
        for kept, values in zip(maps, last, strict=True):
            kept[number * len(values) : (number + 1) * len(values)] = values
        if on_batch is not None:
            on_batch(number + 1, batches)
    for kept in maps:
        kept.flush()


def _open(
    path: Path, batches: int, first: Float16[np.ndarray, "n rows columns channels"]
) -> "np.memmap[tuple[int, ...], np.dtype[np.float16]]":
    """The file of all batches, whose place on the disk is taken at once: later there may be none, and no error either."""
    shape = (batches * len(first), *first.shape[1:])
    opened = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
    with path.open("r+b") as file:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        except OSError as error:
            raise OutputError(
                f"{path.parent.parent}: the features of the crops take {opened.nbytes / 1e9:.1f} GB a map, and the disk has "
                f"no room for them ({error.strerror}); make room, or name another --out"
            ) from error
    return opened


def _channels_last(feature: Float[Tensor, "n channels rows columns"]) -> Float16[np.ndarray, "n rows columns channels"]:
    values: Float16[np.ndarray, "n rows columns channels"] = feature.permute(0, 2, 3, 1).half().cpu().numpy()
    return values


def _key(trunk: Trunk, sampler: Sampler, *, crops: int) -> str:
    """A hash of all that decides the features: trunk, crops and pictures."""
    parts = {
        "trunk": trunk.used.digest,
        "sampling": sampler.config.model_dump(mode="json"),
        "data": [data.digest for data in sampler.store.data],
        "pixels": sampler.store.pixels_digest,
        "crops": crops,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
