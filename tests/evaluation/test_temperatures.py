"""Temperatures: found again where they are known."""

import numpy as np
import pytest
from scipy.special import log_softmax

from uepnet.evaluation.temperatures import fit_temperature, surprise


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_it_finds_how_much_too_sure_the_logits_are(temperature: float) -> None:
    generator = np.random.default_rng(0)
    honest = generator.normal(scale=2.0, size=(20_000, 6))
    classes = (honest + generator.gumbel(size=honest.shape)).argmax(
        axis=1
    )  # drawn with the probabilities softmax(honest)
    assert fit_temperature(temperature * honest, classes) == pytest.approx(temperature, rel=0.05)


def test_the_surprise_is_that_of_scipy() -> None:
    generator = np.random.default_rng(1)
    logits, classes = generator.normal(scale=30, size=(50, 4)), generator.integers(0, 4, 50)
    expected = -log_softmax(logits / 1.7, axis=1)[np.arange(50), classes].mean()
    assert surprise(logits, classes, temperature=1.7) == pytest.approx(expected)


def test_no_patches_are_refused() -> None:
    with pytest.raises(ValueError, match="there are none"):
        surprise(np.zeros((0, 3)), np.zeros(0, dtype=int))
