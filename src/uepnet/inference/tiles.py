"""Large pictures in tiles: the same maps as those of the whole picture, in the memory of one tile.

A tile starts and ends at multiples of the network's `block` or at the picture's edges, and of its maps only the
patches stay whose reach lies inside it: those are the patches that the whole picture would give.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, UInt8

from uepnet.description import ModelDescription
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.inference.receptive_field import reach

TILE = 2048
"""Pixels; the longest side of a tile, unless the network sees too far for that."""
LARGEST_WHOLE = 2048 * 2048
"""Pixels, after padding; pictures up to here are counted in one piece."""

OnTile = Callable[[int, int], None]
"""Told after each tile: how many are done, of how many."""


class Span(NamedTuple):
    """A tile along one axis, in pixels: what the network is shown, and the part of its answer that stays."""

    begin: int
    end: int
    keep_begin: int
    keep_end: int


class TiledBackend:
    """A backend that shows large pictures to another one tile by tile.

    `tile` and `largest_whole` are for tests and unusual machines; a tile is never so small that its halo takes more than
    half of its side.
    """

    def __init__(self, backend: Backend, *, tile: int = TILE, largest_whole: int = LARGEST_WHOLE) -> None:
        if tile < 1 or largest_whole < 1:
            raise ValueError(f"a tile of {tile} pixels and pictures up to {largest_whole} are none; give 1 or more")
        self._backend = backend
        self._tile = tile
        self._largest_whole = largest_whole

    @property
    def description(self) -> ModelDescription:
        """What the model's weights mean."""
        return self._backend.description

    def run(self, picture: UInt8[np.ndarray, "height width 3"], *, on_tile: OnTile | None = None) -> PatchMaps:
        """The maps of one RGB picture.

        Raises what the backend raises, and `ModelFileError` for a large picture and an encoder whose reach is not known.
        """
        height, width = picture.shape[:2]
        step = self.description.network.block
        if _rounded_up(height, step) * _rounded_up(width, step) <= self._largest_whole:
            return self._backend.run(picture)
        halo = _rounded_up(max(reach(self.description.network)), step)
        tile = max(_rounded_up(self._tile, step), 4 * halo, step)
        rows, columns = (spans(side, tile=tile, halo=halo, step=step) for side in (height, width))
        patch = self.description.patch
        maps = _empty_maps(-(-height // patch), -(-width // patch))
        features = _MeanFeatures()
        for number, (down, across) in enumerate([(down, across) for down in rows for across in columns], start=1):
            shown = np.ascontiguousarray(picture[down.begin : down.end, across.begin : across.end])
            part = self._backend.run(shown)
            _keep(maps, part, down, across, patch=patch)
            features.add(part, pixels=shown.shape[0] * shown.shape[1])
            if on_tile is not None:
                on_tile(number, len(rows) * len(columns))
        return replace(maps, features=features.mean)


class _MeanFeatures:
    """The tiles' features, each by its area; where tiles overlap a place counts more than once."""

    def __init__(self) -> None:
        self._sum: Float32[np.ndarray, " channels"] | None = None
        self._pixels = 0

    def add(self, part: PatchMaps, *, pixels: int) -> None:
        """Take those of one tile."""
        if part.features is not None:
            weighted = part.features * np.float32(pixels)
            self._sum = weighted if self._sum is None else self._sum + weighted
            self._pixels += pixels

    @property
    def mean(self) -> Float32[np.ndarray, " channels"] | None:
        """Over all tiles; None where the backend gives none."""
        return None if self._sum is None else self._sum / np.float32(self._pixels)


def spans(length: int, *, tile: int, halo: int, step: int) -> tuple[Span, ...]:
    """As few tiles of one size as cover a side of `length` pixels, the last of them cut off by the picture's edge.

    `tile` is the longest that is allowed, `halo` what is not kept where a tile does not end at the picture's edge;
    both are multiples of `step`, and so are all borders but the picture's last.

    >>> spans(90, tile=64, halo=16, step=8)
    (Span(begin=0, end=64, keep_begin=0, keep_end=48), Span(begin=32, end=90, keep_begin=48, keep_end=90))
    """
    if tile % step or halo % step or tile < 2 * halo + step:
        raise ValueError(
            f"a tile of {tile} and a halo of {halo} must be multiples of {step}, and more than the halos stay"
        )
    padded = _rounded_up(length, step)
    if padded <= tile:
        return (Span(0, length, 0, length),)
    number = -(-(padded - 2 * halo) // (tile - 2 * halo))
    tile = _rounded_up(-(-(padded - 2 * halo) // number), step) + 2 * halo
    kept = 0
    found = []
    for index in range(number):
        begin = min(index * (tile - 2 * halo), padded - tile)
        end = min(begin + tile, length)
        keep_end = length if index == number - 1 else end - halo
        found.append(Span(begin, end, kept, keep_end))
        kept = keep_end
    return tuple(found)


def _empty_maps(rows: int, columns: int) -> PatchMaps:
    mean, argmax, variance = (np.empty((rows, columns), dtype=np.float32) for _ in range(3))
    return PatchMaps(mean=mean, argmax=argmax, variance=variance)


def _keep(whole: PatchMaps, part: PatchMaps, down: Span, across: Span, *, patch: int) -> None:
    """Copy the patches that stay into the whole picture's maps."""
    (to_rows, from_rows), (to_columns, from_columns) = (_patches(span, patch=patch) for span in (down, across))
    for name in ("mean", "argmax", "variance"):
        getattr(whole, name)[to_rows, to_columns] = getattr(part, name)[from_rows, from_columns]


def _patches(span: Span, *, patch: int) -> tuple[slice, slice]:
    """The patches that stay: in the whole map, and in the tile's."""
    first, end, offset = span.keep_begin // patch, -(-span.keep_end // patch), span.begin // patch
    return slice(first, end), slice(first - offset, end - offset)


def _rounded_up(pixels: int, step: int) -> int:
    return -(-pixels // step) * step
