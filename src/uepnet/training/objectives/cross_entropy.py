"""The paper's loss: every head classifies every patch into its interval (Wang et al. 2021, section 3.5)."""

from collections.abc import Sequence

from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from uepnet.training.targets import encode

IGNORED = -100


def interval_cross_entropy(
    logits: Sequence[Float[Tensor, "n _ rows columns"]],
    counts: Float[Tensor, "n rows columns"],
    *,
    borders: Sequence[Float[Tensor, " _"]],
    beyond: Bool[Tensor, "n rows columns"],
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over the heads of the cross entropy over the patches that are not `beyond` the picture, in nats per patch.

    The sum is divided by `patches`: their number here, or, if processes share a batch, the mean of their numbers.
    """
    total = counts.new_zeros(())
    for head, head_borders in zip(logits, borders, strict=True):
        classes = encode(counts, head_borders).masked_fill(beyond, IGNORED)
        total = total + functional.cross_entropy(head.float(), classes, ignore_index=IGNORED, reduction="sum")
    return total / patches
