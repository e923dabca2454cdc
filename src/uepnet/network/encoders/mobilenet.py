"""MobileNetV2 1.0 (Sandler et al. 2018) with each batch normalisation folded into the convolution before it.

Contract: strides 8, 16, 32 with 32, 96, 320 channels, taken after blocks 5, 12 and 16 (the linear ends of blocks, which
can be negative).

`MobileNetV2` is TensorFlow's: its convolutions of stride 2 have their margin at the right and lower edge only, and it
takes pictures in [-1, 1]. `MobileNetV2Torchvision` has a margin all around and ImageNet's normalisation. Built without
normalisation layers: ImageNet weights that have them are folded when they are loaded.
"""

from typing import ClassVar, NamedTuple

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.encoders.contract import IMAGENET_MEAN, IMAGENET_STD, Colour, Encoder


class Group(NamedTuple):
    """Blocks of one width; the first of them has the stride."""

    expansion: int
    channels: int
    blocks: int
    stride: int


STEM_CHANNELS = 32
GROUPS = (
    Group(1, 16, 1, 1),
    Group(6, 24, 2, 2),
    Group(6, 32, 3, 2),
    Group(6, 64, 4, 2),
    Group(6, 96, 3, 1),
    Group(6, 160, 3, 2),
    Group(6, 320, 1, 1),
)
LAST_BLOCKS = {8: 5, 16: 12, 32: 16}
"""By stride: the last block with features at it."""


class InvertedBlock(nn.Module):
    """Widen with 1x1, filter each channel with 3x3, narrow with 1x1; the input is added where the shape stays."""

    def __init__(self, incoming: int, outgoing: int, *, expansion: int, stride: int, even_only: bool) -> None:
        super().__init__()
        wide = incoming * expansion
        self.expand = nn.Conv2d(incoming, wide, 1) if expansion > 1 else None
        self.dw = _filter(wide, wide, stride=stride, groups=wide, even_only=even_only)
        self.project = nn.Conv2d(wide, outgoing, 1)
        self.adds = stride == 1 and incoming == outgoing

    def forward(self, x: Float[Tensor, "n _ _ _"]) -> Float[Tensor, "n _ _ _"]:
        """The block's output, at the input's size divided by the stride."""
        wide = x if self.expand is None else functional.relu6(self.expand(x), inplace=True)
        narrow: Tensor = self.project(functional.relu6(self.dw(wide), inplace=True))
        return x + narrow if self.adds else narrow


class MobileNetV2(Encoder):
    """A 3x3 convolution and up to 17 inverted blocks; padding and normalisation are TensorFlow's."""

    channels: ClassVar[dict[int, int]] = {8: 32, 16: 96, 32: 320}
    mean: ClassVar[Colour] = (0.5, 0.5, 0.5)
    std: ClassVar[Colour] = (0.5, 0.5, 0.5)
    even_only: ClassVar[bool] = True

    def __init__(self, *, deepest: int = 32) -> None:
        super().__init__(deepest=deepest)
        self.stem = _filter(3, STEM_CHANNELS, stride=2, groups=1, even_only=self.even_only)
        blocks: list[nn.Module] = []
        incoming = STEM_CHANNELS
        for group in GROUPS:
            for number in range(group.blocks):
                stride = group.stride if number == 0 else 1
                block = InvertedBlock(
                    incoming, group.channels, expansion=group.expansion, stride=stride, even_only=self.even_only
                )
                blocks.append(block)
                incoming = group.channels
        self.blocks = nn.ModuleList(blocks[: LAST_BLOCKS[deepest] + 1])

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """Features after blocks 5, 12 and 16."""
        x = functional.relu6(self.stem(pictures), inplace=True)
        features = []
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in LAST_BLOCKS.values():
                features.append(x)
        return tuple(features)

    def spread_factors(self) -> dict[str, float]:
        """No ReLU follows a block's end, and where it is added to the input it adds a share of the variance only."""
        linear = 0.5**0.5
        share = len(self.blocks) ** -0.5
        blocks = {name: module for name, module in self.named_modules() if isinstance(module, InvertedBlock)}
        return {f"{name}.project": linear * (share if block.adds else 1.0) for name, block in blocks.items()}


class MobileNetV2Torchvision(MobileNetV2):
    """MobileNetV2 with torchvision's padding and normalisation."""

    mean: ClassVar[Colour] = IMAGENET_MEAN
    std: ClassVar[Colour] = IMAGENET_STD
    even_only: ClassVar[bool] = False


class RightAndBelowConv(nn.Conv2d):
    """A 3x3 convolution of stride 2 with its margin at the right and below: TensorFlow's SAME for even sides."""

    def forward(self, input: Float[Tensor, "n _ rows columns"]) -> Float[Tensor, "n _ rows2 columns2"]:  # noqa: A002 (torch's name)
        """The output, at half the input's size."""
        return super().forward(functional.pad(input, (0, 1, 0, 1)))


def _filter(incoming: int, outgoing: int, *, stride: int, groups: int, even_only: bool) -> nn.Conv2d:
    """A 3x3 convolution that keeps the size or halves it."""
    if stride == 2 and even_only:
        return RightAndBelowConv(incoming, outgoing, 3, stride=2, groups=groups)
    return nn.Conv2d(incoming, outgoing, 3, stride=stride, padding=1, groups=groups)
