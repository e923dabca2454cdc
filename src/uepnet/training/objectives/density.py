"""The squared error of a density, as density maps are learnt (Li et al. 2018, "CSRNet").

A density is finer than the counts of patches: where in a patch people are is learnt too.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from uepnet.training.targets import Crops, local_counts


def density_squared_error(
    densities: Float[Tensor, "n cells rows columns"], crops: Crops, *, patch: int, patches: Float[Tensor, ""]
) -> Float[Tensor, ""]:
    """Sum over the patches of the mean over their cells of `(density - true density)^2`, divided by their number.

    The cells of a patch are `k` x `k`, row by row; their densities are in people per patch, so that with one cell this is
    `squared_error`. The true density is that of the Gaussians, integrated over each cell. Densities are 0 in patches
    beyond the picture.
    """
    cells = densities.shape[1]
    side = round(cells**0.5)
    fine = functional.pixel_shuffle(densities, side)[:, 0]
    true = local_counts(crops, patch=patch // side, rows=fine.shape[1], columns=fine.shape[2])
    total: Tensor = (fine - cells * true).square().sum() / cells / patches
    return total
