"""DM-Count's loss against its equations with loops and Sinkhorn's iterations to convergence."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.special import logsumexp

from uepnet.training.objectives.distribution_matching import NOBODY, distribution_matching_loss
from uepnet.training.targets import CropPoints

PATCH = 8


def slow_transport(cost: np.ndarray, source: np.ndarray, target: np.ndarray) -> float:
    """The transport with its entropic penalty of one patch squared."""
    blur = float(PATCH**2)
    kernel = np.exp(-cost / blur) * source[:, None] * target
    left = np.ones(len(source))
    for _ in range(300):
        right = target / (kernel.T @ left)
        left = source / (kernel @ right)
    return blur * float(np.log(left) @ source + np.log(right) @ target)


def slow(predicted: np.ndarray, points: CropPoints, *, transport: float, variation: float) -> float:
    """Crop by crop; divided by 12."""
    total = 0.0
    crops, rows, columns = predicted.shape
    for crop in range(crops):
        heads = points.xy[crop][points.weight[crop] > 0].numpy()
        people = predicted[crop].sum()
        total += abs(len(heads) - people)
        if not len(heads):
            continue
        shares = (predicted[crop] + NOBODY) / (people + NOBODY * rows * columns)
        discrete, cost = np.zeros((rows, columns)), np.zeros((len(heads), rows, columns))
        for number, (x, y) in enumerate(heads):
            discrete[int(y // PATCH), int(x // PATCH)] += 1.0
            for row, column in np.ndindex(rows, columns):
                cost[number, row, column] = (x - PATCH * (column + 0.5)) ** 2 + (y - PATCH * (row + 0.5)) ** 2
        source = np.full(len(heads), 1.0 / len(heads))
        if transport:
            total += transport * slow_transport(cost.reshape(len(heads), -1), source, shares.ravel())
        total += variation * len(heads) * 0.5 * np.abs(discrete / len(heads) - shares).sum()
    return total / 12.0


def loss_of(predicted: torch.Tensor, points: CropPoints, *, transport: float, variation: float) -> torch.Tensor:
    return distribution_matching_loss(
        predicted,
        points,
        patch=PATCH,
        transport_weight=transport,
        variation_weight=variation,
        patches=torch.tensor(12.0),
    )


@pytest.mark.parametrize(("transport", "variation"), [(0.0, 1.0), (1.0, 0.0), (0.1, 0.01)])
def test_value_and_gradient(points: CropPoints, slope, transport: float, variation: float) -> None:
    predicted = np.random.default_rng(0).uniform(0.1, 1, (3, 3, 4))
    given = torch.tensor(predicted, requires_grad=True)
    loss = loss_of(given, points, transport=transport, variation=variation)
    assert float(loss.detach()) == pytest.approx(
        slow(predicted, points, transport=transport, variation=variation), rel=1e-4
    )
    expected = slope(lambda values: slow(values, points, transport=transport, variation=variation), predicted)
    assert_allclose(torch.autograd.grad(loss, given)[0].numpy(), expected, rtol=0.01, atol=2e-3)


def test_no_transport_is_cheaper_than_where_the_heads_are() -> None:
    """Every head in the middle of its patch: moving the people one patch on costs about a patch squared more."""
    heads = CropPoints(xy=torch.tensor([[[12.0, 12.0], [52.0, 44.0]]]), weight=torch.ones(1, 2))
    right = torch.zeros(1, 8, 8)
    right[0, 1, 1] = right[0, 5, 6] = 1.0
    costs = [float(loss_of(right.roll(by, dims=2), heads, transport=1.0, variation=0.0)) * 12.0 for by in (0, 1)]
    assert costs[0] == pytest.approx(0.0, abs=64 * np.log(2) + 1e-3)
    assert costs[1] - costs[0] == pytest.approx(64.0, rel=0.01)


@pytest.mark.parametrize("people", [0.0, 1e-3, 100.0])
def test_empty_maps_and_thousands_of_heads_stay_finite(people: float) -> None:
    weight = torch.zeros(2, 3000)
    weight[0] = 1.0
    heads = CropPoints(xy=torch.rand(2, 3000, 2) * 128.0, weight=weight)
    given = torch.full((2, 16, 16), people, requires_grad=True)
    loss = loss_of(given, heads, transport=0.1, variation=0.01)
    assert torch.isfinite(loss)
    assert torch.isfinite(torch.autograd.grad(loss, given)[0]).all()


def converged(cost: np.ndarray, target: np.ndarray) -> float:
    """The value of the transport from heads of equal weight, by Sinkhorn's iterations on logarithms."""
    blur, of_head = float(PATCH**2), -np.log(len(cost))
    g = np.zeros(len(target))
    for _ in range(2000):
        f = -blur * logsumexp((g - cost) / blur + np.log(target), axis=1)
        g = -blur * logsumexp((f[:, None] - cost) / blur + of_head, axis=0)
    return float(f.mean() + g @ target)


@pytest.mark.parametrize("seed", range(3))
def test_a_few_peaks_and_padding_far_outside(seed: int) -> None:
    """As in a real training: a map of a few peaks and next to nothing elsewhere, and heads without weight beyond the crop."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 256, (10, 2))
    peaks = np.zeros((32, 32))
    peaks[random.integers(0, 32, 5), random.integers(0, 32, 5)] = 50.0
    padded = torch.tensor(np.vstack([xy, np.full((10, 2), (-214.0, -490.0))]), dtype=torch.float32)
    points = CropPoints(xy=padded[None], weight=(torch.arange(20) < 10).float()[None])
    given = torch.tensor(peaks, dtype=torch.float32)[None].requires_grad_()
    loss = loss_of(given, points, transport=1.0, variation=0.0)
    assert torch.isfinite(torch.autograd.grad(loss, given)[0]).all()
    middles = PATCH * (np.arange(32) + 0.5)
    cost = (xy[:, 1, None, None] - middles[:, None]) ** 2 + (xy[:, 0, None, None] - middles) ** 2
    shares = ((peaks + NOBODY) / (peaks + NOBODY).sum()).ravel()
    expected = abs(10 - peaks.sum()) + converged(cost.reshape(10, -1), shares)
    assert float(loss.detach()) * 12.0 == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("side", [8, 32])
def test_people_far_from_all_heads_pull_the_map_towards_them(side: int) -> None:
    """In single precision too: all heads in one corner, all people in the other."""
    heads = CropPoints(xy=torch.rand(1, 500, 2) * 8.0, weight=torch.ones(1, 500))
    far = torch.zeros(1, side, side)
    far[0, -1, -1] = 40.0
    given = far.requires_grad_()
    loss = loss_of(given, heads, transport=1.0, variation=0.0)
    (gradient,) = torch.autograd.grad(loss, given)
    distance = 2 * (8.0 * (side - 1)) ** 2
    assert float(loss.detach()) * 12.0 == pytest.approx(460.0 + distance, rel=0.1)
    assert gradient[0, 0, 0] < gradient[0, side // 2, side // 2] < gradient[0, -1, -1]
