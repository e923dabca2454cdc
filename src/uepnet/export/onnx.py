"""A model as one ONNX file: pixels in, count maps out, for pictures of any size."""

import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from torch import nn

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ExportError
from uepnet.export.half_weights import SMALLEST_HALVED, halve_weights
from uepnet.export.parity import Parity, check_parity
from uepnet.inference.onnx_backend import INPUT, OUTPUTS, OnnxBackend
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet

OPSET = 20
TRACED_HEIGHT, TRACED_WIDTH = 70, 131
"""Any size would do; these two are no multiples of anything, so nothing in the graph can come to depend on one."""


def export_onnx(path: Path, network: UEPNet, description: ModelDescription, *, half: bool = True) -> Parity:
    """Write the counting graph, compare it with torch on several pictures, and leave it at `path` only if it agrees.

    `half` stores the large weights in fp16, which are cast back when the file is opened: half the size, and the sums
    are still in fp32. The network itself is not changed. Raises `ExportError` if weights do not fit into fp16 or if
    ONNX Runtime's answer differs from torch's.
    """
    graph = CountingGraph(_prepared(network, half=half), description).eval()
    model = _traced(graph)
    _name_outputs(model)
    _name_sides(model)
    _forget_origin(model)
    if half:
        halve_weights(model)
    onnx.helper.set_model_props(model, {METADATA_KEY: description.to_json()})
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(model.SerializeToString())
        parity = check_parity(graph, OnnxBackend(part, device="cpu"), name=str(path))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return parity


def _prepared(network: UEPNet, *, half: bool) -> UEPNet:
    """A copy on the CPU whose batch normalisation is folded and whose large weights are exact in fp16 if `half`."""
    prepared = copy.deepcopy(network).cpu().float().eval()
    for module in list(prepared.modules()):
        if isinstance(module, nn.Sequential):
            _fold_batch_norm(module)
    if half:
        for name, weight in prepared.named_parameters():
            if weight.numel() >= SMALLEST_HALVED:
                rounded = weight.data.half().float()
                if not bool(rounded.isfinite().all()):
                    raise ExportError(
                        f"{name}: its largest weight {weight.abs().max():.3g} is beyond fp16; export it in fp32"
                    )
                weight.data = rounded
    return prepared


def _fold_batch_norm(layers: nn.Sequential) -> None:
    """Fold each batch normalisation that follows a convolution into it, before weights are rounded."""
    for (before, convolution), (name, norm) in zip(
        list(layers.named_children())[:-1], list(layers.named_children())[1:], strict=True
    ):
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(layers, before, nn.utils.fusion.fuse_conv_bn_eval(convolution, norm))
            setattr(layers, name, nn.Identity())


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
        *((output, ("rows", "columns")) for output in model.graph.output),
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
