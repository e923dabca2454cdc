"""The weights between two models, one of which began from the other (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").

And those beyond the second, away from the first: what a further training has changed may be put on other weights of the same line
(Ilharco et al. 2023, "Editing models with task arithmetic").
"""

import copy
from textwrap import shorten

import torch

from uepnet.description import ModelDescription
from uepnet.errors import ModelFileError
from uepnet.network.uepnet import UEPNet

LONGEST_START = 1000
"""Letters that a description may say of a start; of a long line of averages the oldest are left out."""

Model = tuple[UEPNet, ModelDescription]


def averaged(first: Model, second: Model, *, share: float) -> Model:
    """`share` of the second model's weights and 1 - `share` of the first's, with the second's description.

    What was measured of the second is left out of it: temperatures, ranges, validation. Raises `ModelFileError` for two
    networks or two sets of intervals.
    """
    if not 0 <= share <= 2:
        raise ValueError(f"the share of the second model is from 0 to 2, not {share}")
    described, other = first[1], second[1]
    for part in ("network", "partitions", "mean", "std", "output"):
        if getattr(described, part) != getattr(other, part):
            raise ModelFileError(
                f"{described.name} and {other.name} differ in their {part}: only models of one line can be averaged"
            )
    network = copy.deepcopy(first[0])
    with torch.no_grad():
        for mine, theirs in zip(network.state_dict().values(), second[0].state_dict().values(), strict=True):
            mine.lerp_(theirs, share)
    start = f"{1 - share:.3g} of the model {described.name} and {share:.3g} of {other.name} ({other.start})"
    changes = {
        "start": shorten(start, LONGEST_START, placeholder=" ..."),
        "temperatures": (),
        "calibration": None,
        "familiar": None,
        "validation": (),
    }
    return network, other.model_copy(update=changes)
