"""One run of a network, read with other proxies; and what each patch would send back."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.toys import toy_description, toy_network, toy_shape
from uepnet.counting.partition import METHODS, fit_partitions
from uepnet.description import ModelDescription
from uepnet.laboratory.reproduce.witness import (
    OutputMemo,
    ReadingBackend,
    class_gradient,
    square_gradient,
    with_proxies,
)

COUNTS = np.random.default_rng(0).exponential(0.5, 4000)
SHAPE = toy_shape()


def described(**how) -> ModelDescription:
    partitions = fit_partitions(COUNTS, **how)
    return toy_description(network=SHAPE, partitions=partitions)


@pytest.mark.parametrize(
    "method", [name for name, method in METHODS.items() if not method.of_points and name != "uep-paper"]
)
def test_midpoints_of_a_trained_model_are_those_of_a_partition_fitted_so(method: str) -> None:
    mean, midpoint = (
        described(method=method, heads="single"),
        described(method=method, heads="single", proxies="midpoint"),
    )
    found = with_proxies(mean, "midpoint", method=method, largest=float(COUNTS.max()))
    assert found.partitions[0].proxies == pytest.approx(midpoint.partitions[0].proxies)
    assert with_proxies(mean, "mean", method=method, largest=1.0) is mean


@pytest.mark.parametrize("method", ["uep", "log"])
def test_the_second_head_has_the_middles_of_its_own_classes(method: str) -> None:
    """Also where a method has midpoints of its own, such as the whole numbers or the logarithms': its first head's alone."""
    mean = described(method=method, heads="iph")
    largest = float(COUNTS.max())
    found = with_proxies(mean, "midpoint", method=method, largest=largest).partitions[1]
    assert found.borders == mean.partitions[1].borders != mean.partitions[0].borders
    edges = (0.0, *found.borders, max(largest, found.borders[-1]))
    assert found.proxies == pytest.approx([(left + right) / 2 for left, right in pairwise(edges)])


def test_two_readings_are_one_run() -> None:
    first = described(intervals=5, heads="single")
    network = toy_network(first)
    runs = []
    network.encoder.register_forward_hook(lambda *_: runs.append(1))
    memo = OutputMemo(network, first)
    picture = np.random.default_rng(0).integers(0, 255, (40, 56, 3), dtype=np.uint8)
    second = with_proxies(first, "midpoint", method="uep", largest=float(COUNTS.max()))
    one, two = (ReadingBackend(memo, description).run(picture) for description in (first, second))
    assert len(runs) == 1
    assert one.argmax.shape == (5, 7)
    for maps, description in ((one, first), (two, second)):
        assert set(np.unique(maps.argmax)) <= set(
            np.array(description.partitions[0].proxies, dtype=np.float32).tolist()
        )


def test_the_gradient_of_the_cross_entropy_is_that_of_autograd() -> None:
    partitions = fit_partitions(COUNTS, intervals=5)
    true = np.array([[0.0, 0.3], [0.9, 4.0]])
    outputs = tuple(
        torch.randn(1, partition.classes, 2, 2, generator=torch.Generator().manual_seed(0)) for partition in partitions
    )
    expected = np.zeros(4)
    for output, partition in zip(outputs, partitions, strict=True):
        logits = output.clone().requires_grad_()
        classes = torch.tensor(
            [[[sum(value >= b for b in partition.borders) for value in row] for row in true.tolist()]]
        )
        functional.cross_entropy(logits, classes, reduction="sum").backward()
        assert logits.grad is not None
        expected += logits.grad.abs().sum(dim=1).flatten().numpy() / len(partitions)
    np.testing.assert_allclose(class_gradient(outputs, true, partitions), expected, rtol=1e-5)


def test_the_gradient_of_the_squared_error_is_that_of_autograd() -> None:
    predicted = torch.tensor([[0.5, 2.0]], requires_grad=True)
    true = torch.tensor([[1.0, 0.0]])
    (predicted - true).square().sum().backward()
    assert predicted.grad is not None
    found = square_gradient(predicted.detach().double().numpy(), true.double().numpy())
    np.testing.assert_allclose(found, predicted.grad.abs().flatten().numpy())
