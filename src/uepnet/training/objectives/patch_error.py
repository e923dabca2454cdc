"""The absolute error of the counts of blocks: the L1 loss on a local counting map (Liu et al. 2020, "Adaptive mixture
regression network with local counting map for crowd counting", AMRNet).
"""

from jaxtyping import Float
from torch import Tensor

from uepnet.training.objectives.blocks import block_sums


def patch_absolute_error(
    predicted: Float[Tensor, "n rows columns"],
    counts: Float[Tensor, "n rows columns"],
    *,
    block: int,
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over blocks of `block` x `block` patches of `|predicted - true|` people, divided by the number of `patches`.

    AMRNet's own patches have 64 x 64 pixels. Most patches of 8 x 8 pixels hold less than half a person, and the best
    constant under an absolute error is the median: patch by patch the loss would be content with nobody anywhere. Both
    maps hold 0 in patches beyond the picture.
    """
    total: Tensor = (block_sums(predicted, block) - block_sums(counts, block)).abs().sum() / patches
    return total
