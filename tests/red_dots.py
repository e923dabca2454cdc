"""A model file that counts red pixels, for tests that need a known answer from a whole program."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.toys import toy_description
from uepnet.description import METADATA_KEY, RangeCalibration

CONSTANTS: dict[str, np.ndarray] = {
    "red": np.array([255, 0, 0], dtype=np.uint8),
    "last": np.array([3], dtype=np.int64),
    "first": np.array([1], dtype=np.int64),
    "patch": np.ones((1, 1, 8, 8), dtype=np.float32),
    "two": np.array(2, dtype=np.float32),
}


def write_red_dots_model(path: Path, *, name: str, calibration: RangeCalibration | None = None) -> Path:
    """One person a red pixel by the mean decode, two by argmax; pictures of every size."""
    nodes = [
        helper.make_node("Equal", ["picture", "red"], ["equal"]),
        helper.make_node("Cast", ["equal"], ["channels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["channels", "last"], ["dots"], keepdims=0),
        helper.make_node("Unsqueeze", ["dots", "first"], ["image"]),
        helper.make_node("Conv", ["image", "patch"], ["sums"], strides=[8, 8], auto_pad="SAME_UPPER"),
        helper.make_node("Squeeze", ["sums", "first"], ["mean"]),
        helper.make_node("Mul", ["mean", "two"], ["argmax"]),
        helper.make_node("Identity", ["mean"], ["variance"]),
    ]
    maps = [
        helper.make_tensor_value_info(map_, TensorProto.FLOAT, [1, "r", "c"]) for map_ in ("mean", "argmax", "variance")
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "h", "w", 3])
    initial = [numpy_helper.from_array(value, constant) for constant, value in CONSTANTS.items()]
    graph = helper.make_graph(nodes, name, [picture], maps, initial)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    description = toy_description(name, calibration=calibration)
    helper.set_model_props(made, {METADATA_KEY: description.to_json()})
    onnx.save(made, path)
    return path
