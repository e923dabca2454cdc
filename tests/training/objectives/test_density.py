"""The squared error of densities against the Gaussians' integrals over every cell (`counting.local_counts`)."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from uepnet.counting.local_counts import Window
from uepnet.counting.local_counts import local_counts as reference
from uepnet.points import HeadPoints
from uepnet.training.objectives.density import density_squared_error
from uepnet.training.objectives.squared_error import squared_error
from uepnet.training.targets import Crops, local_counts

HEADS = HeadPoints(np.random.default_rng(1).uniform((0, 0), (50, 40), (9, 2)), width=50, height=40)
SIGMA = np.random.default_rng(2).uniform(1.0, 6.0, 9)
CROPS = Crops(
    xy=torch.tensor(HEADS.xy[None]),
    sigma=torch.tensor(SIGMA[None]),
    weight=torch.ones(1, 9, dtype=torch.float64),
    extent=torch.tensor([[50.0, 40.0]], dtype=torch.float64),
    corner=torch.tensor([[10.0, 5.0]], dtype=torch.float64),
)


def true_densities(*, patch: int, side: int) -> np.ndarray:
    """In people per patch, [cells, 2, 2], by the place of each cell."""
    window = Window(left=10.0, top=5.0, width=2 * patch, height=2 * patch)
    fine = reference(HEADS, SIGMA, patch=patch // side, window=window)
    densities = np.zeros((side * side, 2, 2))
    for down, across in np.ndindex(*fine.shape):
        (row, y), (column, x) = divmod(down, side), divmod(across, side)
        densities[side * y + x, row, column] = fine[down, across] * side**2
    return densities


@pytest.mark.parametrize(("patch", "side"), [(8, 1), (8, 2), (16, 4), (16, 1)])
def test_value_and_gradient(patch: int, side: int) -> None:
    true = true_densities(patch=patch, side=side)
    guess = np.random.default_rng(3).uniform(0, 2, true.shape)
    value, gradient = 0.0, np.zeros(true.shape)
    for place in np.ndindex(*true.shape):
        off = guess[place] - true[place]
        value += off**2 / side**2 / 4.0
        gradient[place] = 2.0 * off / side**2 / 4.0
    given = torch.tensor(guess[None], requires_grad=True)
    loss = density_squared_error(given, CROPS, patch=patch, patches=torch.tensor(4.0))
    assert float(loss.detach()) == pytest.approx(value, rel=1e-9)
    assert_allclose(torch.autograd.grad(loss, given)[0][0].numpy(), gradient, rtol=1e-6, atol=1e-9)


def test_the_truth_costs_nothing_and_holds_the_counts() -> None:
    true = torch.tensor(true_densities(patch=16, side=4))[None]
    assert float(density_squared_error(true, CROPS, patch=16, patches=torch.tensor(4.0))) < 1e-20
    assert_allclose(true.mean(dim=1), local_counts(CROPS, patch=16, rows=2, columns=2), atol=1e-9)


def test_with_one_cell_it_is_the_error_of_local_counts() -> None:
    guess, patches = torch.rand(1, 1, 4, 4, dtype=torch.float64), torch.tensor(16.0)
    counts = local_counts(CROPS, patch=8, rows=4, columns=4)
    expected = squared_error(guess[:, 0], counts, patches=patches)
    assert float(density_squared_error(guess, CROPS, patch=8, patches=patches)) == pytest.approx(float(expected))
