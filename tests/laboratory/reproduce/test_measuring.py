"""A measured row holds what its pictures say by formulas that are spelt out here: counts by every reading, and patches."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.toys import toy_description, toy_network, toy_shape
from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import Partition
from uepnet.counting.sigma import sigma_of
from uepnet.description import ClassesOutput
from uepnet.laboratory.reproduce.measuring import Trained, measure_row, true_counts
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.reproduce.witness import OutputMemo
from uepnet.laboratory.reproduce.workbench import largest_count

BORDERS = (1.6e-4, 0.05, 0.2)
PROXIES = (0.00001, 0.02, 0.11, 0.3)
LARGEST = 0.4
VARIANT = Variant(intervals=4)


@pytest.fixture(scope="module")
def data(layouts: dict[str, str]) -> DataSet:
    return open_data_set(layouts["nwpu"], split="val")


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A network with random weights, whose answers differ from patch to patch."""
    partitions = (Partition(borders=BORDERS, proxies=PROXIES),)
    description = toy_description(network=toy_shape(), partitions=partitions)
    network = toy_network(description)
    with torch.no_grad():
        for weight in network.heads.parameters():
            weight.normal_(0.0, 0.6, generator=torch.Generator().manual_seed(weight.numel()))
    return Trained(network, description, LARGEST)


def measured(trained: Trained, variant: Variant, data: DataSet) -> Any:
    """The record, of which a test may ask anything."""
    return measure_row(trained, variant, data)


def class_of(value: float) -> int:
    return sum(value >= border for border in BORDERS)


def test_counts_by_every_reading(trained: Trained, data: DataSet) -> None:
    record = measured(trained, VARIANT, data)
    memo = OutputMemo(trained.network, trained.description)
    midpoints = (BORDERS[0] / 2, (BORDERS[0] + 0.05) / 2, 0.125, (0.2 + LARGEST) / 2)
    counts: dict[str, list[float]] = {}
    seen = set()
    for entry in data.entries:
        (logits,) = (head[0].double().numpy() for head in memo.outputs(data.pixels(entry)))
        weights = np.exp(logits) / np.exp(logits).sum(axis=0)
        seen |= set(weights.argmax(axis=0).ravel().tolist())
        for rule, proxies in (("mean", PROXIES), ("midpoint", midpoints)):
            expected = sum(float((weights[number] * proxy).sum()) for number, proxy in enumerate(proxies))
            likeliest = sum(proxies[number] for number in weights.argmax(axis=0).ravel())
            counts.setdefault(f"{rule} mean", []).append(expected)
            counts.setdefault(f"{rule} argmax", []).append(likeliest)
    assert len(seen) > 2, "an answer that is the same everywhere shows nothing"
    assert set(record["readings"]) == set(counts)
    truth = np.array([len(data.read_points(entry)) for entry in data.entries])
    assert record["truth"] == truth.tolist()
    for reading, values in counts.items():
        figures = record["readings"][reading]
        assert figures["counts"] == pytest.approx(values, abs=2e-3)
        assert figures["mae"] == pytest.approx(np.abs(np.array(values) - truth).mean(), abs=2e-3)
        assert figures["rmse"] == pytest.approx(np.sqrt(np.mean((np.array(values) - truth) ** 2)), abs=2e-3)
        assert figures["bias"] == pytest.approx((np.array(values) - truth).mean(), abs=2e-3)


@pytest.mark.parametrize("decode", ["argmax", "mean"])
def test_what_the_patches_say_is_of_mean_proxies_and_of_the_decode(
    trained: Trained, data: DataSet, decode: str
) -> None:
    patches = measured(trained, VARIANT, data)["patches"][decode]
    memo = OutputMemo(trained.network, trained.description)
    total = background = above = 0.0
    samples, sums = [0] * 4, [0.0] * 4
    gradients, errors = [], []
    for entry in data.entries:
        heads = data.heads(entry)
        true = local_counts(heads, sigma_of(heads, fixed=None), patch=8)
        (logits,) = (head[0].double().numpy() for head in memo.outputs(data.pixels(entry)))
        for row, column in np.ndindex(true.shape):
            weights = np.exp(logits[:, row, column]) / np.exp(logits[:, row, column]).sum()
            predicted = float(weights @ PROXIES) if decode == "mean" else PROXIES[int(weights.argmax())]
            here = float(true[row, column])
            error, own = abs(predicted - here), class_of(here)
            total += error
            background += error * (here < 1.6e-4)
            above += error * (here > LARGEST)
            samples[own] += 1
            sums[own] += error
            errors.append(error)
            gradients.append(2.0 * (1.0 - weights[own]))
    assert patches["background_share"] == pytest.approx(background / total, rel=1e-4)
    assert patches["above_largest_share"] == pytest.approx(above / total, rel=1e-4)
    assert above > 0
    assert patches["classes"]["samples"] == samples
    assert patches["classes"]["contribution"] == pytest.approx([one / len(data) for one in sums], rel=1e-4)
    worst = np.argsort(-np.array(errors), kind="stable")[: max(1, round(0.01 * len(errors)))]
    assert patches["gradient"]["large"] == pytest.approx(np.array(gradients)[worst].sum() / sum(gradients), rel=0.02)
    assert len(patches["distance"]["accuracy"]) == 5


def test_of_two_heads_the_first_s_borders_tell_the_classes_apart(trained: Trained, data: DataSet) -> None:
    others = Partition(borders=(0.01, 0.1), proxies=(0.001, 0.05, 0.2))
    description = trained.description.model_copy(update={"partitions": (*trained.description.partitions, others)})
    two = Trained(toy_network(description), description, LARGEST)
    patches = measured(two, Variant(intervals=4, heads="iph"), data)["patches"]["mean"]
    maps = [true_counts(data.heads(entry), data, description).ravel() for entry in data.entries]
    samples = [0] * 4
    for value in np.concatenate(maps).tolist():
        samples[class_of(value)] += 1
    assert patches["classes"]["samples"] == samples


def test_heads_outside_the_region_of_interest_are_not_counted(trained: Trained, layouts: dict[str, str]) -> None:
    frames = open_data_set(layouts["worldexpo10"], split="train")
    record = measured(trained, VARIANT, frames)
    assert record["protocol"] == "worldexpo10"
    for name, truth, entry in zip(record["names"], record["truth"], frames.entries, strict=True):
        assert name == entry.name
        everybody = frames.read_points(entry)
        assert truth == sum(_in_the_triangle(x, y) for x, y in everybody.tolist())
        assert 0 < truth < len(everybody)


def _in_the_triangle(x: float, y: float) -> bool:
    """The region of `as_worldexpo10`: its corners are (10, 5), (100, 5) and (100, 90)."""
    return y >= 5 and x <= 100 and (y - 5) * 90 <= (x - 10) * 85


def test_a_regression_has_one_reading_and_no_classes(trained: Trained, data: DataSet) -> None:
    from uepnet.description import CountOutput

    description = trained.description.model_copy(
        update={"partitions": (), "output": CountOutput(target="mse", positive="relu", cells=1)}
    )
    record = measured(Trained(toy_network(description), description, LARGEST), Variant(target="mse"), data)
    assert list(record["readings"]) == ["mean mean"]
    assert set(record["patches"]) == {"mean"}
    assert set(record["patches"]["mean"]) == {"background_share", "above_largest_share", "gradient"}


def test_the_truth_of_whole_points_is_whole(trained: Trained, data: DataSet) -> None:
    of_points = trained.description.model_copy(update={"output": ClassesOutput(people="points")})
    heads = data.heads(data.entries[0])
    assert set(true_counts(heads, data, of_points).ravel().tolist()) <= set(range(30))
    assert true_counts(heads, data, trained.description).max() % 1 != 0


def test_the_largest_count_is_that_of_the_fullest_patch(layouts: dict[str, str], tmp_path: Path) -> None:
    learnt = open_data_set(layouts["nwpu"], split="train")
    maps = [
        local_counts(learnt.heads(one), sigma_of(learnt.heads(one), fixed=None), patch=16) for one in learnt.entries
    ]
    assert largest_count(learnt, patch=16) == pytest.approx(max(float(one.max()) for one in maps))
