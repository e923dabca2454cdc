"""Calibration sees what the graph computes, on crops that are always the same."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.export.calibration import activation_ranges, calibration_crops, clipped_range, quantisation_ranges


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


def squared_error(values: np.ndarray, numbers: np.ndarray, low: float, high: float) -> float:
    """Of rounding to 256 values between the two, one by one."""
    step = (high - low) / 255
    return sum(
        number * float(low + step * round((min(max(value, low), high) - low) / step) - value) ** 2
        for value, number in zip(values, numbers, strict=True)
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_range_is_shortened_to_where_rounding_and_cutting_lose_least(sign: int) -> None:
    """Of values from 0 to 30 that become rarer by a factor of e at every step."""
    values = (np.arange(6000) + 0.5) / 200
    numbers = np.exp(-values)
    extremes = sorted((0.0, sign * 30.0))
    by_bin = numbers.reshape(1200, 5).sum(axis=1)[::sign]
    found = clipped_range(by_bin, *extremes)
    shares = [round(share, 2) for share in np.arange(0.2, 1.01, 0.04)]
    errors = {share: squared_error(sign * values, numbers, *(share * end for end in extremes)) for share in shares}
    best = min(errors, key=lambda share: errors[share])
    assert 0.2 < best < 0.6
    assert found == pytest.approx([best * end for end in extremes], abs=1.3)
    assert squared_error(sign * values, numbers, *found) < 1.02 * errors[best]


def test_ranges_that_lose_least_are_within_the_extremes_and_often_shorter() -> None:
    pictures = [np.random.default_rng(0).exponential(3, (300, 300, 3)).clip(0, 200).astype(np.uint8)]
    pictures[0][0, 0] = 200
    extremes = activation_ranges(graph(), pictures, operators=("Mul", "Relu"))
    ranges = quantisation_ranges(graph(), iter(pictures), operators=("Mul", "Relu"))
    assert list(ranges) == list(extremes)
    assert ranges["halved"][1] < extremes["halved"][1] == 100
    assert ranges["halved"][0] == 0.0


def test_no_pictures_give_no_ranges() -> None:
    with pytest.raises(ValueError, match="none were given"):
        activation_ranges(graph(), [], operators=("Mul",))
