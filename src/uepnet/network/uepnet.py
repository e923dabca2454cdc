"""UEPNet (Wang et al. 2021, Fig. 2): encoder, decoder and one or two heads that answer for every patch."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn

from uepnet.network.decoder import Decoder
from uepnet.network.encoders import build_encoder
from uepnet.network.presence import Presence, where_near
from uepnet.network_shape import NetworkShape


class UEPNet(nn.Module):
    """The whole network; `classes[i]` is how many values head i gives for a patch: its classes' logits, or those of
    another output (`ModelDescription.channels`).
    """

    def __init__(self, shape: NetworkShape, *, classes: Sequence[int]) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = build_encoder(shape.encoder, deepest=shape.deepest)
        self.decoder = Decoder(
            {stride: self.encoder.channels[stride] for stride in self.encoder.strides},
            stride=shape.stride,
            decoder_channels=shape.decoder_channels,
            merge_channels=shape.merge_channels,
        )
        self.heads = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(self.decoder.out_channels, shape.head_channels, 1),
                nn.ReLU(inplace=True),
                nn.Conv2d(shape.head_channels, count, 1),
            )
            for count in classes
        )
        self.presence = Presence(self.encoder.channels[shape.deepest], shape=shape) if shape.presence else None

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ rows columns"], ...]:
        """Each head's values per patch, from normalised pictures whose sides are multiples of the shape's `block`."""
        return self.answer(self.encoder(pictures))

    def answer(self, features: tuple[Float[Tensor, "n _ _ _"], ...]) -> tuple[Float[Tensor, "n _ rows columns"], ...]:
        """Each head's values per patch, from the encoder's features at its strides."""
        decoded = self.decoder(features)
        values = tuple(head(decoded) for head in self.heads)
        if self.presence is None:
            return values
        nobody = self.presence(features[-1])
        return tuple(where_near(head, nobody) for head in values)
