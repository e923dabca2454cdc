"""Balanced channels: the same network, with channels of like size."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from uepnet.export.balanced import LARGEST_FACTOR, balance, channel_factors
from uepnet.export.calibration import tensor_values
from uepnet.inference.onnx_backend import CPU, INPUT

SIZES = np.array([100.0, 1.0, 0.01, 5.0], dtype=np.float32)
"""By which the four channels of the first convolution differ."""


def convolution(name: str, incoming: int, *, outgoing: int = 4) -> list[onnx.TensorProto]:
    """Weights and biases of 1 x 1."""
    random = np.random.default_rng([incoming, *name.encode()])
    weight = random.uniform(0.1, 1, (outgoing, incoming, 1, 1)).astype(np.float32)
    bias = random.uniform(-0.1, 0.1, outgoing).astype(np.float32)
    if name == "first":
        weight, bias = weight * SIZES[:, None, None, None], bias * SIZES
    return [numpy_helper.from_array(weight, f"{name}.weight"), numpy_helper.from_array(bias, f"{name}.bias")]


def conv(name: str, source: str, result: str) -> onnx.NodeProto:
    return helper.make_node("Conv", [source, f"{name}.weight", f"{name}.bias"], [result], name=name)


def graph(*, joined: bool = False, also_added: bool = False) -> onnx.ModelProto:
    """Pixels -> first -> ReLU -> second and third, joined with the pixels before if `joined`, and read by a sum if `also_added`."""
    read = "both" if joined else "shown"
    nodes = [
        helper.make_node("Cast", [INPUT], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["cast"], ["pixels"], perm=[0, 3, 1, 2]),
        conv("first", "pixels", "first.out"),
        helper.make_node("Relu", ["first.out"], ["shown"]),
        *([helper.make_node("Concat", ["shown", "pixels"], ["both"], axis=1)] if joined else []),
        conv("second", read, "second.out"),
        conv("third", read, "third.out"),
        helper.make_node("Relu", ["third.out"], ["third.shown"]),
        helper.make_node("Add", ["second.out", "shown" if also_added else "third.shown"], ["mean"]),
    ]
    incoming = 7 if joined else 4
    weights = [*convolution("first", 3), *convolution("second", incoming), *convolution("third", incoming)]
    made = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, [1, "h", "w", 3])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, 4, "h", "w"])],
        weights,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def answer(model: onnx.ModelProto, picture: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[CPU])
    return np.asarray(session.run(["mean"], {INPUT: picture[None]})[0])


def reach(model: onnx.ModelProto, picture: np.ndarray) -> np.ndarray:
    """The largest value of each of the first convolution's channels."""
    return next(values.max(axis=(0, 2, 3)) for _, values in tensor_values(model, ["shown"], [picture]))


PICTURE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.mark.parametrize("joined", [False, True])
def test_the_answer_stays_to_the_bit_and_channels_come_to_be_of_like_size(joined: bool) -> None:
    model = graph(joined=joined)
    before = model.SerializeToString()
    balanced = balance(model, [PICTURE], convolutions=["first", "second", "third"])
    assert model.SerializeToString() == before
    np.testing.assert_array_equal(answer(balanced, PICTURE), answer(model, PICTURE))
    old, new = reach(model, PICTURE), reach(balanced, PICTURE)
    assert old.max() / old.min() > 5000
    assert new.max() / new.min() < 200, "the root of that, and at most a factor of 2 for rounding"
    changed = [
        one.name
        for one, other in zip(balanced.graph.initializer, model.graph.initializer, strict=True)
        if one.raw_data != other.raw_data
    ]
    assert changed == ["first.weight", "first.bias", "second.weight", "third.weight"]


def test_what_is_no_convolutions_alone_to_read_stays_as_it_is() -> None:
    model = graph(also_added=True)
    assert balance(model, [PICTURE], convolutions=["first", "second", "third"]) == model
    assert balance(graph(), [PICTURE], convolutions=["second", "third"]) == graph()


def test_factors_are_powers_of_two_around_one() -> None:
    random = np.random.default_rng(1)
    largest = np.exp(random.normal(0, 2, 64))
    factors = channel_factors(np.exp(random.normal(0, 4, 64)), [np.zeros((3, 70, 3, 3)), weights_up_to(largest)])
    assert np.array_equal(np.log2(factors), np.round(np.log2(factors)))
    assert {factors.min(), factors.max()} == {1 / LARGEST_FACTOR, LARGEST_FACTOR}
    assert abs(np.log2(factors).mean()) < 0.5


def weights_up_to(largest: np.ndarray) -> np.ndarray:
    """Weights of 3 x 3 whose largest for each incoming channel is given, then six channels more."""
    weights = np.random.default_rng(2).uniform(-1, 1, (5, len(largest) + 6, 3, 3))
    weights[2, : len(largest), 1, 0] = -1
    weights[:, : len(largest)] *= largest[:, None, None]
    return weights


def test_factors_are_roots_of_reach_over_largest_weight() -> None:
    """For each channel by itself: (64, 1, 1, 1/64) of reach and 1 for weights have the roots 8, 1, 1, 1/8 and a mean of 1."""
    np.testing.assert_array_equal(
        channel_factors(np.array([64, 1, 1, 1 / 64]), [weights_up_to(np.ones(4))]), [8, 1, 1, 0.125]
    )
    np.testing.assert_array_equal(
        channel_factors(np.ones(4), [weights_up_to(np.array([1 / 64, 1, 1, 64]))]), [8, 1, 1, 0.125]
    )


def test_a_channel_that_nothing_reaches_or_reads_stays() -> None:
    factors = channel_factors(np.array([0.0, 16.0, 1.0, 4.0]), [weights_up_to(np.array([1.0, 1.0, 1.0, 0.0]))])
    np.testing.assert_array_equal(factors, [1, 2, 0.5, 1])
