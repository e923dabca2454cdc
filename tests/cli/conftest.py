"""A model file that counts red pixels, and pictures whose heads are red pixels, for the commands that measure."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from uepnet.counting.partition import Partition
from uepnet.description import METADATA_KEY, ModelDescription, NetworkShape


@pytest.fixture(scope="session")
def red_dots_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person a red pixel by the mean decode, two by argmax; for pictures whose sides are multiples of 8."""
    path = tmp_path_factory.mktemp("model") / "red-dots.onnx"
    constants: dict[str, np.ndarray] = {
        "red": np.array([255, 0, 0], dtype=np.uint8),
        "last": np.array([3], dtype=np.int64),
        "first": np.array([1], dtype=np.int64),
        "patch": np.ones((1, 1, 8, 8), dtype=np.float32),
        "two": np.array(2, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Equal", ["picture", "red"], ["equal"]),
        helper.make_node("Cast", ["equal"], ["channels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["channels", "last"], ["dots"], keepdims=0),
        helper.make_node("Unsqueeze", ["dots", "first"], ["image"]),
        helper.make_node("Conv", ["image", "patch"], ["sums"], strides=[8, 8], kernel_shape=[8, 8]),
        helper.make_node("Squeeze", ["sums", "first"], ["mean"]),
        helper.make_node("Mul", ["mean", "two"], ["argmax"]),
        helper.make_node("Identity", ["mean"], ["variance"]),
    ]
    maps = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "r", "c"]) for name in ("mean", "argmax", "variance")
    ]
    graph = helper.make_graph(
        nodes,
        "red-dots",
        [helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "h", "w", 3])],
        maps,
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    description = ModelDescription(
        name="red-dots",
        network=NetworkShape(),
        partitions=(Partition(borders=(0.5,), proxies=(0.0, 1.0)),),
        mean=(0.5, 0.5, 0.5),
        std=(0.2, 0.2, 0.2),
    )
    helper.set_model_props(made, {METADATA_KEY: description.to_json()})
    onnx.save(made, path)
    return path


@pytest.fixture(scope="session")
def write_red_dots() -> Callable[[Path, dict[str, int]], Path]:
    """Writes a folder of pictures with points and gives it back; see `write_pictures`."""
    return write_pictures


def write_pictures(root: Path, heads: dict[str, int]) -> Path:
    """Pictures of 64 x 40 pixels with so many heads each, one of them a pixel that is not red."""
    root.mkdir(parents=True)
    for name, number in heads.items():
        pixels = np.full((40, 64, 3), 90, dtype=np.uint8)
        pixels[20, 1 : 2 * number : 2] = (255, 0, 0)
        if number:
            pixels[20, 1] = 90
        Image.fromarray(pixels).save(root / f"{name}.png")
        points = "".join(f"{x + 0.5} 20.5\n" for x in range(1, 2 * number, 2))
        (root / f"{name}.txt").write_text(points, encoding="utf-8")
    return root
