"""Entropic transport against the linear programme, and against Sinkhorn's iterations to convergence in float64."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from uepnet.training.objectives.transport import potentials

RANDOM = np.random.default_rng(0)
COST = RANDOM.uniform(0, 30, (4, 1, 2)) - RANDOM.uniform(0, 30, (1, 6, 2))
COST = np.square(COST).sum(axis=2)
SOURCE, TARGET = RANDOM.dirichlet(np.ones(4)), RANDOM.dirichlet(np.ones(6))


def cheapest(cost: np.ndarray, source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """The cost of the best plan, and the dual price of each target."""
    heads, cells = cost.shape
    rows = np.kron(np.eye(heads), np.ones(cells))
    columns = np.kron(np.ones(heads), np.eye(cells))
    best = linprog(cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.r_[source, target], method="highs")
    return float(best.fun or 0.0), best.eqlin.marginals[heads:]


def of_torch(*, blur: float, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    given = (torch.tensor(values)[None] for values in (COST, SOURCE, TARGET))
    f, g = potentials(*given, blur=blur, rounds=rounds)
    return f[0].numpy(), g[0].numpy()


def test_without_a_penalty_it_is_the_linear_programme() -> None:
    cost, prices = cheapest(COST, SOURCE, TARGET)
    f, g = of_torch(blur=0.2, rounds=20_000)
    assert f @ SOURCE + g @ TARGET == pytest.approx(cost, rel=2e-3)
    assert_allclose(g - g @ TARGET, prices - prices @ TARGET, atol=0.02 * COST.max())


def test_it_is_sinkhorn_to_convergence() -> None:
    blur = 64.0
    kernel = np.exp(-COST / blur) * SOURCE[:, None] * TARGET
    left = np.ones(4)
    for _ in range(5000):
        right = TARGET / (kernel.T @ left)
        left = SOURCE / (kernel @ right)
    f, g = of_torch(blur=blur, rounds=16)
    plan = kernel * left[:, None] * right
    penalty = blur * (plan * np.log(plan / np.outer(SOURCE, TARGET))).sum()
    assert f @ SOURCE + g @ TARGET == pytest.approx((plan * COST).sum() + penalty, rel=1e-4)
    assert_allclose(g - g @ TARGET, blur * (np.log(right) - np.log(right) @ TARGET), atol=0.05)


@pytest.mark.parametrize("away", [3.0, 1e6])
def test_padding_without_mass_changes_nothing(away: float) -> None:
    f, g = of_torch(blur=10.0, rounds=16)
    padded = torch.cat([torch.tensor(COST), torch.full((2, 6), away, dtype=torch.float64)])[None]
    source = torch.tensor(np.r_[SOURCE, 0.0, 0.0])[None]
    f2, g2 = potentials(padded, source, torch.tensor(TARGET)[None], blur=10.0)
    assert_allclose(g2[0].numpy(), g, rtol=1e-9, atol=1e-9)
    assert_allclose(f2[0, :4].numpy(), f, rtol=1e-9, atol=1e-9)
