"""What a model's weights mean: everything that changes its answer, as one JSON text that travels inside the model file."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, ValidationError

from uepnet.counting.partition import Partition
from uepnet.errors import ModelFileError

Decode = Literal["mean", "argmax"]
"""How class probabilities become a count: their expectation over the proxies, or the proxy of the likeliest class."""

METADATA_KEY = "uepnet"
"""The key of the description in a model file's metadata, safetensors and ONNX alike."""


MOST_CHANNELS = 4096
"""More than any network here needs, so that a description from a stranger cannot fill the memory."""


class Frozen(BaseModel):
    """A record that cannot be changed and takes no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NetworkShape(Frozen):
    """The sizes of a UEPNet; the defaults are the paper's."""

    encoder: str = "vgg16"
    deepest: Literal[8, 16, 32] = 32
    """Stride of the encoder's last feature map."""
    stride: Literal[8, 16, 32] = 8
    """Stride of the output, which is the patch in pixels."""
    decoder_channels: int = Field(256, ge=1, le=MOST_CHANNELS)
    """Channels after each upsampling."""
    merge_channels: int = Field(512, ge=1, le=MOST_CHANNELS)
    """Channels of the two convolutions after each concatenation."""
    head_channels: int = Field(512, ge=1, le=MOST_CHANNELS)


class TrainingData(Frozen):
    """One data set that the weights have seen."""

    data_set: str
    split: str
    pictures: int
    heads: int
    digest: str
    """SHA-256 over the pictures' names and points."""


class ValidationFigure(Frozen):
    """Errors on one data set, measured with the protocol named."""

    data_set: str
    split: str
    protocol: str
    decode: Decode
    pictures: int
    mae: float
    rmse: float


class ModelDescription(Frozen):
    """The description of a model, without its weights."""

    format: Literal[1] = 1
    name: str
    network: NetworkShape
    partitions: tuple[Partition, ...] = Field(min_length=1, max_length=2)
    """One interval partition per head, in the order of the network's heads."""
    mean: tuple[float, float, float]
    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat]
    """Normalisation of RGB in [0, 1]: minus `mean`, divided by `std`."""
    decode: Decode = "mean"
    start: str = "random"
    """What the weights were before training."""
    steps: int = 0
    trained_on: tuple[TrainingData, ...] = ()
    validation: tuple[ValidationFigure, ...] = ()

    @property
    def patch(self) -> int:
        """Side of a patch in pixels."""
        return self.network.stride

    @property
    def classes(self) -> tuple[int, ...]:
        """Number of classes of each head."""
        return tuple(partition.classes for partition in self.partitions)

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str) -> "ModelDescription":
        """Parse and check a description; `source` names the file in the `ModelFileError`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise ModelFileError(
                f"{source}: the model's description is wrong at {place}: {first['msg']} "
                f"({error.error_count()} problems); take a file written by `uepnet train` or `uepnet export`"
            ) from error

    def to_json(self) -> str:
        """The description as JSON text."""
        return self.model_dump_json()
