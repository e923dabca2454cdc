"""A backend whose answer is known exactly, and a tiny network with its two model files."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.counting.partition import Partition
from uepnet.description import ModelDescription, NetworkShape
from uepnet.export.onnx import export_onnx
from uepnet.inference.backends import PatchMaps
from uepnet.inference.result import CountResult
from uepnet.network.initialise import initialise
from uepnet.network.model_file import load_model, save_model
from uepnet.network.uepnet import UEPNet

PATCH = 8


class WhitePixels:
    """One person a white pixel by the mean decode, two by argmax."""

    description = ModelDescription(
        name="white-pixels",
        network=NetworkShape(),
        partitions=(Partition(borders=(0.5,), proxies=(0.0, 1.0)),),
        mean=(0.5, 0.5, 0.5),
        std=(0.2, 0.2, 0.2),
    )

    def run(self, picture: np.ndarray) -> PatchMaps:
        height, width = picture.shape[:2]
        rows, columns = -(-height // PATCH), -(-width // PATCH)
        white = np.zeros((rows * PATCH, columns * PATCH), dtype=np.float32)
        white[:height, :width] = (picture == 255).all(axis=2)
        mean = white.reshape(rows, PATCH, columns, PATCH).sum(axis=(1, 3))
        return PatchMaps(mean=mean, argmax=2 * mean, variance=mean / 4)


@pytest.fixture
def white_pixels() -> WhitePixels:
    return WhitePixels()


@pytest.fixture(scope="session")
def model_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `tiny.safetensors` and `tiny.onnx`, the same random network with weights that fp16 holds."""
    shape = NetworkShape(encoder="resnet18", deepest=8, decoder_channels=1, merge_channels=1, head_channels=16)
    description = ModelDescription(
        name="tiny",
        network=shape,
        partitions=(
            Partition(borders=(0.001, 0.1, 0.5), proxies=(0.0, 0.05, 0.3, 1.2)),
            Partition(borders=(0.001, 0.05, 0.3, 1.2), proxies=(0.0, 0.03, 0.2, 0.7, 2.0)),
        ),
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        decode="argmax",
    )
    network = UEPNet(shape, classes=description.classes)
    initialise(network, spread="he", seed=0)
    folder = tmp_path_factory.mktemp("models")
    save_model(folder / "tiny.safetensors", network.half().float(), description)
    export_onnx(folder / "tiny.onnx", load_model(folder / "tiny.safetensors")[0], description)
    return folder


@pytest.fixture
def picture() -> np.ndarray:
    """Noise whose sides are no multiples of a patch."""
    return np.random.default_rng(0).integers(0, 256, (75, 101, 3), dtype=np.uint8)


@pytest.fixture
def result() -> CountResult:
    """Three patches with people in an otherwise empty picture of 203 x 150 pixels."""
    count_map = np.zeros((19, 26), dtype=np.float32)
    count_map[3, 5], count_map[10, 20], count_map[18, 25] = 0.5, 4.0, 2.0
    return CountResult(
        source="crowd.jpg",
        count=6.5,
        low=None,
        high=None,
        coverage=None,
        zones=(),
        model="tiny",
        width=203,
        height=150,
        seconds=0.25,
        warnings=("The picture is very dark; people who cannot be seen are not counted.",),
        count_map=count_map,
        patch=8,
    )
