"""The loss of a step: that of the configuration's target, from the network's values and the batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from uepnet.description import CountOutput, ModelDescription
from uepnet.network.outputs import densities
from uepnet.training.config import ObjectiveConfig, Target
from uepnet.training.objectives.bayesian import bayesian_loss
from uepnet.training.objectives.block_count import block_count_loss, expected_counts
from uepnet.training.objectives.cross_entropy import interval_cross_entropy
from uepnet.training.objectives.density import density_squared_error
from uepnet.training.objectives.distribution_matching import distribution_matching_loss
from uepnet.training.objectives.patch_error import patch_absolute_error
from uepnet.training.objectives.squared_error import squared_error
from uepnet.training.objectives.zero_inflated import zero_inflated_loss
from uepnet.training.sampling import Batch
from uepnet.training.targets import CropPoints, point_counts, points_inside


@dataclass(frozen=True)
class Answer:
    """What the network gave for a batch, head by head, and what it is to be compared with.

    `patches` is the number of patches in the pictures, or, if processes share a batch, the mean of their numbers.
    """

    values: Sequence[Float[Tensor, "n _ rows columns"]]
    batch: Batch
    patches: Float[Tensor, ""]


class Loss:
    """The loss of a training. Every target's is a sum divided by the number of patches, times `weight`."""

    def __init__(self, config: ObjectiveConfig, description: ModelDescription, *, device: torch.device) -> None:
        self.config = config
        self.output = description.output
        self.of_points = description.of_points
        self.patch = description.patch
        self.borders = tuple(torch.tensor(partition.borders, device=device) for partition in description.partitions)
        self.proxies = tuple(torch.tensor(partition.proxies, device=device) for partition in description.partitions)

    def __call__(
        self, values: Sequence[Float[Tensor, "n _ rows columns"]], batch: Batch, *, patches: Float[Tensor, ""]
    ) -> Float[Tensor, ""]:
        """How far off the network's values are, in the target's unit per patch."""
        return self.config.weight * LOSSES[self.config.target](self, Answer(values, batch, patches))

    def densities(self, answer: Answer) -> Float[Tensor, "n cells rows columns"]:
        """What a count output says, 0 beyond the picture."""
        if not isinstance(self.output, CountOutput):
            raise ValueError(f"the target {self.config.target} learns an output of counts, not of {self.output.kind}")
        return densities(answer.values[0], self.output).masked_fill(answer.batch.beyond[:, None], 0.0)

    def counts(self, answer: Answer) -> Float[Tensor, "n rows columns"]:
        """The people per patch of a count output, 0 beyond the picture."""
        return self.densities(answer).mean(dim=1)

    def points(self, answer: Answer) -> CropPoints:
        """The heads in the crops."""
        rows, columns = answer.values[0].shape[2:]
        return points_inside(answer.batch.crops, patch=self.patch, rows=rows, columns=columns)

    def point_counts(self, answer: Answer) -> Float[Tensor, "n rows columns"]:
        """The number of points in each patch."""
        rows, columns = answer.values[0].shape[2:]
        return point_counts(self.points(answer), patch=self.patch, rows=rows, columns=columns)


def _classes(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    """Cross entropy over the intervals, and the loss on the counts of blocks where the configuration weighs it."""
    counts = loss.point_counts(answer) if loss.of_points else answer.batch.counts
    beyond = answer.batch.beyond
    total = interval_cross_entropy(answer.values, counts, borders=loss.borders, beyond=beyond, patches=answer.patches)
    if loss.config.count_weight:
        total = total + loss.config.count_weight * block_count_loss(
            expected_counts(answer.values, loss.proxies),
            counts,
            beyond=beyond,
            block=loss.config.count_block,
            error=loss.config.count_error,
            patches=answer.patches,
        )
    return total


def _mse(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    return squared_error(loss.counts(answer), answer.batch.counts, patches=answer.patches)


def _density_mse(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    crops = answer.batch.crops
    return density_squared_error(loss.densities(answer), crops, patch=loss.patch, patches=answer.patches)


def _bayesian(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    return bayesian_loss(
        loss.counts(answer),
        loss.points(answer),
        patch=loss.patch,
        sigma=loss.config.sigma,
        background=loss.config.background,
        patches=answer.patches,
    )


def _dm_count(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    return distribution_matching_loss(
        loss.counts(answer),
        loss.points(answer),
        patch=loss.patch,
        transport_weight=loss.config.transport_weight,
        variation_weight=loss.config.variation_weight,
        patches=answer.patches,
    )


def _zip(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    points = loss.point_counts(answer)
    return zero_inflated_loss(answer.values[0], points, beyond=answer.batch.beyond, patches=answer.patches)


def _patch_l1(loss: Loss, answer: Answer) -> Float[Tensor, ""]:
    block = loss.config.block_side // loss.patch
    return patch_absolute_error(loss.counts(answer), answer.batch.counts, block=block, patches=answer.patches)


LOSSES: dict[Target, Callable[[Loss, Answer], Float[Tensor, ""]]] = {
    "classes": _classes,
    "mse": _mse,
    "density-mse": _density_mse,
    "bayesian": _bayesian,
    "dm-count": _dm_count,
    "zip": _zip,
    "patch-l1": _patch_l1,
}
"""Every target, by its name in the configuration."""
