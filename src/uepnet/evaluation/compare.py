"""Two models on the same pictures: is the one really better, or are these pictures too few to tell?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from uepnet.evaluation.bootstrap import CONFIDENCE, RESAMPLES, Interval, mae_difference
from uepnet.evaluation.evaluate import Evaluation


@dataclass(frozen=True)
class Comparison:
    """Two evaluations, and the MAE of `second` minus that of `first` with its paired bootstrap interval.

    Below 0 the second is better. An interval that holds 0 means that these pictures do not separate the two.
    """

    first: Evaluation
    second: Evaluation
    difference: Interval
    bootstrap_seed: int

    @property
    def separable(self) -> bool:
        """Whether the interval is all on one side of 0."""
        return self.difference.low > 0 or self.difference.high < 0

    def __str__(self) -> str:
        if not self.separable:
            return "these pictures do not separate the two"
        return f"the {'second' if self.difference.value < 0 else 'first'} is better on these pictures"

    def as_json(self) -> dict[str, Any]:
        """What `uepnet compare --json` prints for a data set: plain types, both evaluations whole."""
        return {
            "dataset": self.first.data_set,
            "split": self.first.split,
            "images": len(self.first.rows),
            "difference": self.difference.value,
            "difference_low": self.difference.low,
            "difference_high": self.difference.high,
            "separable": self.separable,
            "bootstrap": {"confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": self.bootstrap_seed},
            "first": self.first.as_json(),
            "second": self.second.as_json(),
        }


def compare(first: Evaluation, second: Evaluation, *, bootstrap_seed: int = 0) -> Comparison:
    """Compare two evaluations of the same pictures under the same protocol; anything else is a `ValueError`."""
    for what, one, other in (
        ("data", f"{first.data_set} '{first.split}'", f"{second.data_set} '{second.split}'"),
        ("pictures and points", first.digest, second.digest),
        ("protocol", first.protocol, second.protocol),
    ):
        if one != other:
            raise ValueError(
                f"two models are compared on the same {what}, but these were measured on {one} and {other}"
            )
    generator = np.random.default_rng(bootstrap_seed)
    difference = mae_difference(first.truth, first.counts(), second.counts(), generator=generator)
    return Comparison(first, second, difference, bootstrap_seed)
