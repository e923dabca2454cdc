"""From a head's values to what they stand for: the densities or the distribution of people in every patch.

The counting graph and the losses share this, so a count is learnt as it is counted.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from uepnet.description import CountOutput, Positive

LEAST_RATE = 1e-6
"""People; the logarithm of a Poisson rate stays finite."""


POSITIVE: dict[Positive, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "softplus": functional.softplus,
    "absolute": torch.abs,
}
"""What makes densities of values."""


def densities(
    values: Float[Tensor, "n cells rows columns"], output: CountOutput
) -> Float[Tensor, "n cells rows columns"]:
    """The density in each cell of each patch, in people per patch: their mean is the patch's count."""
    return POSITIVE[output.positive](values.float())


def zero_inflated(
    values: Float[Tensor, "n 2 rows columns"],
) -> tuple[Float[Tensor, "n rows columns"], Float[Tensor, "n rows columns"]]:
    """The logit of the Poisson part's probability, and the rate of that part in people per patch."""
    values = values.float()
    return values[:, 0], functional.softplus(values[:, 1]) + LEAST_RATE
