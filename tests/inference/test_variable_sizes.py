"""A picture's count does not depend on the sizes that the same backend has counted, and planned for, before it."""

from pathlib import Path

import numpy as np
import pytest

from tests.material import unchecked
from uepnet.inference.backends import Backend
from uepnet.inference.models import DEFAULT_MODEL, find_model, find_weights
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.inference.torch_backend import open_torch_backend
from uepnet.scenes.example import draw_example

SIZES = ((33, 47), (97, 131), (130, 96), (1, 200), (161, 159))


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    """Parts of the example picture, of sizes that are multiples of nothing."""
    with unchecked():
        drawn = draw_example().pixels[300:]
    return [drawn[:height, 400 : 400 + width].copy() for height, width in SIZES]


@pytest.fixture(params=["onnx", "torch"])
def file(request: pytest.FixtureRequest) -> Path:
    return find_model(DEFAULT_MODEL) if request.param == "onnx" else find_weights(DEFAULT_MODEL)


def opened(file: Path) -> Backend:
    return OnnxBackend(file, device="cpu") if file.suffix == ".onnx" else open_torch_backend(file, device="cpu")


def test_a_count_is_the_same_first_seen_and_after_other_sizes(file: Path, pictures: list[np.ndarray]) -> None:
    fresh = [opened(file).run(picture).mean for picture in pictures]
    used = opened(file)
    for _ in range(2):
        for picture, expected in zip(pictures, fresh, strict=True):
            np.testing.assert_allclose(used.run(picture).mean, expected, rtol=1e-5, atol=1e-6)
