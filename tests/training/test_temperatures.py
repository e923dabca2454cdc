"""Temperatures of a whole model, on logits made so that they are known."""

import numpy as np
import pytest
import torch

from tests.toys import toy_description, toy_network, toy_shape
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import Partition
from uepnet.network.counting_graph import CountingGraph
from uepnet.points import HeadPoints
from uepnet.training.temperatures import (
    COUNTING_TEMPERATURES,
    LogitReader,
    PictureLogits,
    decode_errors,
    fit_temperature_to_counts,
    fit_temperatures,
)

DESCRIPTION = toy_description(
    network=toy_shape(deepest=8, channels=4),
    partitions=(
        Partition(borders=(0.001, 0.1, 0.5), proxies=(0.0, 0.05, 0.3, 1.2)),
        Partition(borders=(0.001, 0.3), proxies=(0.0, 0.15, 0.6)),
    ),
)


def pictures(*, too_sure: tuple[float, float], number: int = 6) -> list[PictureLogits]:
    """Heads at random; each head of the network knows the true class with honest doubt, and overstates it."""
    generator = np.random.default_rng(0)
    found = []
    for _ in range(number):
        heads = HeadPoints(generator.uniform(0, 320, size=(200, 2)), width=320, height=320)
        sigma = np.full(200, 4.0)
        counts = local_counts(heads, sigma, patch=8)
        logits = []
        for partition, factor in zip(DESCRIPTION.partitions, too_sure, strict=True):
            own = np.searchsorted(partition.borders, counts, side="right")
            honest = generator.normal(scale=1.5, size=(partition.classes, *counts.shape))
            likeliest = (honest + generator.gumbel(size=honest.shape)).argmax(axis=0)
            swapped = honest.copy()  # the probability that was drawn goes to the true class
            np.put_along_axis(swapped, likeliest[None], np.take_along_axis(honest, own[None], 0), 0)
            np.put_along_axis(swapped, own[None], np.take_along_axis(honest, likeliest[None], 0), 0)
            logits.append((factor * swapped).astype(np.float16))
        found.append(PictureLogits("folder", heads, sigma, tuple(logits)))
    return found


def test_each_head_has_its_own_temperature() -> None:
    first, second = fit_temperatures(pictures(too_sure=(2.0, 0.5)), DESCRIPTION)
    assert first.temperature == pytest.approx(2.0, rel=0.1)
    assert second.temperature == pytest.approx(0.5, rel=0.1)
    assert first.after < first.before
    assert second.after < second.before


def test_the_errors_are_those_of_the_decode() -> None:
    made = pictures(too_sure=(1.0, 1.0), number=2)
    network = toy_network(DESCRIPTION)
    tempered = DESCRIPTION.model_copy(update={"temperatures": (2.0, 0.5)})
    graph = CountingGraph(network, tempered)
    off = []
    for picture in made:
        mean, _, _ = graph.decode(tuple(torch.tensor(head).float()[None] for head in picture.logits))
        off.append(float(mean.sum()) - 200)
    by_mean, by_argmax = decode_errors(made, network, tempered)
    assert (by_mean.data_set, by_mean.decode, by_mean.pictures) == ("folder", "mean", 2)
    assert by_mean.bias == pytest.approx(np.mean(off), rel=1e-4)
    assert by_mean.mae == pytest.approx(np.abs(off).mean(), rel=1e-4)
    assert decode_errors(made, network, DESCRIPTION)[1] == by_argmax  # which no temperature changes
    assert decode_errors(made, network, DESCRIPTION)[0] != by_mean


def test_no_other_temperature_counts_better() -> None:
    made = pictures(too_sure=(0.7, 0.7), number=3)
    network = toy_network(DESCRIPTION)
    first, second = fit_temperature_to_counts(made, network, DESCRIPTION)
    assert first.temperature == second.temperature

    def mae(temperature: float) -> float:
        tempered = DESCRIPTION.model_copy(update={"temperatures": (temperature, temperature)})
        return decode_errors(made, network, tempered)[0].mae

    assert mae(first.temperature) == min(map(mae, COUNTING_TEMPERATURES))
    assert mae(first.temperature) < mae(1.0)


def test_the_logits_are_those_of_the_counting_graph() -> None:
    network = toy_network(DESCRIPTION)
    picture = np.random.default_rng(0).integers(0, 256, (30, 45, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = CountingGraph(network, DESCRIPTION).logits(torch.tensor(picture)[None])
    for precision in ("fp32", "bf16"):
        found = LogitReader(network, DESCRIPTION, device="cpu", precision=precision).logits(picture)
        assert [head.shape for head in found] == [(4, 4, 6), (3, 4, 6)]
        for head, wanted in zip(found, expected, strict=True):
            np.testing.assert_allclose(head, wanted[0].numpy(), rtol=0.05, atol=0.02)
