"""The absolute error of blocks against a plain loop."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from uepnet.training.objectives.patch_error import patch_absolute_error


@pytest.mark.parametrize("block", [1, 3, 8])
def test_value_and_gradient(block: int) -> None:
    predicted, counts = np.random.default_rng(block).uniform(0, 3, (2, 2, 5, 7))
    value, gradient = 0.0, np.zeros(predicted.shape)
    for n in range(2):
        for top in range(0, 5, block):
            for left in range(0, 7, block):
                part = (n, slice(top, top + block), slice(left, left + block))
                off = predicted[part].sum() - counts[part].sum()
                value += abs(off) / 70.0
                gradient[part] = np.sign(off) / 70.0
    given = torch.tensor(predicted, requires_grad=True)
    loss = patch_absolute_error(given, torch.tensor(counts), block=block, patches=torch.tensor(70.0))
    assert float(loss.detach()) == pytest.approx(value, rel=1e-9)
    assert_allclose(torch.autograd.grad(loss, given)[0].numpy(), gradient, rtol=1e-9)


def test_people_may_be_anywhere_in_their_block() -> None:
    counts = torch.rand(1, 4, 4)
    moved = counts.roll((1, 1), dims=(1, 2))
    assert float(patch_absolute_error(moved, counts, block=4, patches=torch.tensor(1.0))) < 1e-5
    assert float(patch_absolute_error(moved, counts, block=2, patches=torch.tensor(1.0))) > 0.1
