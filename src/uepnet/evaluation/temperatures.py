"""How sure class probabilities should be: a temperature by which logits are divided before the softmax."""

import numpy as np
from jaxtyping import Float, Int

SHARPEST, SOFTEST = 0.1, 10.0


def fit_temperature(logits: Float[np.ndarray, "patches classes"], classes: Int[np.ndarray, " patches"]) -> float:
    """The temperature that makes the true classes likeliest (Guo et al. 2017, "On calibration of modern networks").

    It is sought between `SHARPEST` and `SOFTEST`; above 1 the network was too sure of itself.
    """
    from scipy.optimize import minimize_scalar

    def loss(logarithm: float) -> float:
        return surprise(logits, classes, temperature=float(np.exp(logarithm)))

    found = minimize_scalar(loss, bounds=(np.log(SHARPEST), np.log(SOFTEST)), method="bounded")
    return float(np.exp(found.x))


def surprise(
    logits: Float[np.ndarray, "patches classes"], classes: Int[np.ndarray, " patches"], *, temperature: float = 1.0
) -> float:
    """The mean negative logarithm of the probability that each patch's true class was given.

    >>> bool(np.isclose(surprise(np.log([[0.25, 0.75]]), np.array([1])), np.log(4 / 3)))
    True
    """
    if len(logits) == 0:
        raise ValueError("a surprise is measured on patches, but there are none")
    scaled = logits / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    own = np.take_along_axis(scaled, classes[:, None], axis=1)[:, 0]
    return float((np.log(np.exp(scaled).sum(axis=1)) - own).mean())
