"""The optimiser and the running average of the weights."""

import torch
from torch import nn

from uepnet.network.uepnet import UEPNet
from uepnet.training.config import OptimiserConfig


def make_optimiser(network: UEPNet, config: OptimiserConfig) -> torch.optim.Optimizer:
    """AdamW or SGD with two groups: the encoder at `encoder_factor` of the learning rate, everything else at the whole.

    Layers that `config.learns` leaves out are in neither, and no longer ask for gradients.
    """
    learning = {
        "all": ("encoder.", "decoder.", "heads."),
        "decoder": ("decoder.", "heads."),
        "heads": ("heads.",),
        "presence": ("presence.",),
    }
    encoder: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, weight in network.named_parameters():
        weight.requires_grad_(name.startswith(learning[config.learns]))
        if weight.requires_grad:
            (encoder if name.startswith("encoder.") else others).append(weight)
    groups = [{"params": encoder, "factor": config.encoder_factor}, {"params": others, "factor": 1.0}]
    if config.name == "adamw":
        return torch.optim.AdamW(groups, lr=config.learning_rate, weight_decay=config.weight_decay)
    return torch.optim.SGD(groups, lr=config.learning_rate, momentum=config.momentum, weight_decay=config.weight_decay)


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Give every group its share of `rate`."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group["factor"]


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, *, decay: float, step: int) -> None:
    """Move the average towards the weights; in the first steps faster, so that it soon forgets the random start."""
    keep = min(decay, (1.0 + step) / (10.0 + step))
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1.0 - keep)
    for mine, theirs in zip(average.buffers(), network.buffers(), strict=True):
        mine.copy_(theirs)
