"""What a backend is: something that turns the pixels of one picture into the count maps of its patches."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, UInt8

from uepnet.description import ModelDescription


@dataclass(frozen=True)
class PatchMaps:
    """The answer for every patch, by both decodes (a model without classes has the mean's twice); patches at the right and lower edge may be partly outside.

    `mean` and `argmax` are in people per patch, `variance` (of the mean decode's distribution) in people squared. `features`
    are the encoder's deepest ones, their mean over the picture; None where the model file is of a time before they were given.
    """

    mean: Float32[np.ndarray, "rows columns"]
    argmax: Float32[np.ndarray, "rows columns"]
    variance: Float32[np.ndarray, "rows columns"]
    features: Float32[np.ndarray, " channels"] | None = None


@runtime_checkable
class Backend(Protocol):
    """A loaded model, whatever runs it."""

    @property
    def description(self) -> ModelDescription:
        """What the model's weights mean."""

    def run(self, picture: UInt8[np.ndarray, "height width 3"]) -> PatchMaps:
        """The maps of one RGB picture of any size, with ceil(height / patch) rows and ceil(width / patch) columns."""
