"""The work of a network."""

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


def forward_flop(network: nn.Module, given: Tensor) -> float:
    """FLOP of one forward pass of convolutions and matrix products: two for each multiplication with its addition.

    >>> forward_flop(nn.Linear(10, 20), torch.zeros(3, 10))
    1200.0
    """
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(given)
    return float(counter.get_total_flops())
