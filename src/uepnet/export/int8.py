"""A model whose convolutions compute in eight-bit whole numbers: half the file of fp16, and a third of the time.

Static and per channel: weights are scaled per output channel, activations by ranges of the least squared error on calibration pictures.
"""

import copy
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from jaxtyping import UInt8
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.calibrate import CalibrationMethod, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ExportError
from uepnet.export.balanced import balance
from uepnet.export.calibration import Ranges, quantisation_ranges
from uepnet.export.half_weights import halve_weights
from uepnet.export.prepared import prepare
from uepnet.export.tracing import trace
from uepnet.export.unshuffled import unshuffle_halving
from uepnet.inference.onnx_backend import CPU, INPUT, session_options
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet
from uepnet.whole_files import write_whole

OPERATORS = ("Conv", "Relu")
"""A ReLU only disappears into the convolution before it. Concatenations stay in fp32: eight bits there took 2.5 % off the
counts of a trained ResNet-18 model, in a systematic way, and saved no time."""

IN_FP32 = ("heads.0.2", "heads.1.2", "presence.")
"""The layers kept in fp32. Each head's last: eight-bit logits leave the mean decode as it is, but cost the argmax decode several
percent; the heads' first layers cost nothing in eight bits. And the presence branch, on a sixteenth of a head's places.

A convolution whose input is in eight bits, and whose ReLU feeds only layers in eight bits, cannot be among them: ONNX Runtime quantises its
weights itself (`WeightBiasQuantization`), with one scale and one zero point for all channels, and such a convolution takes twice the time."""

LARGEST_CHANGE = 0.02
"""Mean change of the counts, as a share of them, above which an int8 model is refused."""

Pictures = Sequence[UInt8[np.ndarray, "_ _ 3"]]


@dataclass(frozen=True)
class Int8Cost:
    """What eight bits change, as shares of the fp32 counts: on average without sign, with sign, and at worst."""

    pictures: int
    change: float
    bias: float
    largest: float


def export_int8(
    path: Path,
    network: UEPNet,
    description: ModelDescription,
    *,
    calibration: Iterable[UInt8[np.ndarray, "_ _ 3"]],
    check: Pictures,
) -> Int8Cost:
    """Write the model with eight-bit convolutions, except those whose name begins with one of `IN_FP32`.

    `calibration` are crops of training pictures, `check` whole pictures on which the counts are compared with those of
    the network's graph in fp32. The model has neither ranges nor looks then: `uepnet ranges` and `uepnet familiar` make
    them for the file. Raises `ExportError`, and leaves no file, if they change by more than `LARGEST_CHANGE` on average.
    """
    # Ranges and looks are of the counts and features that they were fitted to, and eight bits change both.
    description = description.model_copy(update={"calibration": None, "familiar": None})
    model, ranges = balanced_graph(network, description, list(calibration))
    quantised = quantise(model, ranges, layers=eight_bit_layers(model))
    halve_weights(quantised)
    cost = _cost(_counts(fp32_graph(network, description), check), _counts(quantised, check))
    if not cost.change <= LARGEST_CHANGE:
        raise ExportError(
            f"{path}: eight bits change the counts of {cost.pictures} pictures by {100 * cost.change:.1f} % on average, "
            f"{100 * LARGEST_CHANGE:g} % is allowed; calibrate on more pictures, or export it without --int8; "
            "the file was not written"
        )
    write_whole(path, quantised.SerializeToString())
    return cost


def layer_costs(
    network: UEPNet,
    description: ModelDescription,
    *,
    calibration: Iterable[UInt8[np.ndarray, "_ _ 3"]],
    check: Pictures,
) -> dict[str, Int8Cost]:
    """What it costs to compute one convolution alone in eight bits, beside the graph that is quantised, for each of them by name."""
    model, ranges = balanced_graph(network, description, list(calibration))
    expected = _counts(model, check)
    return {
        layer: _cost(expected, _counts(quantise(model, ranges, layers=[layer]), check)) for layer in layer_names(model)
    }


def fp32_graph(network: UEPNet, description: ModelDescription) -> onnx.ModelProto:
    """The network's graph, with weights that are exact in fp16."""
    return trace(CountingGraph(prepare(network, half=True), description).eval(), description)


def graph_to_quantise(network: UEPNet, description: ModelDescription) -> onnx.ModelProto:
    """The same in the form that `quantise` takes: a first convolution of stride 2 is one of stride 1 over squares of 2 x 2 pixels."""
    prepared = prepare(network, half=True)
    unshuffle_halving(prepared)
    return trace(CountingGraph(prepared, description).eval(), description)


def balanced_graph(
    network: UEPNet, description: ModelDescription, pictures: Pictures
) -> tuple[onnx.ModelProto, Ranges]:
    """The graph to quantise with channels of like size, and the ranges of its values; both found on these pictures."""
    model = graph_to_quantise(network, description)
    names = layer_names(model)
    balanced = balance(model, pictures, convolutions=[names[layer] for layer in eight_bit_layers(model)])
    return balanced, quantisation_ranges(balanced, pictures, operators=OPERATORS)


def layer_names(model: onnx.ModelProto) -> dict[str, str]:
    """The convolutions by the names that they have in the network, each with its node's name in the graph."""
    return {
        node.input[1].removeprefix("network.").removesuffix(".weight"): node.name
        for node in model.graph.node
        if node.op_type == "Conv"
    }


def eight_bit_layers(model: onnx.ModelProto) -> list[str]:
    """Those of `layer_names` that compute in eight bits."""
    return [layer for layer in layer_names(model) if not layer.startswith(IN_FP32)]


def quantise(model: onnx.ModelProto, ranges: Ranges, *, layers: Collection[str]) -> onnx.ModelProto:
    """A copy of the graph in which these convolutions compute in eight bits."""
    names = layer_names(model)
    unknown = sorted(set(layers) - set(names))
    if unknown:
        raise ValueError(f"there is no layer {unknown[0]!r}; there are {', '.join(names)}")
    quantizer = QDQQuantizer(
        onnx.shape_inference.infer_shapes(copy.deepcopy(model)),
        per_channel=True,
        reduce_range=False,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=TensorsData(
            CalibrationMethod.MinMax,  # says that ranges are given as (low, high); `calibration.py` finds them
            {name: (np.float32(low), np.float32(high)) for name, (low, high) in ranges.items()},
        ),
        nodes_to_quantize=[],
        nodes_to_exclude=[node for layer, node in names.items() if layer not in layers],
        op_types_to_quantize=list(OPERATORS),
        extra_options={},
    )
    quantizer.quantize_model()
    quantised: onnx.ModelProto = quantizer.model.model
    described = {item.key: item.value for item in model.metadata_props}
    onnx.helper.set_model_props(quantised, {METADATA_KEY: described[METADATA_KEY]})
    del quantised.graph.value_info[:]
    return quantised


def _counts(model: onnx.ModelProto, pictures: Pictures) -> list[float]:
    """The count of each picture by the mean decode."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), session_options(), providers=[CPU])
    return [float(session.run(["mean"], {INPUT: picture[None]})[0].sum(dtype=np.float64)) for picture in pictures]


def _cost(expected: Sequence[float], found: Sequence[float]) -> Int8Cost:
    """Changes relative to the fp32 counts, or to one person where there are fewer."""
    if not expected:
        raise ValueError("the cost of eight bits is measured on pictures to check, but none were given")
    changes = [(new - old) / max(1.0, old) for old, new in zip(expected, found, strict=True)]
    sizes = [abs(change) for change in changes]
    return Int8Cost(
        pictures=len(changes), change=sum(sizes) / len(sizes), bias=sum(changes) / len(changes), largest=max(sizes)
    )
