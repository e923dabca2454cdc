"""Entropic optimal transport between the heads of a crop and its map, on the device.

Sinkhorn's algorithm (Cuturi 2013, "Sinkhorn distances"), with a penalty that comes down by steps and a kernel that is made
anew at each (Schmitzer 2019, "Stabilized sparse scaling algorithms for entropy regularized transport problems").
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

    Sinkhorn's updates: `f_i = -blur log sum_j b_j exp((g_j - c_ij) / blur)`, and `g` likewise. The blur comes down from
    the largest cost by factors of 4, so that few rounds carry mass far; at each, what both potentials explain already is
    taken out of the kernel, so that no exponent grows large. `g` is updated last, so that the value of the transport is
    `f a + g b`, and `g` its derivative by `b` up to a constant. Each `source` and `target` sums to 1. Heads without mass
    are taken for one that has some: far from all others, they alone would let the kernel overflow.
    """
    fullest = cost.take_along_dim(source.argmax(dim=1)[:, None, None], dim=1)
    cost = torch.where((source > 0)[:, :, None], cost, fullest)
    f, g = torch.zeros_like(source), torch.zeros_like(target)
    for step, times in _schedule(float(cost.max()), blur=blur, rounds=rounds):
        kernel = ((f[:, :, None] + g[:, None] - cost) / step).exp_()
        back = kernel.transpose(1, 2)
        right = torch.ones_like(g)
        for _ in range(times):
            left = 1.0 / torch.bmm(kernel, (target * right)[:, :, None])[:, :, 0]
            right = 1.0 / torch.bmm(back, (source * left)[:, :, None])[:, :, 0]
        f, g = f + step * left.log(), g + step * right.log()
    return f, g


def _schedule(largest: float, *, blur: float, rounds: int) -> list[tuple[float, int]]:
    """The blurs from the largest cost down, and how many rounds each gets."""
    steps = []
    while largest > blur:
        steps.append((largest, ROUNDS))
        largest /= 4.0
    return [*steps, (blur, rounds)]
