"""What a target is of: the meaning that it gives to the network's values, and the counts in the training pictures."""

import numpy as np
from jaxtyping import Float

from uepnet.counting.partition import method_named
from uepnet.counting.point_counts import point_counts
from uepnet.description import ClassesOutput, CountOutput, ModelDescription, Output, ZeroInflatedOutput
from uepnet.errors import ConfigError
from uepnet.points import HeadPoints
from uepnet.training.config import TrainingConfig
from uepnet.training.store import PictureStore, StoredPicture


def output_of(config: TrainingConfig, *, trained: ModelDescription | None = None) -> Output:
    """What the target makes of the heads' values, in a new network or in that of a model `trained` before.

    Classes are of whole points where their partition is, which a training may keep from that model.
    """
    objective = config.objective
    if objective.target == "classes":
        if trained is not None and config.keep_intervals and isinstance(trained.output, ClassesOutput):
            return trained.output
        return ClassesOutput(people="points" if method_named(config.intervals.method).of_points else "gaussians")
    if objective.target == "zip":
        return ZeroInflatedOutput()
    stride = config.network.stride if trained is None else trained.network.stride
    cells = max(1, stride // objective.density_cell) if objective.target == "density-mse" else 1
    return CountOutput(target=objective.target, positive=objective.positive, cells=cells)


def refuse_other_output(config: TrainingConfig, trained: ModelDescription, *, source: str) -> None:
    """`ConfigError` where the values of a model of the file `source` cannot become what the target needs."""
    wanted, there = output_of(config, trained=trained), trained.output
    if _values(wanted) != _values(there):
        raise ConfigError(
            f"{source}: this model gives {_values(there)}, but the target {config.objective.target} needs "
            f"{_values(wanted)}; take [objective] as the model has learnt, or a model that has learnt this"
        )


def _values(output: Output) -> str:
    """What the heads' values are, whatever they were learnt from, in words."""
    if not isinstance(output, CountOutput):
        return output.kind
    return f"counts by {output.positive} in {output.cells} x {output.cells} cells a patch"


def learnt_counts(store: PictureStore, output: Output, *, patch: int) -> Float[np.ndarray, " patches"]:
    """The counts of all patches at scale 1 that the output is of: whole points, or local counts."""
    if isinstance(output, CountOutput) or (isinstance(output, ClassesOutput) and output.people == "gaussians"):
        return store.counts
    pictures = [picture for group in store.groups for picture in group]
    return np.concatenate([_points(picture, patch=patch) for picture in pictures])


def _points(picture: StoredPicture, *, patch: int) -> Float[np.ndarray, " patches"]:
    height, width = picture.pixels.shape[1:]
    heads = HeadPoints(picture.xy.double().numpy(), width=int(width), height=int(height))
    return point_counts(heads, patch=patch).ravel()
