"""What a model's weights mean: everything that changes its answer, as one JSON text that travels inside the model file."""

from itertools import pairwise
from operator import mul
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from uepnet.counting.partition import Partition
from uepnet.errors import ModelFileError
from uepnet.frozen import Frozen
from uepnet.network_shape import MOST_CHANNELS, NetworkShape, Text
from uepnet.wrong_values import first_problem

Decode = Literal["mean", "argmax"]
"""How class probabilities become a count: their expectation over the proxies, or the proxy of the likeliest class."""

METADATA_KEY = "uepnet"
"""The key of the description in a model file's metadata, safetensors and ONNX alike."""


MOST_SCORES = 10_000
MOST_AXES = 64
MOST_DATA_SETS = 1000
"""More than any model here needs, so that a description from a stranger cannot fill the memory."""

Score = Annotated[float, Field(ge=-1e6, le=1e6)]
Temperature = Annotated[float, Field(ge=0.05, le=20)]
Component = Annotated[float, Field(ge=-1, le=1)]
"""Of a unit vector."""
Deviation = Annotated[float, Field(ge=1e-9, le=1e3)]
Mean = Annotated[float, Field(ge=-10, le=10)]
Std = Annotated[float, Field(ge=1e-3, le=1e3)]
"""Of colours in [0, 1]."""
Number = Annotated[int, Field(ge=0, le=10**12)]
Size = Annotated[float, Field(ge=0, le=1e9)]
"""Of something measured: megapixels, people, errors."""


class ClassesOutput(Frozen):
    """Each head gives the logits of its partition's classes."""

    kind: Literal["classes"] = "classes"
    people: Literal["gaussians", "points"] = "gaussians"
    """What the classes are of: local counts, in which a person is a Gaussian, or whole numbers of points."""


Positive = Literal["relu", "softplus", "absolute"]
"""How a network's value, of any sign, becomes a density of people: max(v, 0), log(1 + e^v) or |v|."""


class CountOutput(Frozen):
    """One head gives people per patch: the mean of `cells` x `cells` densities, row by row, in people per patch.

    The network's values become densities by `positive`. They say nothing of the model's doubt: the variance is 0.
    """

    kind: Literal["count"] = "count"
    target: Text
    """What was learnt (docs/objectives.md)."""
    positive: Positive = "relu"
    cells: int = Field(1, ge=1, le=32)
    """How many cells there are along a side of the patch."""


class ZeroInflatedOutput(Frozen):
    """One head gives the distribution of the people whose points are in the patch: nobody, or a Poisson number.

    Its first value is the logit of "not surely nobody"; softplus of the second, and a hair, is the Poisson rate.
    """

    kind: Literal["zero-inflated"] = "zero-inflated"


Output = ClassesOutput | CountOutput | ZeroInflatedOutput
"""What the heads' values mean; `network/counting_graph.py` makes maps of them."""


class TrainingData(Frozen):
    """One data set that the weights, or a calibration, have seen."""

    data_set: Text
    split: Text
    pictures: Number
    heads: Number
    digest: Text
    """SHA-256 over the pictures' names and points."""


class ValidationFigure(Frozen):
    """Errors on one data set, measured with the protocol named."""

    data_set: Text
    split: Text
    protocol: Text
    decode: Decode
    pictures: Number
    mae: Size
    rmse: Size


def highest_coverage(pictures: int) -> float:
    """The highest coverage of ranges that are calibrated on so many pictures, each end of them by the outermost score.

    >>> highest_coverage(39)
    0.95
    """
    return 1.0 - 2.0 / (pictures + 1)


class RangeCalibration(Frozen):
    """How a count becomes a range, for one decode: a model of the count's spread, and how far off it was in truth.

    The spread of the count of a region is sqrt(patches * sum of variances + (shared * count)^2 + floor^2).
    """

    decode: Decode
    coverage: float = Field(0.9, gt=0, lt=1)
    """The share of pictures whose true number is in the range, unless another is asked for."""
    patches: float = Field(ge=0, le=1e4)
    """What a patch's variance counts: above 1 where the errors of neighbouring patches go together."""
    shared: float = Field(ge=0, le=10)
    """The error that all patches of a picture have in common, as a share of the count."""
    floor: float = Field(gt=0, le=1e4)
    """The spread, in people, that remains where nobody is counted."""
    scores: tuple[Score, ...] = Field(min_length=1, max_length=MOST_SCORES)
    """(true - counted) in units of the spread, of each calibration picture, ascending."""
    calibrated_on: tuple[TrainingData, ...] = Field((), max_length=MOST_DATA_SETS)

    @model_validator(mode="after")
    def _possible(self) -> "RangeCalibration":
        if any(left > right for left, right in pairwise(self.scores)):
            raise ValueError("the scores ascend, but these do not")
        most = highest_coverage(len(self.scores))
        if self.coverage > most + 1e-9:
            raise ValueError(f"{len(self.scores)} scores reach a coverage of {most:.3f}, not {self.coverage:g}")
        return self


class Seen(Frozen):
    """How large and how crowded the training pictures were; one in a hundred lies beyond each of these."""

    smallest: Size
    """Megapixels."""
    largest: Size
    """Megapixels."""
    most_heads: Size
    """Heads in one picture."""
    densest: Size
    """People in the patch of a picture's average person, itself included."""

    @model_validator(mode="after")
    def _in_order(self) -> "Seen":
        if not 0 < self.smallest <= self.largest:
            raise ValueError(f"pictures of {self.smallest:g} to {self.largest:g} megapixels cannot have been seen")
        return self


class Familiar(Frozen):
    """What training pictures look like to the encoder: a Gaussian over the directions of the roots of its mean features.

    It has the deviation `spreads[i]` along the unit vector `axes[i]`, and `rest` along every direction at right angles to all
    axes, which are at right angles to each other.
    """

    centre: tuple[Component, ...] = Field(min_length=1, max_length=MOST_CHANNELS)
    """The mean direction, of as many components as the encoder's deepest features have channels."""
    axes: tuple[Annotated[tuple[Component, ...], Field(max_length=MOST_CHANNELS)], ...] = Field(
        (), max_length=MOST_AXES
    )
    spreads: tuple[Deviation, ...] = Field((), max_length=MOST_AXES)
    rest: Deviation
    limit: Deviation
    """The distance above which a picture looks like none that the model has learnt from: the root of the mean over all
    components of the squared difference from `centre`, each in its deviation."""
    learnt_from: tuple[TrainingData, ...] = Field((), max_length=MOST_DATA_SETS)

    @model_validator(mode="after")
    def _of_one_space(self) -> "Familiar":
        if len(self.axes) != len(self.spreads) or any(len(axis) != len(self.centre) for axis in self.axes):
            raise ValueError(
                f"{len(self.centre)} components, axes of {[len(axis) for axis in self.axes]} and {len(self.spreads)} spreads "
                "do not belong together"
            )
        products = [[sum(map(mul, one, other)) for other in self.axes] for one in self.axes]
        apart = (abs(value - (row == column)) for row, line in enumerate(products) for column, value in enumerate(line))
        if max(apart, default=0.0) > 1e-3:
            raise ValueError("the axes are no unit vectors at right angles to each other")
        return self


class ModelDescription(Frozen):
    """The description of a model, without its weights."""

    format: Literal[1] = 1
    name: Annotated[Text, Field(min_length=1)]
    network: NetworkShape
    output: Annotated[Output, Field(discriminator="kind")] = ClassesOutput()
    partitions: tuple[Partition, ...] = Field((), max_length=2)
    """One interval partition per head, in the order of the network's heads; none where the output is no classes."""
    mean: tuple[Mean, Mean, Mean]
    std: tuple[Std, Std, Std]
    """Normalisation of RGB in [0, 1]: minus `mean`, divided by `std`."""
    decode: Decode = "mean"
    temperatures: tuple[Temperature, ...] = ()
    """What each head's logits are divided by before the softmax of the mean decode; none: 1 for every head."""
    calibration: RangeCalibration | None = None
    """What makes ranges of counts; None while the model has not been calibrated."""
    start: str = Field("random", max_length=1000)
    """What the weights were before training."""
    steps: Number = 0
    trained_on: tuple[TrainingData, ...] = Field((), max_length=MOST_DATA_SETS)
    seen: Seen | None = None
    """What a count is to be doubted beyond; None where it is not known."""
    familiar: Familiar | None = None
    """What a picture is to be doubted beyond by its looks; None where nobody has measured it."""
    validation: tuple[ValidationFigure, ...] = Field((), max_length=MOST_DATA_SETS)

    @property
    def patch(self) -> int:
        """Side of a patch in pixels."""
        return self.network.stride

    @property
    def of_points(self) -> bool:
        """Whether its classes are of whole numbers of points; else they are of local counts, in which a person is a Gaussian."""
        return isinstance(self.output, ClassesOutput) and self.output.people == "points"

    @property
    def head_temperatures(self) -> tuple[float, ...]:
        """The temperature of each head."""
        return self.temperatures or (1.0,) * len(self.partitions)

    @property
    def classes(self) -> tuple[int, ...]:
        """Number of classes of each head."""
        return tuple(partition.classes for partition in self.partitions)

    @property
    def channels(self) -> tuple[int, ...]:
        """Number of values that each head gives for a patch."""
        if isinstance(self.output, CountOutput):
            return (self.output.cells**2,)
        return (2,) if isinstance(self.output, ZeroInflatedOutput) else self.classes

    @property
    def decodes(self) -> tuple[Decode, ...]:
        """The decodes that the model has: without classes there is no likeliest one."""
        return ("mean", "argmax") if isinstance(self.output, ClassesOutput) else ("mean",)

    def decode_for(self, asked: Decode | None) -> Decode:
        """The decode asked for, or the model's own; `ValueError` for one that the model does not have."""
        if asked not in (None, "mean", "argmax"):
            raise ValueError(f"there is no decode {asked!r}; there are mean and argmax")
        if asked == "argmax":
            self.need_classes("the argmax decode")
        return asked or self.decode

    def need_classes(self, what: str) -> None:
        """`ValueError` where the model has no classes, for `what` cannot be had then."""
        if not isinstance(self.output, ClassesOutput):
            kind = self.output.target if isinstance(self.output, CountOutput) else "zip"
            raise ValueError(
                f"{what} needs classes of counts, but the model {self.name} has learnt {kind}, without classes"
            )

    @model_validator(mode="after")
    def _partitions_where_there_are_classes(self) -> "ModelDescription":
        if isinstance(self.output, ClassesOutput) and not self.partitions:
            raise ValueError("an output of classes has a partition a head, but there is none")
        if not isinstance(self.output, ClassesOutput) and (self.partitions or self.decode == "argmax"):
            raise ValueError(f"an output of {self.output.kind} has neither partitions nor the argmax decode")
        if self.network.presence and not isinstance(self.output, ClassesOutput):
            raise ValueError(
                f"a presence branch speaks of the class of nobody, which an output of {self.output.kind} has not"
            )
        return self

    @model_validator(mode="after")
    def _one_temperature_a_head(self) -> "ModelDescription":
        if len(self.temperatures) not in (0, len(self.partitions)):
            raise ValueError(f"there are {len(self.partitions)} heads, but {len(self.temperatures)} temperatures")
        return self

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str) -> "ModelDescription":
        """Parse and check a description; `source` names the file in the `ModelFileError`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ModelFileError(
                f"{source}: the model's description is wrong at {first_problem(error, whole='the whole')} "
                f"({error.error_count()} problems); take a file written by `uepnet train` or `uepnet export`"
            ) from error

    def to_json(self) -> str:
        """The description as JSON text."""
        return self.model_dump_json()
