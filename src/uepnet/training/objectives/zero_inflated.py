"""The likelihood of whole numbers of people under a zero-inflated Poisson distribution (Ma, Sanchez and Guha 2025, EBC-ZIP).

Most patches are empty, more than any Poisson distribution of the others' mean allows: so a patch is surely empty with the
probability `pi0`, and else, with `pi1 = 1 - pi0`, has a Poisson number of people with the mean `lambda`.
"""

from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from uepnet.network.outputs import zero_inflated


def zero_inflated_loss(
    values: Float[Tensor, "n 2 rows columns"],
    points: Float[Tensor, "n rows columns"],
    *,
    beyond: Bool[Tensor, "n rows columns"],
    patches: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Sum over the patches that are not `beyond` the picture of the negative logarithm of the likelihood, per patch.

    `-log(pi0 + pi1 exp(-lambda))` where no point is, else `-log pi1 - (y log lambda - lambda)` with `y` points; the
    constant `log y!` is left out. The sum, in nats, is divided by the number of `patches`.
    """
    present, rate = zero_inflated(values)
    somebody, nobody = functional.logsigmoid(present), functional.logsigmoid(-present)
    empty = -(nobody.logaddexp(somebody - rate))
    full = -somebody - (points * rate.log() - rate)
    total: Tensor = empty.where(points == 0, full).masked_fill(beyond, 0.0).sum() / patches
    return total
