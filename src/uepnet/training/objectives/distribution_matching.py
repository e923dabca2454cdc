"""DM-Count's loss: the count, the optimal transport and the total variation between heads and map (Wang et al. 2020,
"Distribution matching for crowd counting").
"""

import torch
from jaxtyping import Float
from torch import Tensor

from uepnet.training.objectives.transport import potentials
from uepnet.training.targets import CropPoints, patch_centres, point_counts

NOBODY = 1e-8
"""People added to every patch of a map before it is made to sum to 1, so that an empty one can be."""


def distribution_matching_loss(
    predicted: Float[Tensor, "n rows columns"],
    points: CropPoints,
    *,
    patch: int,
    transport_weight: float,
    variation_weight: float,
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over the crops of `|count - people| + w_ot OT + w_tv count / 2 ||heads / count - map / people||_1`, per patch.

    `OT` is the transport from the heads to the map, both summing to 1, at the cost of squared pixels between a head and
    the middle of a patch, with an entropic penalty of one patch squared. As its derivative by the map the potentials
    are taken. A crop without heads has the first term alone. `predicted` is 0 in patches beyond the picture.
    """
    count, people = points.weight.sum(dim=1), predicted.sum(dim=(1, 2))
    rows, columns = predicted.shape[1:]
    shares = (predicted + NOBODY) / (people + NOBODY * rows * columns)[:, None, None]
    of_heads = point_counts(points, patch=patch, rows=rows, columns=columns) / count.clamp_min(1.0)[:, None, None]
    variation = 0.5 * count * (of_heads - shares).abs().sum(dim=(1, 2))
    transport = _transport(shares, points, patch=patch) * (count > 0)
    total: Tensor = (count - people).abs() + transport_weight * transport + variation_weight * variation
    return total.sum() / patches


def _transport(shares: Float[Tensor, "n rows columns"], points: CropPoints, *, patch: int) -> Float[Tensor, " n"]:
    """The value of the transport to `shares`, pixels squared."""
    down, across = patch_centres(shares, patch=patch)
    none = (points.weight.sum(dim=1, keepdim=True) == 0).to(points.weight)
    x, y = (points.xy * (1.0 - none)[:, :, None]).unsqueeze(2).unbind(dim=3)
    cost = (down - y).square()[:, :, :, None] + (across - x).square()[:, :, None, :]
    source = (points.weight + none) / (points.weight + none).sum(dim=1, keepdim=True)
    f, g = potentials(cost.flatten(2), source, shares.detach().flatten(1), blur=float(patch) ** 2)
    value: Tensor = torch.einsum("nh,nh->n", f, source) + torch.einsum("nm,nm->n", g, shares.flatten(1))
    return value
