"""Each quantity of the paper's that is about patches, against a loop that spells out its formula."""

import numpy as np
import pytest

from uepnet.laboratory.reproduce.patches import (
    ERROR_EDGES,
    Patches,
    above_largest_share,
    accuracy_by_distance,
    background_share,
    error_by_class,
    gradient_by_error,
)

BORDERS = (0.1, 0.5, 1.5)


@pytest.fixture
def patches() -> Patches:
    rng = np.random.default_rng(0)
    true = np.concatenate((np.zeros(40), rng.exponential(0.6, 160)))
    predicted = np.maximum(true + rng.normal(0.0, 0.2, 200), 0.0)
    return Patches(true=true, predicted=predicted, gradient=rng.uniform(0, 2, 200), largest=2.0, pictures=4)


def test_shares_of_the_error(patches: Patches) -> None:
    total = background = above = 0.0
    for true, predicted in zip(patches.true, patches.predicted, strict=True):
        error = abs(predicted - true)
        total += error
        background += error if true < 0.1 else 0.0
        above += error if true > 2.0 else 0.0
    assert background_share(patches, t0=0.1) == pytest.approx(background / total)
    assert above_largest_share(patches) == pytest.approx(above / total)
    assert above > 0


def test_a_patch_of_exactly_t0_is_no_background_and_one_of_exactly_tmax_is_not_above_it() -> None:
    true = np.array([0.0, 0.1, 2.0, 2.5])
    patches = Patches(true=true, predicted=true + [0.1, 0.2, 0.3, 0.4], gradient=true, largest=2.0, pictures=1)
    assert background_share(patches, t0=0.1) == pytest.approx(0.1)
    assert above_largest_share(patches) == pytest.approx(0.4)


def test_a_perfect_prediction_has_no_background_error() -> None:
    true = np.array([0.0, 1.0])
    perfect = Patches(true=true, predicted=true, gradient=true, largest=1.0, pictures=1)
    assert background_share(perfect, t0=0.1) == 0.0


def test_error_by_class(patches: Patches) -> None:
    samples, sums = [0] * 4, [0.0] * 4
    for true, predicted in zip(patches.true, patches.predicted, strict=True):
        number = sum(true >= border for border in BORDERS)
        samples[number] += 1
        sums[number] += abs(predicted - true)
    found = error_by_class(patches, BORDERS)
    assert found["samples"] == samples
    assert found["class_mae"] == pytest.approx([total / n for total, n in zip(sums, samples, strict=True)])
    assert found["contribution"] == pytest.approx([total / 4 for total in sums])
    crowd = np.array(sums[1:])
    assert found["spread"] == pytest.approx(np.sqrt(np.mean((crowd - crowd.mean()) ** 2)) / crowd.mean())


def test_equal_contributions_have_no_spread() -> None:
    true = np.array([0.2, 0.6, 2.0])
    even = Patches(true=true, predicted=true + 0.05, gradient=true, largest=2.0, pictures=1)
    assert error_by_class(even, BORDERS)["spread"] == pytest.approx(0.0, abs=1e-12)


def test_accuracy_by_distance(patches: Patches) -> None:
    edges = (0.0, *BORDERS, np.inf)
    right, seen = [0] * 5, [0] * 5
    for true, predicted in zip(patches.true, patches.predicted, strict=True):
        number = sum(true >= border for border in BORDERS)
        if number in (0, 3):
            continue
        low, high = edges[number], edges[number + 1]
        share = min(true - low, high - true) / (high - low)
        place = min(int(share * 10), 4)
        seen[place] += 1
        right[place] += low <= predicted < high
    found = accuracy_by_distance(patches, BORDERS)
    assert found["samples"] == seen
    assert found["accuracy"] == pytest.approx([r / n for r, n in zip(right, seen, strict=True)])


def test_gradient_by_error(patches: Patches) -> None:
    shares, gradients = [0.0] * 8, [0.0] * 8
    for error, gradient in zip(patches.errors, patches.gradient, strict=True):
        place = max(number for number, edge in enumerate(ERROR_EDGES[:-1]) if error >= edge)
        shares[place] += 1 / 200
        gradients[place] += gradient / patches.gradient.sum()
    found = gradient_by_error(patches)
    assert found["patches"] == pytest.approx(shares)
    assert found["gradient"] == pytest.approx(gradients)
    worst = sorted(zip(patches.errors, patches.gradient, strict=True), reverse=True)[:2]
    assert found["large"] == pytest.approx(sum(gradient for _, gradient in worst) / patches.gradient.sum())
