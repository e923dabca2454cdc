"""What the tests of the losses share: slopes of slow references, and the heads of a few crops."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from uepnet.training.targets import CropPoints

Slope = Callable[[Callable[[np.ndarray], float], np.ndarray], np.ndarray]


@pytest.fixture
def slope() -> Slope:
    """The gradient of a function of an array, one central difference a value."""

    def of(function: Callable[[np.ndarray], float], values: np.ndarray, step: float = 1e-6) -> np.ndarray:
        gradient = np.zeros(values.shape)
        for index in np.ndindex(*values.shape):
            above, below = values.copy(), values.copy()
            above[index] += step
            below[index] -= step
            gradient[index] = (function(above) - function(below)) / (2 * step)
        return gradient

    return of


@pytest.fixture
def points() -> CropPoints:
    """Three crops of 24 x 32 pixels: five heads, one, and none; padding of weight 0 lies anywhere."""
    xy = np.random.default_rng(5).uniform((0, 0), (32, 24), (3, 6, 2))
    weight = np.zeros((3, 6))
    weight[0, :5] = weight[1, 2] = 1.0
    return CropPoints(xy=torch.tensor(xy), weight=torch.tensor(weight))
