"""Calibration sees what the graph computes, on crops that are always the same."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.export.calibration import activation_ranges, calibration_crops


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    """Ten pictures of different sizes and colours."""
    for number in range(1, 11):
        pixels = np.random.default_rng(number).integers(0, 25, (40, 30 + 10 * number, 3), dtype=np.uint8)
        Image.fromarray(pixels + np.uint8(number * 20)).save(tmp_path / f"{number}.png")
        (tmp_path / f"{number}.txt").write_text("1.0 1.0\n", encoding="utf-8")
    return open_data_set(f"folder:{tmp_path}", split="all")


def test_crops_come_from_different_pictures(data_set: DataSet) -> None:
    crops = calibration_crops(data_set, number=6, side=50)
    assert len({int(crop.min()) // 20 for crop in crops}) == 6
    assert all(crop.shape[0] == 40 and 40 <= crop.shape[1] <= 50 for crop in crops)
    again = calibration_crops(data_set, number=6, side=50)
    assert all(np.array_equal(one, other) for one, other in zip(crops, again, strict=True))
    other_seed = calibration_crops(data_set, number=6, side=50, seed=1)
    assert not all(np.array_equal(one, other) for one, other in zip(crops, other_seed, strict=True))


def test_no_more_crops_than_pictures(data_set: DataSet) -> None:
    assert len(calibration_crops(data_set, number=99)) == len(data_set)


def graph() -> onnx.ModelProto:
    """picture -> float -> x 0.5 -> - 20 -> ReLU, of which multiplication and ReLU are watched."""
    nodes = [
        helper.make_node("Cast", ["picture"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["pixels", "half"], ["halved"]),
        helper.make_node("Sub", ["halved", "twenty"], ["lower"]),
        helper.make_node("Relu", ["lower"], ["mean"]),
    ]
    constants = {"half": np.array(0.5, dtype=np.float32), "twenty": np.array(20, dtype=np.float32)}
    made = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "h", "w", 3])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, "h", "w", 3])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def test_ranges_are_the_extremes_over_all_pictures() -> None:
    pictures = [np.full((4, 5, 3), value, dtype=np.uint8) for value in (30, 200)]
    pictures[0][1, 2] = 10
    model = graph()
    ranges = activation_ranges(model, pictures, operators=("Mul", "Relu"))
    assert ranges == {"pixels": (10, 200), "halved": (5, 100), "lower": (-15, 80), "mean": (0, 80)}
    assert model == graph()


def test_no_pictures_give_no_ranges() -> None:
    with pytest.raises(ValueError, match="none were given"):
        activation_ranges(graph(), [], operators=("Mul",))
