"""Local counts and classes once more, in torch, for a batch of crops on the device.

The definition is `counting.local_counts` (NumPy, float64); a test holds the two to 1e-5 of each other.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor


@dataclass(frozen=True)
class Crops:
    """The heads of a batch of crops, in pixels of the resized pictures that the crops were cut from.

    `xy` and `sigma` are padded to the longest list of heads; padding has `weight` 0. `extent` is each resized picture's
    width and height, `corner` each crop's left and top in it.
    """

    xy: Float[Tensor, "n heads 2"]
    sigma: Float[Tensor, "n heads"]
    weight: Float[Tensor, "n heads"]
    extent: Float[Tensor, "n 2"]
    corner: Float[Tensor, "n 2"]


def local_counts(crops: Crops, *, patch: int, rows: int, columns: int) -> Float[Tensor, "n rows columns"]:
    """People per patch of each crop; what lies beyond the picture holds 0."""
    across = _shares(crops, axis=0, patch=patch, patches=columns)
    down = _shares(crops, axis=1, patch=patch, patches=rows)
    return torch.einsum("nhr,nhc->nrc", down * crops.weight[:, :, None], across)


@dataclass(frozen=True)
class CropPoints:
    """The heads that are in their crop: `xy` in pixels from its left upper corner, `weight` 1 for them and 0 for all
    others, whose places mean nothing.
    """

    xy: Float[Tensor, "n heads 2"]
    weight: Float[Tensor, "n heads"]


def points_inside(crops: Crops, *, patch: int, rows: int, columns: int) -> CropPoints:
    """The heads of each crop of `rows` x `columns` patches; one annotated outside the picture is at its nearest edge."""
    extent = torch.nextafter(crops.extent, torch.zeros_like(crops.extent))[:, None]
    xy = crops.xy.clamp_min(0.0).minimum(extent) - crops.corner[:, None]
    inside = ((xy >= 0.0) & (xy < xy.new_tensor((patch * columns, patch * rows)))).all(dim=2)
    return CropPoints(xy=xy, weight=crops.weight * inside)


def point_counts(points: CropPoints, *, patch: int, rows: int, columns: int) -> Float[Tensor, "n rows columns"]:
    """Whole numbers of heads per patch (`counting.point_counts`); a patch holds its left and upper edge."""
    place = (points.xy / patch).floor().long()
    index = (place[:, :, 1] * columns + place[:, :, 0]).clamp(0, rows * columns - 1)
    counts = points.xy.new_zeros(len(points.xy), rows * columns)
    return counts.scatter_add_(1, index, points.weight).view(-1, rows, columns)


def patch_centres(
    like: Float[Tensor, "n rows columns"], *, patch: int
) -> tuple[Float[Tensor, " rows"], Float[Tensor, " columns"]]:
    """How far below and right of the crop's corner, in pixels, the middles of its rows and columns of patches are."""
    down, across = (torch.arange(length, device=like.device, dtype=like.dtype) for length in like.shape[1:])
    return (down + 0.5) * patch, (across + 0.5) * patch


def beyond_picture(crops: Crops, *, patch: int, rows: int, columns: int) -> Tensor:
    """Which patches lie wholly outside their picture: bool [n, rows, columns]."""
    device = crops.extent.device
    left = crops.corner[:, :1] + patch * torch.arange(columns, device=device)
    top = crops.corner[:, 1:] + patch * torch.arange(rows, device=device)
    return (left >= crops.extent[:, :1])[:, None, :] | (top >= crops.extent[:, 1:])[:, :, None]


def encode(
    counts: Float[Tensor, "n rows columns"], borders: Float[Tensor, " borders"]
) -> Int64[Tensor, "n rows columns"]:
    """Class of each count: the number of borders that are not above it."""
    return torch.bucketize(counts, borders, right=True)


def _shares(crops: Crops, *, axis: int, patch: int, patches: int) -> Float[Tensor, "n heads patches"]:
    """Each head's share along one axis, its Gaussian cut off at the picture's edges and renormalised inside."""
    extent = crops.extent[:, axis, None, None]
    steps = patch * torch.arange(patches + 1, device=crops.xy.device, dtype=crops.xy.dtype)
    edges = (crops.corner[:, axis, None, None] + steps).clamp_min(0.0).minimum(extent)
    position = crops.xy[:, :, axis, None].clamp_min(0.0).minimum(extent)
    width = crops.sigma[:, :, None] * math.sqrt(2.0)
    inside = torch.erf((extent - position) / width) + torch.erf(position / width)
    return torch.erf((edges - position) / width).diff(dim=2) / inside
