"""The decoder: from the encoder's deepest feature map up to the output stride."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


class Merge(nn.Module):
    """One step up: bilinear x2, 3x3 convolution, concatenation with the encoder's features, two 3x3 convolutions."""

    def __init__(self, incoming: int, skip: int, *, channels: int, merged: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(incoming, channels, 3, padding=1)
        self.merge1 = nn.Conv2d(channels + skip, merged, 3, padding=1)
        self.merge2 = nn.Conv2d(merged, merged, 3, padding=1)

    def forward(
        self, deep: Float[Tensor, "n deep rows columns"], skip: Float[Tensor, "n skip rows2 columns2"]
    ) -> Float[Tensor, "n merged rows2 columns2"]:
        """Features at the stride of `skip`, which is half the stride of `deep`."""
        x = functional.interpolate(deep, scale_factor=2.0, mode="bilinear", align_corners=False)
        x = functional.relu(self.reduce(x), inplace=True)
        x = functional.relu(self.merge1(torch.cat((x, skip), dim=1)), inplace=True)
        return functional.relu(self.merge2(x), inplace=True)


class Decoder(nn.Module):
    """Merges upwards until the output stride; none at all if that is the encoder's deepest."""

    def __init__(self, channels: Mapping[int, int], *, stride: int, decoder_channels: int, merge_channels: int) -> None:
        super().__init__()
        strides = sorted(channels, reverse=True)
        if stride not in strides:
            raise ValueError(
                f"the encoder has features at strides {strides}, so the output cannot have stride {stride}"
            )
        self.out_channels = channels[strides[0]]
        merges: list[nn.Module] = []
        for skip in strides[1:]:
            if skip < stride:
                break
            merges.append(Merge(self.out_channels, channels[skip], channels=decoder_channels, merged=merge_channels))
            self.out_channels = merge_channels
        self.merges = nn.ModuleList(merges)

    def forward(self, features: tuple[Float[Tensor, "n _ _ _"], ...]) -> Float[Tensor, "n out rows columns"]:
        """Features at the output stride, from the encoder's features in the order of rising stride."""
        x = features[-1]
        for merge, skip in zip(self.merges, reversed(features[:-1]), strict=False):
            x = merge(x, skip)
        return x
