"""A model whose answer is known exactly, as a backend and as an ONNX file, and a tiny network's weights."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.toys import FOUR_AND_FIVE, toy_description, toy_file, toy_shape
from uepnet.description import METADATA_KEY
from uepnet.inference.backends import PatchMaps
from uepnet.inference.result import CountResult

PATCH = 8


class WhitePixels:
    """One person a white pixel by the mean decode, two by argmax."""

    description = toy_description("white-pixels")

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
def onnx_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`WhitePixels` as an ONNX graph for pictures of any size."""
    constants: dict[str, np.ndarray] = {
        "white": np.array(255, dtype=np.uint8),
        "last": np.array([3], dtype=np.int64),
        "first": np.array([1], dtype=np.int64),
        "ones": np.ones((1, 1, PATCH, PATCH), dtype=np.float32),
        "two": np.array(2, dtype=np.float32),
        "quarter": np.array(0.25, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Equal", ["picture", "white"], ["equal"]),
        helper.make_node("Cast", ["equal"], ["channels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["channels", "last"], ["pixels"], keepdims=0),
        helper.make_node("Unsqueeze", ["pixels", "first"], ["image"]),
        helper.make_node("Conv", ["image", "ones"], ["sums"], strides=[PATCH] * 2, pads=[0, 0, PATCH - 1, PATCH - 1]),
        helper.make_node("Squeeze", ["sums", "first"], ["mean"]),
        helper.make_node("Mul", ["mean", "two"], ["argmax"]),
        helper.make_node("Mul", ["mean", "quarter"], ["variance"]),
    ]
    graph = helper.make_graph(
        nodes,
        "white-pixels",
        [helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "height", "width", 3])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "rows", "columns"])
            for name in ("mean", "argmax", "variance")
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    helper.set_model_props(model, {METADATA_KEY: WhitePixels.description.to_json()})
    path = tmp_path_factory.mktemp("onnx") / "white-pixels.onnx"
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def torch_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A narrow network with random weights; its own decode is argmax."""
    description = toy_description(network=toy_shape(deepest=8, channels=16), partitions=FOUR_AND_FIVE, decode="argmax")
    return toy_file(tmp_path_factory.mktemp("torch"), description)


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
        variance_map=count_map / 2,
        patch=8,
    )
