"""Bayesian loss: every head should be expected once, and the background never (Ma et al. 2019, "Bayesian loss for crowd
count estimation with point supervision", with the background: "Bayesian+").
"""

import torch
from jaxtyping import Float
from torch import Tensor

from uepnet.training.targets import CropPoints, patch_centres


def bayesian_loss(
    predicted: Float[Tensor, "n rows columns"],
    points: CropPoints,
    *,
    patch: int,
    sigma: float,
    background: float,
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over the heads in the crops of `|1 - E_n|`, and over the crops of `|E_0|`, in people, per patch.

    `E_n = sum_m p(y_n | x_m) D_m`: each patch's people `D_m` belong to the heads and to the background with the posterior
    of its middle, under Gaussians of deviation `sigma` pixels around the heads, and around a dummy head of the background
    on the line from the nearest head through the patch, `background` times the crop's shorter side away from that head. A
    crop without heads is all background. `predicted` is 0 in patches beyond the picture; `patches` is their number.
    """
    posterior = _posterior(predicted, points, patch=patch, sigma=sigma, background=background)
    expected = torch.einsum("nhrc,nrc->nh", posterior, predicted)
    of_heads = ((1.0 - expected[:, :-1]).abs() * points.weight).sum()
    total: Tensor = (of_heads + expected[:, -1].abs().sum()) / patches
    return total


@torch.no_grad()
def _posterior(
    predicted: Float[Tensor, "n rows columns"], points: CropPoints, *, patch: int, sigma: float, background: float
) -> Float[Tensor, "n heads1 rows columns"]:
    """p(y_n | x_m) for every head and, last, the background."""
    down, across = patch_centres(predicted, patch=patch)
    x, y = points.xy[:, :, 0, None], points.xy[:, :, 1, None]
    squares = (down - y).square()[:, :, :, None] + (across - x).square()[:, :, None, :]
    squares = squares.masked_fill((points.weight == 0)[:, :, None, None], torch.inf)
    far = background * patch * min(predicted.shape[1:])
    nearest = squares.amin(dim=1, keepdim=True).sqrt()
    dummy = (far - nearest.where(nearest.isfinite(), far)).square()
    return (torch.cat((squares, dummy), dim=1) / (-2.0 * sigma**2)).softmax(dim=1)
