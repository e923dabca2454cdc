"""Entropic optimal transport between the heads of a crop and its map, on the device.

Sinkhorn's algorithm (Cuturi 2013, "Sinkhorn distances") in logarithms, with a penalty that comes down by steps (Schmitzer
2019, "Stabilized sparse scaling algorithms for entropy regularized transport problems").
"""

import torch
from jaxtyping import Float
from torch import Tensor

ROUNDS = 4
"""Updates of both potentials at every blur but the last."""
LAST_ROUNDS = 16
"""Updates at the last."""


@torch.no_grad()
def potentials(
    cost: Float[Tensor, "n heads cells"],
    source: Float[Tensor, "n heads"],
    target: Float[Tensor, "n cells"],
    *,
    blur: float,
    rounds: int = LAST_ROUNDS,
) -> tuple[Float[Tensor, "n heads"], Float[Tensor, "n cells"]]:
    """The Kantorovich potentials `f`, `g` of transport with the entropic penalty `blur` (in the unit of `cost`).

    Sinkhorn's updates `f_i = -blur log sum_j b_j exp((g_j - c_ij) / blur)`, and `g` likewise, in logarithms; the blur
    comes down from the largest cost by factors of 4, so that few rounds carry mass far. `g` is updated last, so that
    the value of the transport is `f a + g b`, and `g` its derivative by `b` up to a constant. Each `source` and `target`
    sums to 1; every target is above 0.
    """
    mass, log_target = source.log()[:, :, None], target.log()[:, None, :]
    g = torch.zeros_like(target)
    f = torch.zeros_like(source)
    for step, times in _schedule(float(cost.max()), blur=blur, rounds=rounds):
        scaled = cost / step
        for _ in range(times):
            f = -step * (log_target + g[:, None] / step - scaled).logsumexp(dim=2)
            g = -step * (mass + f[:, :, None] / step - scaled).logsumexp(dim=1)
    return f, g


def _schedule(largest: float, *, blur: float, rounds: int) -> list[tuple[float, int]]:
    """The blurs from the largest cost down, and how many rounds each gets."""
    steps = []
    while largest > blur:
        steps.append((largest, ROUNDS))
        largest /= 4.0
    return [*steps, (blur, rounds)]
