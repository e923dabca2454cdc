"""Sums over square blocks of patches."""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


def block_sums(counts: Float[Tensor, "n rows columns"], block: int) -> Float[Tensor, "n _ _"]:
    """The sum of every block of `block` x `block` patches, at the lower and right edges of what is left."""
    rows, columns = counts.shape[1:]
    padded = functional.pad(counts, (0, -columns % block, 0, -rows % block))
    return functional.avg_pool2d(padded[:, None], block)[:, 0] * block**2
