"""The sizes of a network, as a model's description and a training's configuration say them."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, model_serializer

from uepnet.frozen import Frozen

MOST_CHANNELS = 4096
"""More than any network here has, so that a description from a stranger cannot fill the memory."""

Text = Annotated[str, Field(max_length=200)]
"""A name or the like: what is shown in tables and below pictures has a length."""

PRESENCE_CELL = 32
"""Side in pixels of the places that a presence branch judges."""
PRESENCE_WINDOWS = (3, 9)
"""Sides, in cells, of the windows with whose means it compares a place."""


class NetworkShape(Frozen):
    """The sizes of a UEPNet; the defaults are the paper's."""

    encoder: Text = "vgg16"
    """By name: docs/encoders.md."""
    deepest: Literal[8, 16, 32] = 32
    """Stride of the encoder's last feature map."""
    stride: Literal[8, 16, 32] = 8
    """Stride of the output, which is the patch in pixels."""
    decoder_channels: int = Field(256, ge=1, le=MOST_CHANNELS)
    """Channels after each upsampling."""
    merge_channels: int = Field(512, ge=1, le=MOST_CHANNELS)
    """Channels of the two convolutions after each concatenation."""
    head_channels: int = Field(512, ge=1, le=MOST_CHANNELS)
    """Channels of the convolution in each head."""
    presence: int = Field(0, ge=0, le=MOST_CHANNELS)
    """Channels of the branch that looks further around whether anybody is near (`network/presence.py`), for classes; 0 for
    none. Not the paper's."""

    @model_serializer(mode="wrap")
    def _without_what_it_has_not(self, dump: Callable[[Frozen], dict[str, object]]) -> dict[str, object]:
        """A network without the branch is described as before there was one: earlier versions read it, and runs go on."""
        found = dump(self)
        if not self.presence:
            found.pop("presence", None)
        return found

    @property
    def block(self) -> int:
        """Side in pixels of the squares that a picture is made of for the network, which sees whole ones only."""
        return PRESENCE_CELL if self.presence else self.deepest
