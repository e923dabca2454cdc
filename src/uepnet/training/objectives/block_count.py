"""A loss on counts beside the one on classes: blocks of patches should hold as many people as the heads expect there.

The cross entropy is content with a distribution that is right patch by patch but a little too wide on one side; summed
over a picture such small surpluses are people. The expectation over the classes is what the mean decode counts.
"""

from collections.abc import Sequence

from jaxtyping import Bool, Float
from torch import Tensor

from uepnet.training.objectives.blocks import block_sums


def block_count_loss(
    logits: Sequence[Float[Tensor, "n _ rows columns"]],
    counts: Float[Tensor, "n rows columns"],
    *,
    proxies: Sequence[Float[Tensor, " _"]],
    beyond: Bool[Tensor, "n rows columns"],
    block: int,
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over blocks of `|expected - true| / sqrt(1 + true)` people, divided by the number of `patches`.

    The expected count of a patch is `sum_c p_c * proxy_c`, averaged over the heads. A block has `block` x `block`
    patches, at the lower and right edges what is left; patches `beyond` the picture hold nothing. The square root is the spread of a
    Poisson count of that size, so that dense and sparse blocks are heard alike. `patches` is their number as in
    `interval_cross_entropy`.
    """
    expected = counts.new_zeros(counts.shape)
    for head, head_proxies in zip(logits, proxies, strict=True):
        probabilities = head.float().softmax(dim=1)
        expected = expected + (probabilities * head_proxies[:, None, None]).sum(dim=1) / len(logits)
    true = block_sums(counts.masked_fill(beyond, 0.0), block)
    error = block_sums(expected.masked_fill(beyond, 0.0), block) - true
    total: Tensor = (error.abs() / (1.0 + true).sqrt()).sum() / patches
    return total
