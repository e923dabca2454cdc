"""The squared error of local counts against a plain loop."""

import numpy as np
import pytest
import torch

from uepnet.training.objectives.squared_error import squared_error


def test_value_and_gradient() -> None:
    random = np.random.default_rng(0)
    predicted, counts = random.uniform(0, 3, (2, 2, 3, 4))
    value, gradient = 0.0, np.zeros(predicted.shape)
    for place in np.ndindex(*predicted.shape):
        value += (predicted[place] - counts[place]) ** 2 / 7.0
        gradient[place] = 2.0 * (predicted[place] - counts[place]) / 7.0
    given = torch.tensor(predicted, requires_grad=True)
    loss = squared_error(given, torch.tensor(counts), patches=torch.tensor(7.0))
    assert float(loss.detach()) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(torch.autograd.grad(loss, given)[0].numpy(), gradient, rtol=1e-12)


def test_the_truth_costs_nothing() -> None:
    counts = torch.rand(1, 2, 2)
    assert float(squared_error(counts, counts, patches=torch.tensor(4.0))) == 0.0
