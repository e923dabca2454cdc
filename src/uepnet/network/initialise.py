"""The weights before training."""

import math
from collections.abc import Sequence
from typing import Literal, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from uepnet.description import CountOutput, Output, ZeroInflatedOutput
from uepnet.network.presence import Presence
from uepnet.network.uepnet import UEPNet

Spread = Literal["he", "paper"]
"""How new convolutions are drawn: with He's variance-keeping spread, or with the paper's standard deviation of 0.01."""


def initialise(network: UEPNet, *, spread: Spread, seed: int) -> None:
    """Draw every convolution anew (weights normal, biases 0); normalisation layers become the identity.

    The encoder always takes He's spread (He et al. 2015, Equation 10), times the factors that it states itself: without
    pre-trained weights 0.01 would let its thirteen layers die out. The paper's 0.01 is for the layers after it.
    """
    random = torch.Generator().manual_seed(seed)
    factors = {f"encoder.{name}": factor for name, factor in network.encoder.spread_factors().items()}
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d):
            seen = module.in_channels // module.groups * module.kernel_size[0] * module.kernel_size[1]
            he = (2.0 / seen) ** 0.5 * factors.get(name, 1.0)
            deviation = he if spread == "he" or name.startswith("encoder.") else 0.01
            nn.init.normal_(module.weight, std=deviation, generator=random)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
    for head in network.heads:
        nn.init.normal_(_classifier(head).weight, std=0.01, generator=random)
    if network.presence is not None:
        begin_presence(network.presence, seed=seed)


SOMEBODY = -4.0
"""The last bias of a new presence branch, which then takes somebody for near everywhere, at odds of 55 to 1."""


def begin_presence(presence: Presence, *, seed: int) -> None:
    """Draw the branch anew; it hardly changes an answer before it has learnt."""
    random = torch.Generator().manual_seed(seed)
    for layer in (presence.reduce, presence.compare):
        nn.init.normal_(layer.weight, std=(2.0 / layer.in_channels) ** 0.5, generator=random)
        nn.init.zeros_(cast(Tensor, layer.bias))
    nn.init.zeros_(presence.judge.weight)
    nn.init.constant_(cast(Tensor, presence.judge.bias), SOMEBODY)


def expect_classes(network: UEPNet, shares: Sequence[Float[Tensor, " _"]]) -> None:
    """Set each head's last bias so that its first answer is the classes' shares in the training data.

    `shares[i]` sums to 1; classes without samples are taken as one in a million, so that no logit is infinite.
    """
    for head, share in zip(network.heads, shares, strict=True):
        with torch.no_grad():
            cast(Tensor, _classifier(head).bias).copy_(share.clamp_min(1e-6).log())


def expect_counts(network: UEPNet, output: Output, *, mean: float, occupied: float) -> None:
    """Set the last bias so that the first answer is the training data's `mean` people per patch, of which a share
    `occupied` has people. `ValueError` for an output of classes.
    """
    mean = max(mean, 1e-4)
    if isinstance(output, CountOutput):
        first = [_softplus_is(mean) if output.positive == "softplus" else mean] * output.cells**2
    elif isinstance(output, ZeroInflatedOutput):
        share = min(max(occupied, 1e-4), 0.5)
        first = [math.log(share / (1.0 - share)), _softplus_is(mean / share)]
    else:
        raise ValueError("classes expect their shares: `expect_classes`")
    with torch.no_grad():
        bias = cast(Tensor, _classifier(network.heads[0]).bias)
        bias.copy_(torch.tensor(first))


def _softplus_is(value: float) -> float:
    return math.log(math.expm1(value)) if value < 30 else value


def _classifier(head: nn.Module) -> nn.Conv2d:
    return cast(nn.Conv2d, cast(nn.Sequential, head)[-1])
