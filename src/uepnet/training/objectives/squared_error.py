"""The paper's baseline "MSE": the squared error of local counts (Wang et al. 2021, section 4.3 and Table 7)."""

from jaxtyping import Float
from torch import Tensor


def squared_error(
    predicted: Float[Tensor, "n rows columns"],
    counts: Float[Tensor, "n rows columns"],
    *,
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over the patches of `(predicted - counts)^2`, people squared, divided by the number of `patches`.

    Both hold 0 in patches beyond the picture.
    """
    total: Tensor = (predicted - counts).square().sum() / patches
    return total
