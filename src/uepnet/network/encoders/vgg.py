"""VGG-16 and VGG-19 (Simonyan & Zisserman 2015), the convolutions only.

Contract: strides 8, 16, 32 with 256, 512, 512 channels, taken after the pooling layers.

VGG-16-BN keeps its normalisation layers, in training and in counting; the export folds them. It is the one encoder that
has any.
"""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from uepnet.network.encoders.contract import Encoder

BLOCK_CHANNELS = (64, 128, 256, 512, 512)


class VGG(Encoder):
    """`depths[b]` 3x3 convolutions in block b, each with ReLU and, if `batch_norm`, normalisation before it."""

    channels: ClassVar[dict[int, int]] = {8: 256, 16: 512, 32: 512}
    depths: ClassVar[tuple[int, ...]] = (2, 2, 3, 3, 3)
    batch_norm: ClassVar[bool] = False

    def __init__(self, *, deepest: int = 32) -> None:
        super().__init__(deepest=deepest)
        blocks: list[nn.Module] = []
        incoming = 3
        for block, depth in enumerate(self.depths, start=1):
            if 2**block > deepest:
                break
            layers = nn.Sequential()
            for position in range(1, depth + 1):
                outgoing = BLOCK_CHANNELS[block - 1]
                layers.add_module(f"conv{position}", nn.Conv2d(incoming, outgoing, 3, padding=1))
                if self.batch_norm:
                    layers.add_module(f"norm{position}", nn.BatchNorm2d(outgoing))
                layers.add_module(f"relu{position}", nn.ReLU(inplace=True))
                incoming = outgoing
            layers.add_module("pool", nn.MaxPool2d(2))
            blocks.append(layers)
        self.blocks = nn.ModuleList(blocks)

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """Features after the third and each later block."""
        features = []
        x = pictures
        for number, block in enumerate(self.blocks, start=1):
            x = block(x)
            if number >= 3:
                features.append(x)
        return tuple(features)


class VGG16(VGG):
    """The paper's encoder: 13 convolutions."""


class VGG16BN(VGG):
    """VGG-16 with batch normalisation."""

    batch_norm: ClassVar[bool] = True


class VGG19(VGG):
    """VGG-19: 16 convolutions."""

    depths: ClassVar[tuple[int, ...]] = (2, 2, 4, 4, 4)
