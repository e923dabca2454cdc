"""Large weights that fp16 holds exactly are stored in it; the graph's answer stays the same to the last bit."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from uepnet.export.half_weights import halve_weights


def model() -> onnx.ModelProto:
    random = np.random.default_rng(0)
    values: dict[str, np.ndarray] = {
        "exact": random.normal(size=(40, 40)).astype(np.float16).astype(np.float32),
        "inexact": random.normal(size=(40, 40)).astype(np.float32),
        "small": np.ones(40, dtype=np.float32),
        "tiny_but_exact": np.full((1,), 0.5, dtype=np.float32),
        "whole": np.arange(2000, dtype=np.int64),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "exact"], ["a"]),
        helper.make_node("MatMul", ["a", "inexact"], ["b"]),
        helper.make_node("Add", ["b", "small"], ["c"]),
        helper.make_node("Mul", ["c", "tiny_but_exact"], ["y"]),
        helper.make_node("Shape", ["whole"], ["n"]),
    ]
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 40])],
        [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 40]),
            helper.make_tensor_value_info("n", TensorProto.INT64, [1]),
        ],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def answer(made: onnx.ModelProto) -> np.ndarray:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    values: np.ndarray = session.run(["y"], {"x": np.linspace(-1, 1, 40, dtype=np.float32)[None]})[0]
    return values


def test_only_large_exact_weights_are_halved() -> None:
    halved = model()
    halve_weights(halved)
    onnx.checker.check_model(halved, full_check=True)
    kinds = {weight.name: weight.data_type for weight in halved.graph.initializer}
    assert kinds == {
        "exact_fp16": TensorProto.FLOAT16,
        "inexact": TensorProto.FLOAT,
        "small": TensorProto.FLOAT,
        "tiny_but_exact": TensorProto.FLOAT,
        "whole": TensorProto.INT64,
    }
    assert [node.op_type for node in halved.graph.node] == ["Cast", "MatMul", "MatMul", "Add", "Mul", "Shape"]


def test_the_answer_stays_the_same() -> None:
    halved = model()
    halve_weights(halved)
    assert np.array_equal(answer(halved), answer(model()))


def test_halving_twice_changes_nothing_more() -> None:
    once, twice = model(), model()
    halve_weights(once)
    halve_weights(twice)
    halve_weights(twice)
    assert once == twice
