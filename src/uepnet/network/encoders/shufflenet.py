"""ShuffleNetV2 1.0x (Ma et al. 2018) with each batch normalisation folded into the convolution before it.

Contract: strides 8, 16, 32 with 116, 232, 464 channels, taken after stages 2, 3 and 4.

`ShuffleNetV2` has a LeakyReLU of slope 0.1, as a person detector's weights need it; `ShuffleNetV2Torchvision` has a ReLU.
Both take RGB with ImageNet's normalisation: weights made for BGR have the input channels of `stem` turned round when they
are loaded. Built without normalisation layers: ImageNet weights that have them are folded when they are loaded.
"""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.encoders.contract import Encoder

STEM_CHANNELS = 24
UNITS = {8: 4, 16: 8, 32: 4}
"""Units in the stage that ends at each stride."""


class ShuffleUnit(nn.Module):
    """Half the channels pass by, the other half are filtered, then both halves are interleaved."""

    def __init__(self, channels: int, *, activation: nn.Module) -> None:
        super().__init__()
        half = channels // 2
        self.activation = activation
        self.b2pw1 = nn.Conv2d(half, half, 1)
        self.b2dw = nn.Conv2d(half, half, 3, padding=1, groups=half)
        self.b2pw2 = nn.Conv2d(half, half, 1)

    def forward(self, x: Float[Tensor, "n channels rows columns"]) -> Float[Tensor, "n channels rows columns"]:
        """The unit's output, at the input's size."""
        passing, filtered = x.chunk(2, dim=1)
        filtered = self.activation(self.b2pw1(filtered))
        return _interleave(passing, self.activation(self.b2pw2(self.b2dw(filtered))))


class HalvingUnit(nn.Module):
    """Two branches, both of which see all channels and halve the size; the first unit of a stage."""

    def __init__(self, incoming: int, outgoing: int, *, activation: nn.Module) -> None:
        super().__init__()
        half = outgoing // 2
        self.activation = activation
        self.b1dw = nn.Conv2d(incoming, incoming, 3, stride=2, padding=1, groups=incoming)
        self.b1pw = nn.Conv2d(incoming, half, 1)
        self.b2pw1 = nn.Conv2d(incoming, half, 1)
        self.b2dw = nn.Conv2d(half, half, 3, stride=2, padding=1, groups=half)
        self.b2pw2 = nn.Conv2d(half, half, 1)

    def forward(self, x: Float[Tensor, "n _ _ _"]) -> Float[Tensor, "n _ _ _"]:
        """The unit's output, at half the input's size."""
        first = self.activation(self.b1pw(self.b1dw(x)))
        second = self.activation(self.b2pw1(x))
        return _interleave(first, self.activation(self.b2pw2(self.b2dw(second))))


class ShuffleNetV2(Encoder):
    """A 3x3 convolution, max-pooling, and up to three stages of 4, 8 and 4 units, with LeakyReLU."""

    channels: ClassVar[dict[int, int]] = {8: 116, 16: 232, 32: 464}
    slope: ClassVar[float] = 0.1
    """Of the activation, where its input is negative."""

    def __init__(self, *, deepest: int = 32) -> None:
        super().__init__(deepest=deepest)
        self.activation = nn.LeakyReLU(self.slope) if self.slope else nn.ReLU()
        self.stem = nn.Conv2d(3, STEM_CHANNELS, 3, stride=2, padding=1)
        self.stage2 = self._stage(STEM_CHANNELS, stride=8)
        if deepest >= 16:
            self.stage3 = self._stage(self.channels[8], stride=16)
        if deepest >= 32:
            self.stage4 = self._stage(self.channels[16], stride=32)

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """Features after stages 2, 3 and 4."""
        x = self.activation(self.stem(pictures))
        features = [self.stage2(functional.max_pool2d(x, 3, stride=2, padding=1))]
        if 16 in self.strides:
            features.append(self.stage3(features[-1]))
        if 32 in self.strides:
            features.append(self.stage4(features[-1]))
        return tuple(features)

    def spread_factors(self) -> dict[str, float]:
        """No ReLU follows the convolutions of single channels."""
        return {name: 0.5**0.5 for name, _ in self.named_modules() if name.endswith(("b1dw", "b2dw"))}

    def _stage(self, incoming: int, *, stride: int) -> nn.Sequential:
        outgoing = self.channels[stride]
        later = [ShuffleUnit(outgoing, activation=self.activation) for _ in range(UNITS[stride] - 1)]
        return nn.Sequential(HalvingUnit(incoming, outgoing, activation=self.activation), *later)


class ShuffleNetV2Torchvision(ShuffleNetV2):
    """ShuffleNetV2 with a ReLU, as torchvision's weights expect."""

    slope: ClassVar[float] = 0.0


def _interleave(first: Float[Tensor, "n half _ _"], second: Float[Tensor, "n half _ _"]) -> Float[Tensor, "n _ _ _"]:
    """Channels in the order first 0, second 0, first 1, second 1, ..."""
    return torch.stack((first, second), dim=2).flatten(1, 2)
