"""Batch normalisation for the time of a training: after every convolution of encoder and decoder, gone from every model file.

Encoders arrive with theirs folded into the convolutions (`network/encoders`), and such a network takes large steps badly.
Put back, with the statistics of the network's own features, normalisation changes no answer at first. What is validated
and saved has the statistics of the averaged weights, folded in again: the network that everything else knows.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from uepnet.network.uepnet import UEPNet

Pixels = Float[Tensor, "n 3 height width"]


class Spread(NamedTuple):
    """Mean and variance of the values that a convolution gives, by channel."""

    mean: Float[Tensor, " channels"]
    variance: Float[Tensor, " channels"]


class Normalised(nn.Sequential):
    """A convolution and its normalisation."""

    def __init__(self, convolution: nn.Conv2d, spread: Spread) -> None:
        super().__init__()
        self.convolution = convolution
        self.norm = nn.BatchNorm2d(convolution.out_channels).to(convolution.weight.device)
        with torch.no_grad():
            self.norm.running_mean.copy_(spread.mean)  # type: ignore[union-attr]  # there with track_running_stats
            self.norm.running_var.copy_(spread.variance)  # type: ignore[union-attr]
            self.norm.weight.copy_((spread.variance + self.norm.eps).sqrt())
            self.norm.bias.copy_(spread.mean)


def normalise(network: UEPNet, batches: Iterable[Pixels]) -> None:
    """Put a normalisation after every convolution of encoder and decoder, in place, with their spread over `batches`.

    In evaluation mode the network answers as before.
    """
    for name, spread in spreads(network, batches).items():
        parent, _, child = name.rpartition(".")
        holder = network.get_submodule(parent)
        setattr(holder, child, Normalised(_convolution(holder, child), spread))


def spreads(network: UEPNet, batches: Iterable[Pixels]) -> Mapping[str, Spread]:
    """The spread of what each convolution of encoder and decoder gives, by its name, over all batches together."""
    sums: dict[str, list[Tensor]] = {}
    hooks = []
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d) and not name.startswith(("heads.", "presence.")):

            def add(_: nn.Module, __: object, found: Tensor, *, name: str = name) -> None:
                values = found.double()
                here = [values.sum((0, 2, 3)), values.square().sum((0, 2, 3)), values.new_tensor(values[:, 0].numel())]
                sums[name] = (
                    [one + other for one, other in zip(sums[name], here, strict=True)] if name in sums else here
                )

            hooks.append(module.register_forward_hook(add))
    network.eval()
    with torch.no_grad():
        for pixels in batches:
            network(pixels)
    for hook in hooks:
        hook.remove()
    return {
        name: Spread((total / number).float(), (squares / number - (total / number).square()).clamp_min(0).float())
        for name, (total, squares, number) in sums.items()
    }


def folded(network: UEPNet, batches: Iterable[Pixels]) -> UEPNet:
    """A copy without normalisation that answers as `network` with its statistics measured on `batches` answers."""
    plain = copy.deepcopy(network)
    layers = [module for module in plain.modules() if isinstance(module, Normalised)]
    for layer in layers:
        layer.norm.reset_running_stats()
        layer.norm.momentum = None  # the mean over all batches instead of a running one
    plain.train()
    with torch.no_grad():
        for pixels in batches:
            plain(pixels)
    plain.eval()
    for holder in list(plain.modules()):
        for child, module in list(holder.named_children()):
            if isinstance(module, Normalised):
                setattr(holder, child, nn.utils.fusion.fuse_conv_bn_eval(module.convolution, module.norm))
    return plain


def _convolution(holder: nn.Module, child: str) -> nn.Conv2d:
    found = getattr(holder, child)
    if not isinstance(found, nn.Conv2d):
        raise ValueError(f"{child} of {type(holder).__name__} is no convolution but {type(found).__name__}")
    return found
