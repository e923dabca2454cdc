"""Balanced channels: the same network, with channels of like size."""

from collections.abc import Callable

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
PICTURE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def parameters(name: str, incoming: int) -> list[onnx.TensorProto]:
    """Weights and biases of 1 x 1 for four channels."""
    random = np.random.default_rng([incoming, *name.encode()])
    weight = random.uniform(0.1, 1, (4, incoming, 1, 1)).astype(np.float32)
    bias = random.uniform(-0.1, 0.1, 4).astype(np.float32)
    if name == "first":
        weight, bias = weight * SIZES[:, None, None, None], bias * SIZES
    return [numpy_helper.from_array(weight, f"{name}.weight"), numpy_helper.from_array(bias, f"{name}.bias")]


def convolution(name: str, source: str, result: str, *, groups: int = 1) -> onnx.NodeProto:
    return helper.make_node("Conv", [source, f"{name}.weight", f"{name}.bias"], [result], name=name, group=groups)


def graph(*, joined: tuple[str, ...] = (), added: str = "third.shown", groups: int = 1) -> onnx.ModelProto:
    """Pixels -> first -> ReLU ("shown") -> second and third; both read `joined` instead if given; `added` is added at the end."""
    read = "both" if joined else "shown"
    nodes = [
        helper.make_node("Cast", [INPUT], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["cast"], ["pixels"], perm=[0, 3, 1, 2]),
        convolution("first", "pixels", "first.out"),
        helper.make_node("Relu", ["first.out"], ["shown"]),
        *([helper.make_node("Concat", joined, ["both"], axis=1)] if joined else []),
        convolution("second", read, "second.out", groups=groups),
        convolution("third", read, "third.out"),
        helper.make_node("Relu", ["third.out"], ["third.shown"]),
        helper.make_node("Add", ["second.out", added], ["mean"]),
    ]
    incoming = 7 if joined else 4
    made = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, [1, "h", "w", 3])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, 4, "h", "w"])],
        [*parameters("first", 3), *parameters("second", incoming // groups), *parameters("third", incoming)],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def balanced(model: onnx.ModelProto, *pictures: np.ndarray) -> onnx.ModelProto:
    return balance(model, pictures or [PICTURE], convolutions=["first", "second", "third"])


def answer(model: onnx.ModelProto) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[CPU])
    return np.asarray(session.run(["mean"], {INPUT: PICTURE[None]})[0])


def largest(model: onnx.ModelProto) -> np.ndarray:
    """The largest value of each of the first convolution's channels."""
    return next(values.max(axis=(0, 2, 3)) for _, values in tensor_values(model, ["shown"], [PICTURE]))


@pytest.mark.parametrize("joined", [(), ("shown", "pixels")])
def test_the_answer_stays_to_the_bit_and_channels_come_to_be_of_like_size(joined: tuple[str, ...]) -> None:
    model = graph(joined=joined)
    before = model.SerializeToString()
    new = balanced(model)
    assert model.SerializeToString() == before
    np.testing.assert_array_equal(answer(new), answer(model))
    old_size, new_size = largest(model), largest(new)
    assert old_size.max() / old_size.min() > 5000
    assert new_size.max() / new_size.min() < 200, "the root of that, and at most a factor of 2 for rounding"
    changed = [
        one.name
        for one, other in zip(new.graph.initializer, model.graph.initializer, strict=True)
        if one.raw_data != other.raw_data
    ]
    assert changed == ["first.weight", "first.bias", "second.weight", "third.weight"]


def also_given(model: onnx.ModelProto) -> None:
    model.graph.output.append(helper.make_tensor_value_info("shown", TensorProto.FLOAT, [1, 4, "h", "w"]))


def joined_by_rows(model: onnx.ModelProto) -> None:
    join = next(node for node in model.graph.node if node.op_type == "Concat")
    join.CopyFrom(helper.make_node("Concat", join.input, join.output, axis=2))


def weights_used_twice(model: onnx.ModelProto) -> None:
    third = next(node for node in model.graph.node if node.name == "third")
    third.input[1] = "second.weight"


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (graph(added="shown"), None),
        (graph(joined=("pixels", "shown")), None),
        (graph(groups=2), None),
        (graph(), also_given),
        (graph(joined=("shown", "pixels")), joined_by_rows),
        (graph(), weights_used_twice),
    ],
    ids=["added", "second of two", "groups", "given", "joined by rows", "used twice"],
)
def test_what_not_only_convolutions_read_whole_stays_as_it_is(
    model: onnx.ModelProto, change: Callable[[onnx.ModelProto], None] | None
) -> None:
    if change:
        change(model)
    assert balanced(model) == model


def test_only_the_named_convolutions_change_what_they_give() -> None:
    assert balance(graph(), [PICTURE], convolutions=["second", "third"]) == graph()


def test_a_channel_reaches_as_far_as_in_the_picture_where_it_does_most_but_for_single_pixels() -> None:
    blue = np.full((40, 50, 3), [0, 0, 200], dtype=np.uint8)
    red = np.full((40, 50, 3), [200, 0, 0], dtype=np.uint8)
    dark = blue // 200
    spark, spot = dark.copy(), dark.copy()
    spark[3, 4] = red[3, 4]
    spot[:10, :10] = red[:10, :10]
    assert balanced(graph(), spark) == balanced(graph(), dark) != balanced(graph(), red) != balanced(graph(), blue)
    assert balanced(graph(), spot) == balanced(graph(), red)
    assert balanced(graph(), red, dark) == balanced(graph(), dark, red) == balanced(graph(), red)


def reader(largest: np.ndarray) -> np.ndarray:
    """Weights of 3 x 3, the largest size of which for each incoming channel is given (once, and negative), then six channels more."""
    weights = np.random.default_rng(2).uniform(-0.1, 0.1, (5, len(largest) + 6, 3, 3))
    weights[2, : len(largest), 1, 0] = -1
    weights[:, : len(largest)] *= largest[:, None, None]
    return weights


NOTHING = np.zeros((3, 70, 3, 3))


@pytest.mark.parametrize("order", [1, -1])
def test_factors_are_roots_of_reach_over_the_largest_weight_of_all_that_read_it(order: int) -> None:
    readers = [NOTHING, reader(np.array([1.0, 16.0, 1.0, 1.0])), reader(np.array([4.0, 1.0, 4.0, 0.25]))][::order]
    factors = channel_factors(np.array([144.0, 16.0, 4.0, 1 / 9]), readers)
    roots = np.array([6.0, 1.0, 1.0, 1 / 3])
    mean = np.prod(roots) ** 0.25
    np.testing.assert_array_equal(factors, 2.0 ** np.round(np.log2(roots / mean)))
    np.testing.assert_array_equal(factors, [4, 1, 1, 0.25])


def test_one_large_weight_counts_whatever_its_sign() -> None:
    weights = np.full((5, 2, 1, 1), 0.25)
    weights[3, 0] = -4
    np.testing.assert_array_equal(channel_factors(np.ones(2), [weights]), [0.5, 2])


def test_factors_are_powers_of_two_and_no_larger_than_is_allowed() -> None:
    random = np.random.default_rng(1)
    factors = channel_factors(np.exp(random.normal(0, 6, 64)), [reader(np.exp(random.normal(0, 2, 64)))])
    np.testing.assert_array_equal(np.log2(factors), np.round(np.log2(factors)))
    assert {factors.min(), factors.max()} == {1 / LARGEST_FACTOR, LARGEST_FACTOR}


def test_a_channel_that_nothing_reaches_or_reads_stays() -> None:
    factors = channel_factors(np.array([0.0, 16.0, np.inf, 1.0, 4.0]), [reader(np.array([1.0, 1.0, 1.0, 1.0, 0.0]))])
    np.testing.assert_array_equal(factors, [1, 2, 1, 0.5, 1])
