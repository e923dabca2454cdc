"""ResNet-18 (He et al. 2016) with each batch normalisation folded into the convolution before it.

Contract: strides 8, 16, 32 with 128, 256, 512 channels, taken after the second, third and fourth stage.
Module names are torchvision's, so that its weights, once folded, load by name.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.encoders.contract import Encoder


class BasicBlock(nn.Module):
    """Two 3x3 convolutions around a short cut."""

    def __init__(self, incoming: int, outgoing: int, *, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(incoming, outgoing, 3, stride=stride, padding=1)
        self.conv2 = nn.Conv2d(outgoing, outgoing, 3, padding=1)
        self.downsample = (
            nn.Sequential(nn.Conv2d(incoming, outgoing, 1, stride=stride))
            if stride != 1 or incoming != outgoing
            else nn.Identity()
        )

    def forward(self, x: Float[Tensor, "n _ _ _"]) -> Float[Tensor, "n _ _ _"]:
        """The block's output, at the input's size divided by the stride."""
        inner = self.conv2(functional.relu(self.conv1(x), inplace=True))
        return functional.relu(inner + self.downsample(x), inplace=True)


class ResNet18(Encoder):
    """Two basic blocks in each of up to four stages."""

    channels: ClassVar[dict[int, int]] = {8: 128, 16: 256, 32: 512}

    def __init__(self, *, deepest: int = 32) -> None:
        super().__init__(deepest=deepest)
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.layer1 = _stage(64, 64, stride=1)
        self.layer2 = _stage(64, 128, stride=2)
        if deepest >= 16:
            self.layer3 = _stage(128, 256, stride=2)
        if deepest >= 32:
            self.layer4 = _stage(256, 512, stride=2)

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """Features after the second and each later stage."""
        x = functional.relu(self.conv1(pictures), inplace=True)
        x = functional.max_pool2d(x, 3, stride=2, padding=1)
        features = [self.layer2(self.layer1(x))]
        if 16 in self.strides:
            features.append(self.layer3(features[-1]))
        if 32 in self.strides:
            features.append(self.layer4(features[-1]))
        return tuple(features)


def _stage(incoming: int, outgoing: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(BasicBlock(incoming, outgoing, stride=stride), BasicBlock(outgoing, outgoing, stride=1))
