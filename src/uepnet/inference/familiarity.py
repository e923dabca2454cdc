"""How unlike the pictures that a model has learnt from a picture looks, to the model's own encoder.

A network may count a texture that it has never been shown (pebbles, for example) without the doubt that `cautions.py` looks for in
its class probabilities. The mean of its encoder's deepest features tells more: the direction of its root, compared with those of
training pictures by a Gaussian. That is the Mahalanobis distance of Lee et al. 2018, "A simple unified framework for detecting
out-of-distribution samples and adversarial attacks", for one class and with few axes.
"""

import math

import numpy as np
from jaxtyping import Float

from uepnet.description import Familiar
from uepnet.errors import ModelFileError


def strangeness(features: Float[np.ndarray, " channels"], familiar: Familiar) -> float:
    """The picture's distance from what is familiar, in units of the limit: above 1 it looks like nothing learnt from.

    The distance is Mahalanobis's divided by the root of the number of channels.

    `ModelFileError` where the features have another number of channels than the description, or are no finite numbers.
    """
    if features.shape != (len(familiar.centre),) or not np.isfinite(features).all():
        raise ModelFileError(
            f"what looks familiar is described by {len(familiar.centre)} features, but the model gives {features.size} of a "
            "picture, or some that are no finite numbers; run `uepnet familiar` on its file again, or take it anew"
        )
    apart = direction(features[None])[0] - np.array(familiar.centre)
    along = np.array(familiar.axes).reshape(-1, apart.size) @ apart
    across = max(float(apart @ apart - along @ along), 0.0)
    squares = float(np.square(along / np.array(familiar.spreads)).sum()) + (math.sqrt(across) / familiar.rest) ** 2
    return math.sqrt(squares / apart.size) / familiar.limit


def direction(features: Float[np.ndarray, "pictures channels"]) -> Float[np.ndarray, "pictures channels"]:
    """The roots of each picture's features, signs kept, as a unit vector; where all are 0 they stay so.

    Roots, so that a few strong channels do not outweigh all others.
    """
    exact = np.sign(features) * np.sqrt(np.abs(features, dtype=np.float64))
    units: Float[np.ndarray, "pictures channels"] = exact / np.maximum(
        np.linalg.norm(exact, axis=1, keepdims=True), 1e-12
    )
    return units
