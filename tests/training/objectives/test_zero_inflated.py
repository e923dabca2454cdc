"""The zero-inflated likelihood against SciPy's Poisson distribution, patch by patch."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.special import expit, gammaln
from scipy.stats import poisson

from uepnet.network.outputs import LEAST_RATE
from uepnet.training.objectives.zero_inflated import zero_inflated_loss

POINTS = np.array([[[0.0, 0.0, 1.0], [3.0, 0.0, 12.0]]])
BEYOND = np.array([[[False, False, False], [False, True, False]]])


def slow(values: np.ndarray) -> float:
    """Minus the logarithm of the likelihood, without log y!, over the patches of the picture; divided by 5."""
    total = 0.0
    for place in np.ndindex(*POINTS.shape):
        if BEYOND[place]:
            continue
        n, row, column = place
        some, rate = expit(values[n, 0, row, column]), np.log1p(np.exp(values[n, 1, row, column])) + LEAST_RATE
        points = POINTS[place]
        likelihood = some * poisson.pmf(points, rate) + (1.0 - some) * (points == 0)
        total -= np.log(likelihood) + gammaln(points + 1)
    return total / 5.0


def loss_of(values: torch.Tensor, points: np.ndarray = POINTS, beyond: np.ndarray = BEYOND) -> torch.Tensor:
    return zero_inflated_loss(
        values, torch.tensor(points, dtype=torch.float32), beyond=torch.tensor(beyond), patches=torch.tensor(5.0)
    )


def test_value_and_gradient(slope) -> None:
    values = np.random.default_rng(0).normal(0, 2, (1, 2, 2, 3))
    given = torch.tensor(values, dtype=torch.float32, requires_grad=True)
    loss = loss_of(given)
    assert float(loss.detach()) == pytest.approx(slow(values), rel=1e-5)
    assert_allclose(torch.autograd.grad(loss, given)[0].numpy(), slope(slow, values), rtol=1e-3, atol=1e-5)


def test_the_likeliest_rate_is_the_mean_of_those_that_are_there() -> None:
    """Where nobody is surely absent it is Poisson regression: the slope by the rate is 0 at lambda = y."""
    points = np.full((1, 1, 1), 4.0)
    values = torch.tensor([30.0, np.log(np.expm1(4.0))], dtype=torch.float32).view(1, 2, 1, 1).requires_grad_()
    (gradient,) = torch.autograd.grad(loss_of(values, points, np.zeros((1, 1, 1), dtype=bool)), values)
    assert gradient.abs().max() < 1e-5


@pytest.mark.parametrize("size", [-1e4, -200.0, 0.0, 200.0, 1e4])
@pytest.mark.parametrize("points", [0.0, 5000.0])
def test_extreme_values_stay_finite(size: float, points: float) -> None:
    values = torch.full((1, 2, 1, 1), size, requires_grad=True)
    loss = loss_of(values, np.full((1, 1, 1), points), np.zeros((1, 1, 1), dtype=bool))
    (gradient,) = torch.autograd.grad(loss, values)
    assert torch.isfinite(loss).all()
    assert torch.isfinite(gradient).all()
