"""A protocol at work: the picture as it is shown to the counter, and the heads that are its truth."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image

from uepnet.description import ModelDescription
from uepnet.evaluation.protocols import EvaluationProtocol
from uepnet.evaluation.regions import Region, blur_outside, in_region, patch_shares, region_mask
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.points import HeadPoints

Shares = Float[np.ndarray, "rows columns"]


@dataclass(frozen=True)
class Shown:
    """What one picture is under a protocol.

    `heads` are the heads that count, in the pixels of `pixels`; their number is the truth. `shares` says how much of
    each patch's people counts, None for all.
    """

    pixels: UInt8[np.ndarray, "height width 3"]
    heads: HeadPoints
    shares: Shares | None


def show(
    pixels: UInt8[np.ndarray, "height width 3"],
    heads: HeadPoints,
    *,
    protocol: EvaluationProtocol,
    patch: int,
    region: Region | None = None,
) -> Shown:
    """Apply what the protocol does to the picture and to the truth; a region is a `ValueError` to miss or to bring."""
    if (region is not None) != protocol.region:
        has = "none was given" if region is None else "one was given"
        raise ValueError(f"the protocol '{protocol.name}' takes {'a' if protocol.region else 'no'} region, but {has}")
    if protocol.stretch is not None:
        height, width = (stretched_side(side, multiple=protocol.stretch) for side in pixels.shape[:2])
        resized = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
        return Shown(np.asarray(resized), heads.scale(width=width, height=height), None)
    if region is not None:
        mask = region_mask(region, width=heads.width, height=heads.height)
        inside = HeadPoints(heads.xy[in_region(heads.xy, region)], width=heads.width, height=heads.height)
        shown = pixels if protocol.blur is None else blur_outside(pixels, mask, side=protocol.blur)
        return Shown(shown, inside, patch_shares(mask, patch=patch))
    return Shown(pixels, heads, None)


def stretched_side(side: int, *, multiple: int) -> int:
    """The largest multiple up to `side`, but at least one.

    >>> stretched_side(200, multiple=64), stretched_side(64, multiple=64), stretched_side(30, multiple=64)
    (192, 64, 64)
    """
    return max(side // multiple, 1) * multiple


class ProtocolBackend:
    """A backend that counts by tiles and by shares of patches where the protocol says so."""

    def __init__(self, backend: Backend, *, tile: int | None = None, shares: Shares | None = None) -> None:
        patch = backend.description.patch
        if tile is not None and tile % patch:
            raise ValueError(f"tiles are whole patches of {patch} pixels, but {tile} pixels are not")
        self._backend = backend
        self._tile = tile
        self._shares = shares

    @property
    def description(self) -> ModelDescription:
        """What the model's weights mean."""
        return self._backend.description

    def run(self, picture: UInt8[np.ndarray, "height width 3"]) -> PatchMaps:
        """The maps of one picture; with `shares`, of the picture that they belong to."""
        maps = self._backend.run(picture) if self._tile is None else self._run_tiles(picture, self._tile)
        return maps if self._shares is None else share_of_maps(maps, self._shares)

    def _run_tiles(self, picture: UInt8[np.ndarray, "height width 3"], tile: int) -> PatchMaps:
        height, width = picture.shape[:2]
        maps = [
            [
                self._backend.run(np.ascontiguousarray(picture[top : top + tile, left : left + tile]))
                for left in range(0, width, tile)
            ]
            for top in range(0, height, tile)
        ]
        return PatchMaps(
            mean=np.block([[part.mean for part in row] for row in maps]),
            argmax=np.block([[part.argmax for part in row] for row in maps]),
            variance=np.block([[part.variance for part in row] for row in maps]),
        )


def share_of_maps(maps: PatchMaps, shares: Shares) -> PatchMaps:
    """The people in a share of every patch, spread evenly over it: counts times the share, variance times its square."""
    factor = shares.astype(np.float32)
    return PatchMaps(mean=maps.mean * factor, argmax=maps.argmax * factor, variance=maps.variance * factor**2)
