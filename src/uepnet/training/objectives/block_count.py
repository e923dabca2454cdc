"""A loss on counts beside the one on classes: blocks of patches should hold as many people as the heads expect there.

The cross entropy is content with a distribution that is right patch by patch but a little too wide on one side; summed
over a picture such small surpluses are people. The expectation over the classes is what the mean decode counts.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from uepnet.training.config import CountError
from uepnet.training.objectives.blocks import block_sums


def expected_counts(
    logits: Sequence[Float[Tensor, "n _ rows columns"]], proxies: Sequence[Float[Tensor, " _"]]
) -> Float[Tensor, "n rows columns"]:
    """People per patch that the heads expect: `sum_c p_c * proxy_c`, averaged over the heads."""
    heads = [
        (head.float().softmax(dim=1) * head_proxies[:, None, None]).sum(dim=1)
        for head, head_proxies in zip(logits, proxies, strict=True)
    ]
    return torch.stack(heads).mean(dim=0)


def block_count_loss(
    expected: Float[Tensor, "n rows columns"],
    counts: Float[Tensor, "n rows columns"],
    *,
    beyond: Bool[Tensor, "n rows columns"],
    block: int,
    patches: Float[Tensor, ""],
    error: CountError,
) -> Float[Tensor, ""]:
    """Sum over blocks of how far the expected count e of each is from the true one t, divided by the number of `patches`.

    - `absolute`: `|e - t| / sqrt(1 + t)`. Where the network is unsure, its best answer is a median in which blocks with
      fewer people weigh more: mostly below the mean, for counts have a long tail upwards.
    - `tweedie`: `2 (sqrt(1 + e) - sqrt(1 + t))^2 / sqrt(1 + e)`, half the Tweedie deviance of power 1.5 (Tweedie 1984) between 1 + t and
      1 + e. Its slope in e is `(e - t) / (1 + e)^1.5`, so the best answer is the mean of t. The same
      relative error costs in proportion to the root of the number, as in `absolute`, but with its square: small errors hardly count.

    A block has `block` x `block` patches, at the lower and right edges what is left; patches `beyond` the picture hold nothing. In
    both, dense and sparse blocks are heard. `patches` is their number as in `interval_cross_entropy`.
    """
    told, true = (block_sums(some.masked_fill(beyond, 0.0), block) for some in (expected, counts))
    return MEASURES[error](told, true).sum() / patches


def _absolute(told: Tensor, true: Tensor) -> Tensor:
    return (told - true).abs() / (1.0 + true).sqrt()


def _tweedie(told: Tensor, true: Tensor) -> Tensor:
    root = (1.0 + told).sqrt()
    return 2.0 * (root - (1.0 + true).sqrt()).square() / root


MEASURES: dict[CountError, Callable[[Tensor, Tensor], Tensor]] = {"absolute": _absolute, "tweedie": _tweedie}
