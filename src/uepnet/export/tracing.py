"""The counting graph as an ONNX graph, free of everything that is only about how it was made."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import onnx
import torch

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ExportError
from uepnet.inference.onnx_backend import INPUT, MAPS, OUTPUTS
from uepnet.network.counting_graph import CountingGraph

OPSET = 20
TRACED_HEIGHT, TRACED_WIDTH = 70, 131
"""Any size would do; these two are no multiples of anything, so nothing in the graph can come to depend on one."""


def trace(graph: CountingGraph, description: ModelDescription) -> onnx.ModelProto:
    """The graph with free height and width and fp32 weights, its description in the metadata."""
    model = _traced(graph)
    _name_outputs(model)
    _name_sides(model)
    _forget_origin(model)
    onnx.helper.set_model_props(model, {METADATA_KEY: description.to_json()})
    return model


def _traced(graph: CountingGraph) -> onnx.ModelProto:
    """The graph with free height and width."""
    picture = torch.zeros(1, TRACED_HEIGHT, TRACED_WIDTH, 3, dtype=torch.uint8)
    free = torch.export.Dim.DYNAMIC
    with _quiet_exporter(), torch.no_grad():
        program = torch.onnx.export(
            graph,
            (picture,),
            dynamo=True,
            dynamic_shapes=({1: free, 2: free},),
            input_names=[INPUT],
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ExportError("torch's exporter returned no graph")
    return program.model_proto


def _name_outputs(model: onnx.ModelProto) -> None:
    """Give the outputs their names; inner values that happen to have one of them step aside."""
    names = {name: f"inner_{name}" for name in OUTPUTS}
    names.update({output.name: name for output, name in zip(model.graph.output, OUTPUTS, strict=True)})
    for node in model.graph.node:
        for values in (node.input, node.output):
            for index, value in enumerate(values):
                values[index] = names.get(value, value)
    for value in (*model.graph.initializer, *model.graph.value_info, *model.graph.output):
        value.name = names.get(value.name, value.name)


def _name_sides(model: onnx.ModelProto) -> None:
    """Call the free dimensions what they are."""
    for value, names in (
        (model.graph.input[0], ("height", "width")),
        *((output, ("rows", "columns")) for output in model.graph.output if output.name in MAPS),
    ):
        for dimension, name in zip(value.type.tensor_type.shape.dim[1:3], names, strict=True):
            dimension.dim_param = name
    del model.graph.value_info[:]


def _forget_origin(model: onnx.ModelProto) -> None:
    """Remove the notes of the exporter, which name files of the machine that exports."""
    for part in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.input,
        *model.graph.output,
        *model.graph.initializer,
    ):
        del part.metadata_props[:]
        part.doc_string = ""
    model.graph.name = "uepnet"


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """Keep the exporter's notes on its own inner workings from the terminal."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        logger.setLevel(level)
