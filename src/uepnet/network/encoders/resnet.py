"""ResNet-18, 34 and 50 (He et al. 2016) with each batch normalisation folded into the convolution before it.

Contract: strides 8, 16, 32, taken after the second, third and fourth stage, with

- ResNet-18 and ResNet-34: 128, 256, 512 channels;
- ResNet-50, both variants: 512, 1024, 2048 channels.

`ResNet50` halves the picture at a block's 3x3 convolution, as torchvision's weights expect. `ResNet50Caffe` halves it at
the 1x1 convolution before and pools without a margin at the upper left, as Caffe's weights expect. Module names are
torchvision's. Built without normalisation layers: ImageNet weights that have them are folded when they are loaded.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.encoders.contract import Encoder


class BasicBlock(nn.Module):
    """Two 3x3 convolutions around a short cut."""

    expansion: ClassVar[int] = 1
    last: ClassVar[str] = "conv2"

    def __init__(self, incoming: int, inner: int, *, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(incoming, inner, 3, stride=stride, padding=1)
        self.conv2 = nn.Conv2d(inner, inner, 3, padding=1)
        self.downsample = _short_cut(incoming, inner, stride=stride)

    def forward(self, x: Float[Tensor, "n _ _ _"]) -> Float[Tensor, "n _ _ _"]:
        """The block's output, at the input's size divided by the stride."""
        inner = self.conv2(functional.relu(self.conv1(x), inplace=True))
        return functional.relu(inner + self.downsample(x), inplace=True)


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions around a short cut."""

    expansion: ClassVar[int] = 4
    last: ClassVar[str] = "conv3"
    stride_at_first: ClassVar[bool] = False

    def __init__(self, incoming: int, inner: int, *, stride: int) -> None:
        super().__init__()
        first, second = (stride, 1) if self.stride_at_first else (1, stride)
        self.conv1 = nn.Conv2d(incoming, inner, 1, stride=first)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride=second, padding=1)
        self.conv3 = nn.Conv2d(inner, inner * self.expansion, 1)
        self.downsample = _short_cut(incoming, inner * self.expansion, stride=stride)

    def forward(self, x: Float[Tensor, "n _ _ _"]) -> Float[Tensor, "n _ _ _"]:
        """The block's output, at the input's size divided by the stride."""
        inner = functional.relu(self.conv1(x), inplace=True)
        inner = functional.relu(self.conv2(inner), inplace=True)
        return functional.relu(self.conv3(inner) + self.downsample(x), inplace=True)


class CaffeBottleneck(Bottleneck):
    """The bottleneck of the first publication: its first 1x1 convolution takes every second pixel."""

    stride_at_first: ClassVar[bool] = True


class ResNet(Encoder):
    """A 7x7 convolution, max-pooling, and `depths[s]` blocks in stage s; the stages after the first halve the size."""

    block: ClassVar[type[BasicBlock] | type[Bottleneck]]
    depths: ClassVar[tuple[int, int, int, int]]

    def __init__(self, *, deepest: int = 32) -> None:
        super().__init__(deepest=deepest)
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.layer1 = self._stage(64, 64, depth=self.depths[0], stride=1)
        self.layer2 = self._stage(64 * self.block.expansion, 128, depth=self.depths[1], stride=2)
        if deepest >= 16:
            self.layer3 = self._stage(128 * self.block.expansion, 256, depth=self.depths[2], stride=2)
        if deepest >= 32:
            self.layer4 = self._stage(256 * self.block.expansion, 512, depth=self.depths[3], stride=2)

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """Features after the second and each later stage."""
        x = self.pool(functional.relu(self.conv1(pictures), inplace=True))
        features = [self.layer2(self.layer1(x))]
        if 16 in self.strides:
            features.append(self.layer3(features[-1]))
        if 32 in self.strides:
            features.append(self.layer4(features[-1]))
        return tuple(features)

    def pool(self, x: Float[Tensor, "n _ rows columns"]) -> Float[Tensor, "n _ rows2 columns2"]:
        """Maxima of 3x3 pixels at stride 2, around every even pixel."""
        return functional.max_pool2d(x, 3, stride=2, padding=1)

    def spread_factors(self) -> dict[str, float]:
        """Each branch adds its variance to that of its short cut, so B branches add a share of 1 / B each."""
        ends = [name for name, module in self.named_modules() if isinstance(module, BasicBlock | Bottleneck)]
        return {f"{name}.{self.block.last}": len(ends) ** -0.5 for name in ends}

    def _stage(self, incoming: int, inner: int, *, depth: int, stride: int) -> nn.Sequential:
        outgoing = inner * self.block.expansion
        later = [self.block(outgoing, inner, stride=1) for _ in range(depth - 1)]
        return nn.Sequential(self.block(incoming, inner, stride=stride), *later)


class ResNet18(ResNet):
    """Two basic blocks in each stage."""

    channels: ClassVar[dict[int, int]] = {8: 128, 16: 256, 32: 512}
    block: ClassVar[type[BasicBlock] | type[Bottleneck]] = BasicBlock
    depths: ClassVar[tuple[int, int, int, int]] = (2, 2, 2, 2)


class ResNet34(ResNet18):
    """3, 4, 6 and 3 basic blocks."""

    depths: ClassVar[tuple[int, int, int, int]] = (3, 4, 6, 3)


class ResNet50(ResNet):
    """3, 4, 6 and 3 bottlenecks that halve the size at their 3x3 convolution."""

    channels: ClassVar[dict[int, int]] = {8: 512, 16: 1024, 32: 2048}
    block: ClassVar[type[BasicBlock] | type[Bottleneck]] = Bottleneck
    depths: ClassVar[tuple[int, int, int, int]] = (3, 4, 6, 3)


class ResNet50Caffe(ResNet50):
    """ResNet-50 that halves the size at a bottleneck's first convolution."""

    block: ClassVar[type[BasicBlock] | type[Bottleneck]] = CaffeBottleneck

    def pool(self, x: Float[Tensor, "n _ rows columns"]) -> Float[Tensor, "n _ rows2 columns2"]:
        """Maxima of 3x3 pixels at stride 2, around every odd pixel; the last reach over the edge."""
        return functional.max_pool2d(x, 3, stride=2, padding=0, ceil_mode=True)


def _short_cut(incoming: int, outgoing: int, *, stride: int) -> nn.Module:
    """The identity, or a 1x1 convolution where the shape changes."""
    if stride == 1 and incoming == outgoing:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(incoming, outgoing, 1, stride=stride))
