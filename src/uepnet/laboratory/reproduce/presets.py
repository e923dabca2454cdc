"""How much is spent on a row: the paper's own training, half an hour of one large GPU a table, or two cores.

`paper` is `bundled/presets/paper.toml` with the row's target, intervals and scales. `gpu` is the same network in bf16
with AdamW and a rate that follows the clock. `cpu` learns a narrow decoder and the heads alone, on features of a trunk
that stays as it is and whose features are computed once (`frozen.py`).
"""

from dataclasses import dataclass
from typing import Any, Literal

from uepnet.laboratory.reproduce.variant import Variant
from uepnet.training.config import TrainingConfig
from uepnet.training.config_file import find_config, read_config

PresetName = Literal["paper", "gpu", "cpu"]

CHANNELS = ("decoder_channels", "merge_channels", "head_channels")

PAPER_SCALES = (0.3, 1.3)
"""Of a training with multi-scale; without it pictures stay as they are."""


@dataclass(frozen=True)
class Effort:
    """What a preset spends, and on what.

    `crops` is how many crops the trunk's features are kept of, None where the encoder learns too; `width` is the channels
    of decoder and heads, None for the paper's. The preset `paper` takes its own from its file.
    """

    name: PresetName
    steps: int | None = None
    minutes: float | None = None
    crops: int | None = None
    crop: int = 256
    encoder: str = "vgg16"
    width: int | None = None
    batch: int = 8

    def __post_init__(self) -> None:
        if self.crops is not None and (self.crops < self.batch or self.crops % self.batch):
            raise ValueError(f"crops are kept in whole batches of {self.batch}, but {self.crops} are asked for")


EFFORTS: dict[str, Effort] = {
    "paper": Effort("paper"),
    "gpu": Effort("gpu", steps=200_000, minutes=4.5, batch=16, crop=384),
    "cpu": Effort("cpu", steps=1800, crops=4800, encoder="resnet18", width=96),
}
"""The presets by name. 4.5 minutes: six rows of one seed are half an hour with reading and measuring."""


def effort_named(name: str) -> Effort:
    """The preset of that name; an unknown one is a `ValueError` that lists the known ones."""
    if name not in EFFORTS:
        raise ValueError(f"there is no preset {name!r}; there are {', '.join(EFFORTS)}")
    return EFFORTS[name]


def make_config(variant: Variant, effort: Effort, *, seed: int, start: str = "random") -> TrainingConfig:
    """The training of one row. `start` is the file of the encoder's weights for `paper` and `gpu`."""
    values = _paper() if effort.name == "paper" else _own(effort)
    values |= {"name": f"{variant.name}-{seed}", "seed": seed, "start": start}
    values["network"] = {**values["network"], "stride": variant.stride}
    values["sampling"] = {**values["sampling"], "scale": PAPER_SCALES if variant.multi_scale else (1.0, 1.0)}
    if variant.classifies:
        values["intervals"] = {"method": variant.method, "intervals": variant.intervals, "heads": variant.heads}
    else:
        positive = (
            {} if variant.positive == "relu" else {"positive": variant.positive}
        )  # named, it would make other rows
        values |= {"objective": {"target": variant.target, **positive}, "decode": "mean"}
    return TrainingConfig.model_validate(values)


def frozen_config(variant: Variant, effort: Effort, *, seed: int) -> TrainingConfig:
    """The training of one row on the features of a trunk; stride 32 learns the stage after it."""
    values = make_config(variant, effort, seed=seed).model_dump(exclude_unset=True)
    values["network"] = {**values["network"], "deepest": max(16, variant.stride), "stride": variant.stride}
    values["optimiser"] = {**values["optimiser"], "encoder_factor": 1.0}
    return TrainingConfig.model_validate(values)


def _paper() -> dict[str, Any]:
    return read_config(find_config("paper")).model_dump(exclude_unset=True)


def _own(effort: Effort) -> dict[str, Any]:
    """Settings shared by `gpu` and `cpu`: the paper's scales and mirroring, no change of colours, as in the paper."""
    width = effort.width
    return {
        "steps": effort.steps,
        "minutes": effort.minutes,
        "checkpoint_every": 200_000,
        "checkpoint_seconds": 60,
        "network": {"encoder": effort.encoder} | ({} if width is None else dict.fromkeys(CHANNELS, width)),
        "sampling": {
            "crop": effort.crop,
            "batch": effort.batch,
            "scale_drawn": "uniform",
            "photometric": 0.0,
            "grey": 0.0,
        },
        "optimiser": {"learning_rate": 1e-3, "encoder_factor": 0.3, "warm_up": 50, "averaging": 0.99},
    }
