"""All figures of one decode over a set of pictures, and the same errors in groups of pictures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from uepnet.evaluation.bootstrap import mae_interval
from uepnet.evaluation.metrics import Counts, Truth, bias, errors, mae, nae, rmse
from uepnet.evaluation.strata import Stratum, stratify


@dataclass(frozen=True)
class Figures:
    """The errors of a set of pictures, in people (`nae`: a share of the true people, None where no picture has heads).

    `mae_low` to `mae_high` is the bootstrap interval of `mae`.
    """

    mae: float
    rmse: float
    nae: float | None
    bias: float
    mae_low: float
    mae_high: float
    strata: tuple[Stratum, ...]

    def as_json(self) -> dict[str, Any]:
        """The figures as plain types, strata by their names."""
        return {**asdict(self), "strata": {stratum.name: asdict(stratum) for stratum in self.strata}}


@dataclass(frozen=True)
class Group:
    """The errors of the pictures that belong together, such as one scene or one fold."""

    name: str
    images: int
    mae: float
    rmse: float


@dataclass(frozen=True)
class Grouping:
    """Errors by group, and their plain means over the groups, whatever the number of pictures in each."""

    by: str
    groups: tuple[Group, ...]

    @property
    def mae(self) -> float:
        """The mean of the groups' MAE."""
        return float(np.mean([group.mae for group in self.groups]))

    @property
    def rmse(self) -> float:
        """The mean of the groups' RMSE, which is at most the RMSE over all pictures."""
        return float(np.mean([group.rmse for group in self.groups]))

    def as_json(self) -> dict[str, Any]:
        """The groups and their means as plain types."""
        return {"by": self.by, "mae": self.mae, "rmse": self.rmse, "groups": [asdict(group) for group in self.groups]}


def all_figures(truth: Truth, predicted: Counts, *, generator: np.random.Generator) -> Figures:
    """Every figure of these counts."""
    interval = mae_interval(truth, predicted, generator=generator)
    return Figures(
        mae=mae(truth, predicted),
        rmse=rmse(truth, predicted),
        nae=nae(truth, predicted),
        bias=bias(truth, predicted),
        mae_low=interval.low,
        mae_high=interval.high,
        strata=stratify(truth, predicted),
    )


def group_figures(truth: Truth, predicted: Counts, names: Sequence[str], *, by: str) -> Grouping:
    """The errors of the pictures with the same name of a group, groups in the order of their names."""
    errors(truth, predicted)
    members = np.array(names)
    groups = []
    for name in sorted(set(names)):
        own = members == name
        groups.append(Group(name, int(own.sum()), mae(truth[own], predicted[own]), rmse(truth[own], predicted[own])))
    return Grouping(by, tuple(groups))
