"""The settings of a training, frozen. The text below each is what `uepnet train --settings` says of it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from uepnet.counting.partition import MOST_INTERVALS, Heads, ProxyRule, method_named
from uepnet.description import Decode, Positive
from uepnet.frozen import Frozen
from uepnet.network.arithmetic import Precision
from uepnet.network_shape import NetworkShape

Target = Literal["classes", "mse", "density-mse", "bayesian", "dm-count", "zip", "patch-l1"]
"""What a network can learn, by name: docs/objectives.md."""

CountError = Literal["absolute", "tweedie"]
"""How the loss on the counts of blocks measures one."""

MODEL = "model"
"""The `start` of a training that goes on from a model of ours."""


class SamplingConfig(Frozen):
    """How crops are cut from the pictures."""

    crop: int = Field(256, ge=32, le=4096, multiple_of=32)
    """Side of a training crop in pixels; with `crop_share`, the most that it may be."""
    crop_share: float | None = Field(None, gt=0, le=1)
    """Crop this share of each side of the resized picture, floored to a multiple of 64, instead of a fixed size.
    Batches are then of one crop."""
    batch: int = Field(6, ge=1, le=4096)
    """Crops of a step."""
    batches: int | None = Field(None, ge=1, le=10**6)
    """So many different batches that come in turn, again and again; without: a new one at every step. While `presence` learns alone,
    the encoder answers to each of them once and its features are kept in memory, 2 bytes a value (2.4 MB for 8 crops of 384 of a
    ResNet-18 to stride 16)."""
    scale: tuple[float, float] = (0.3, 1.3)
    """Pictures are resized by a factor drawn from this range; paper: [0.3, 1.3]."""
    scale_drawn: Literal["log-uniform", "uniform"] = "log-uniform"
    """How that factor is drawn; paper: uniform."""
    unscaled: float = Field(0.0, ge=0, le=1)
    """Share of the crops whose pictures keep their size whatever `scale` says. Resizing takes away the finest grain, which
    cameras have."""
    mirror: bool = True
    """Half of the crops are mirrored."""
    photometric: float = Field(0.3, ge=0, le=1)
    """Strength of random gamma, contrast and colour changes; 0 for none."""
    grey: float = Field(0.1, ge=0, le=1)
    """Share of crops turned to grey."""
    largest_sigma: float | None = Field(None, gt=0)
    """No Gaussian is wider than this, in pixels of the picture as it is. Between people far apart the geometry-adaptive
    sigma measures their distance, no longer their heads."""
    shares: dict[str, float] = Field(default_factory=dict)
    """How often a crop comes from each data set, relative to each other; without an entry: its number of pictures."""
    leave_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Pictures by data set that are not trained on, such as those with known wrong annotations."""
    train_only: tuple[str, ...] = ()
    """Data sets that give all their pictures to training and none to validation, such as drawn scenes."""

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> "SamplingConfig":
        low, high = self.scale
        if not 0.01 <= low <= high <= 100:
            raise ValueError(f"scale goes from a factor of at least 0.01 to one of at most 100, not {low} to {high}")
        if any(share < 0 for share in self.shares.values()) or (self.shares and not any(self.shares.values())):
            raise ValueError(f"shares are not negative and not all 0, but these are {self.shares}")
        if self.crop_share is not None and self.batch != 1:
            raise ValueError(f"crops of a share of the picture differ in size: the batch is 1 then, not {self.batch}")
        return self


class OptimiserConfig(Frozen):
    """How the weights move."""

    name: Literal["adamw", "sgd"] = "adamw"
    """paper: sgd."""
    learning_rate: float = Field(6e-4, gt=0)
    """The highest that it comes to, after `warm_up`."""
    encoder_factor: float = Field(0.3, ge=0)
    """The encoder's learning rate as a share of the others'."""
    learns: Literal["all", "decoder", "heads", "presence"] = "all"
    """What moves: everything but the presence branch, the decoder and the heads, the heads alone, or `network.presence` alone. What
    does not keeps its weights to the bit, and its gradients are not computed: a step of the heads alone takes about a third of the time."""
    weight_decay: float = Field(1e-4, ge=0)
    """How much weights are drawn towards 0."""
    momentum: float = Field(0.9, ge=0, lt=1)
    """For SGD."""
    clip: Annotated[float | None, BeforeValidator(lambda value: None if value == "none" else value)] = Field(1.0, gt=0)
    """Largest norm of the gradient; "none" for no limit."""
    schedule: Literal["cosine", "plateau"] = "cosine"
    """How the learning rate falls: by a cosine to 0, or whenever the loss stays where it is."""
    warm_up: int = Field(200, ge=0)
    """Steps of linear rise at the beginning."""
    patience: int = Field(2000, ge=1)
    """For `plateau`: the rate falls to a tenth when the mean loss of this many steps is no lower than before."""
    averaging: float = Field(0.999, ge=0, lt=1)
    """Decay of the running average of the weights, which is what is validated and saved."""


class ObjectiveConfig(Frozen):
    """What the network learns: a target, and how far its prediction is off (docs/objectives.md).

    Only `classes` has classes, and with them an argmax decode, temperatures and the table [intervals].
    """

    target: Target = "classes"
    """docs/objectives.md says what each is."""
    weight: float = Field(1.0, gt=0, le=1e6)
    """What the target's loss is multiplied by. AdamW follows it only where the gradient is clipped, SGD always."""
    count_weight: float = Field(0.0, ge=0)
    """For `classes`: weight of the loss on the expected count of blocks of patches (`objectives/block_count.py`)."""
    count_error: CountError = "absolute"
    """How that loss measures a block: by the relative absolute error, whose best answer where the network is unsure is mostly below
    the mean, or by a Tweedie deviance, whose best answer is the mean and whose weight has to be about three times as large."""
    count_block: int = Field(8, ge=1)
    """Side of those blocks in patches."""
    positive: Positive = "relu"
    """For all other targets but `zip`: what keeps a count from being negative. The paper's MSE has a ReLU; `bayesian` with a
    ReLU or softplus can end at counting nobody (docs/objectives.md)."""
    density_cell: Literal[1, 2, 4, 8, 16, 32] = 4
    """For `density-mse`: side in pixels of the cells of the density, of which a patch has a whole number."""
    sigma: float = Field(8.0, gt=0)
    """For `bayesian`: deviation of a head's likelihood in pixels."""
    background: float = Field(0.15, gt=0)
    """For `bayesian`: how far the background's dummy head is from the nearest head, as a share of the crop's shorter side."""
    transport_weight: float = Field(0.1, ge=0)
    """For `dm-count`: weight of the optimal transport."""
    variation_weight: float = Field(0.01, ge=0)
    """For `dm-count`: weight of the total variation."""
    block_side: Literal[32, 64, 128] = 64
    """For `patch-l1`: side in pixels of the blocks whose counts are compared; AMRNet's have 64."""

    @model_validator(mode="after")
    def _only_classes_have_expectations(self) -> "ObjectiveConfig":
        if self.count_weight and self.target != "classes":
            raise ValueError(
                f"count_weight is for the target classes; with {self.target} it is 0, not {self.count_weight}"
            )
        if self.count_error != "absolute" and not self.count_weight:
            raise ValueError(f"count_error = {self.count_error} is how count_weight's loss measures; give that one too")
        return self


class IntervalConfig(Frozen):
    """How counts become classes, where the target is classes."""

    method: str = "uep"
    """A method of `uepnet partition`; `integer` learns whole numbers of points per patch, all others local counts."""
    intervals: int | None = Field(None, ge=2, le=MOST_INTERVALS)
    """Classes of the first head, background included; without: 25, or the method's own number."""
    heads: Heads = "iph"
    """One head, two with the same intervals, or two whose intervals interleave (the paper's)."""
    proxies: ProxyRule = "mean"
    """What a class stands for: the mean of its samples (the paper's MCP), or its middle."""

    @model_validator(mode="after")
    def _refuse_impossible(self) -> "IntervalConfig":
        if method_named(self.method).of_points and self.heads == "iph":
            raise ValueError(
                f"{self.method} has nothing between its whole numbers to interleave; take heads single or pph"
            )
        return self


class TrainingConfig(Frozen):
    """Everything that decides what a training gives, next to the data."""

    name: str = Field(min_length=1, max_length=200)
    """What the model is called."""
    seed: int = Field(0, ge=0, lt=2**63)
    """Of the new layers' weights and of all crops."""
    steps: int = Field(ge=1)
    """How long it learns; see `minutes`."""
    network: NetworkShape = NetworkShape()
    start: str = "random"
    """Of the encoder: `random`, a file, or an https address with its SHA-256 (docs/encoders.md); or `model`: the whole
    network goes on from a model of ours, which is named with `--start`."""
    normalisation: Literal["encoder", "paper"] = "encoder"
    """What is taken off the colours: what the encoder's pre-trained weights expect, or the paper's mean alone."""
    spread: Literal["he", "paper"] = "he"
    """How new layers begin: by their size (He), or all with a deviation of 0.01 (paper)."""
    precision: Precision = "bf16"
    """What is multiplied in; `bf16` is fp32 where the device gains nothing from it (`network/arithmetic.py`)."""
    decode: Decode = "mean"
    """How the model counts by default, and by which errors its weights are chosen; paper: argmax."""
    validate_every: int = Field(1000, ge=1)
    """Steps between two validations."""
    checkpoint_every: int = Field(200, ge=1)
    """Steps between two checkpoints, from which `--resume` goes on."""
    checkpoint_seconds: float | None = Field(None, gt=0)
    """A checkpoint is also written when the last is this old."""
    minutes: float | None = Field(None, gt=0)
    """Time for the whole training, validation included, reading the pictures not: it ends when this or `steps` is used
    up, and a cosine has then come down. The rate depends on the clock, so such a training cannot be repeated bit by bit."""
    batch_norm: bool = False
    """Normalise after every convolution of encoder and decoder while learning; every model file has it folded in."""
    compile: bool = False
    """Let torch compile the network for the steps: slower to begin, then faster on a GPU."""
    sampling: SamplingConfig = SamplingConfig()
    optimiser: OptimiserConfig = OptimiserConfig()
    objective: ObjectiveConfig = ObjectiveConfig()
    intervals: IntervalConfig = IntervalConfig()
    keep_intervals: bool = True
    """With `--start`: go on with that model's intervals, or fit as many anew on the pictures of this training."""

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> "TrainingConfig":
        if self.batch_norm and self.optimiser.learns != "all":
            raise ValueError(
                f"batch_norm changes encoder and decoder, of which optimiser.learns = {self.optimiser.learns!r} keeps layers "
                "as they are; leave out one of the two"
            )
        if self.objective.target != "classes" and self.decode == "argmax":
            raise ValueError(f"the target {self.objective.target} has no classes, so its decode is mean, not argmax")
        if self.network.presence and self.objective.target != "classes":
            raise ValueError(f"network.presence is for the target classes; with {self.objective.target} it is 0")
        if self.objective.target == "density-mse" and self.network.stride % self.objective.density_cell:
            raise ValueError(
                f"a patch of {self.network.stride} pixels has no whole number of density cells of "
                f"{self.objective.density_cell}; take a smaller objective.density_cell"
            )
        return self
