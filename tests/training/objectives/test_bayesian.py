"""Bayesian loss against its equations, head by head and patch by patch."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from uepnet.description import CountOutput, Positive
from uepnet.network.outputs import densities
from uepnet.training.objectives.bayesian import bayesian_loss
from uepnet.training.targets import CropPoints

PATCH, SIGMA, BACKGROUND = 8, 5.0, 0.4


def slow(predicted: np.ndarray, points: CropPoints) -> float:
    """Ma et al. 2019 with two loops over patches and heads in each crop; divided by 12."""
    total = 0.0
    crops, rows, columns = predicted.shape
    far = BACKGROUND * PATCH * min(rows, columns)
    for crop in range(crops):
        heads = [
            tuple(xy)
            for xy, weight in zip(points.xy[crop].tolist(), points.weight[crop].tolist(), strict=True)
            if weight
        ]
        expected = np.zeros(len(heads) + 1)
        for row in range(rows):
            for column in range(columns):
                x, y = PATCH * (column + 0.5), PATCH * (row + 0.5)
                distances = [np.hypot(x - head[0], y - head[1]) for head in heads]
                likelihoods = [np.exp(-(distance**2) / (2 * SIGMA**2)) for distance in distances]
                dummy = far - min(distances) if heads else 0.0
                likelihoods.append(np.exp(-(dummy**2) / (2 * SIGMA**2)))
                expected += np.array(likelihoods) / sum(likelihoods) * predicted[crop, row, column]
        total += abs(expected[-1]) + sum(abs(1.0 - value) for value in expected[:-1])
    return total / 12.0


def loss_of(predicted: torch.Tensor, points: CropPoints) -> torch.Tensor:
    return bayesian_loss(predicted, points, patch=PATCH, sigma=SIGMA, background=BACKGROUND, patches=torch.tensor(12.0))


def test_value_and_gradient(points: CropPoints, slope) -> None:
    predicted = np.random.default_rng(0).uniform(0, 1, (3, 3, 4))
    given = torch.tensor(predicted, requires_grad=True)
    loss = loss_of(given, points)
    assert float(loss.detach()) == pytest.approx(slow(predicted, points), rel=1e-9)
    expected = slope(lambda values: slow(values, points), predicted)
    assert_allclose(torch.autograd.grad(loss, given)[0].numpy(), expected, rtol=1e-5, atol=1e-8)


def test_an_empty_crop_costs_all_people_in_it(points: CropPoints) -> None:
    predicted = torch.zeros(3, 3, 4, dtype=torch.float64)
    heads = float(points.weight.sum())
    assert float(loss_of(predicted, points)) == pytest.approx(heads / 12.0)
    predicted[2] = 0.25
    assert float(loss_of(predicted, points)) == pytest.approx((heads + 3.0) / 12.0)


def test_a_person_at_every_head_costs_nothing() -> None:
    xy = torch.tensor([[[20.0, 20.0], [100.0, 60.0]]])
    predicted = torch.zeros(1, 16, 16)
    predicted[0, 2, 2] = predicted[0, 7, 12] = 1.0
    loss = bayesian_loss(
        predicted, CropPoints(xy, torch.ones(1, 2)), patch=8, sigma=8.0, background=0.5, patches=torch.tensor(1.0)
    )
    assert float(loss) < 1e-6


def test_thousands_of_heads_and_far_patches_stay_finite() -> None:
    xy = torch.rand(1, 4000, 2) * 40.0
    given = torch.rand(1, 32, 32, requires_grad=True)
    loss = bayesian_loss(
        given, CropPoints(xy, torch.ones(1, 4000)), patch=32, sigma=0.5, background=0.15, patches=torch.tensor(1.0)
    )
    assert torch.isfinite(torch.autograd.grad(loss, given)[0]).all()


def test_a_uniform_map_of_a_sparse_picture_is_best_empty() -> None:
    """So a network that knows no places yet is pushed to nobody, whence a closed ReLU does not come back (objectives.md)."""
    xy = torch.tensor([[[40.0, 40.0], [200.0, 120.0]]], dtype=torch.float64)
    sparse = CropPoints(xy, torch.ones(1, 2, dtype=torch.float64))
    losses = [float(loss_of(torch.full((1, 32, 32), level).double(), sparse)) for level in (0.0, 0.001, 0.002, 0.004)]
    assert losses == sorted(losses)
    assert losses[0] < losses[1]


@pytest.mark.parametrize(("positive", "least", "most"), [("relu", 0.0, 0.0), ("absolute", 1.0, 4.0)])
def test_what_has_sunk_below_zero_comes_back_by_the_absolute_value_alone(
    positive: Positive, least: float, most: float
) -> None:
    """A map of slightly negative values, learnt place by place: two people stand in it."""
    xy = torch.tensor([[[40.0, 40.0], [200.0, 120.0]]], dtype=torch.float64)
    points = CropPoints(xy, torch.ones(1, 2, dtype=torch.float64))
    values = torch.full((1, 1, 32, 32), -0.001, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([values], lr=0.05)
    output = CountOutput(target="bayesian", positive=positive)
    for _ in range(200):
        optimiser.zero_grad()
        loss_of(densities(values, output)[:, 0].double(), points).backward()
        optimiser.step()
    assert least <= float(densities(values.detach(), output).sum()) <= most
