"""The ranges that a network's values take on real pictures, from which their eight-bit scales follow."""

import copy
from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime
from jaxtyping import UInt8

from uepnet.annotations.data_set import DataSet
from uepnet.inference.onnx_backend import CPU, INPUT

Ranges = dict[str, tuple[float, float]]
"""The smallest and the largest value of each tensor of a graph, by the tensor's name."""


def calibration_crops(
    data_set: DataSet, *, number: int = 64, side: int = 320, seed: int = 0
) -> list[UInt8[np.ndarray, "_ _ 3"]]:
    """Crops of up to `side` pixels from as many different pictures of a data set, the same for the same seed."""
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(data_set))[:number]
    crops = []
    for index in sorted(chosen):
        picture = data_set.pixels(data_set.entries[index])
        top = int(random.integers(max(1, picture.shape[0] - side + 1)))
        left = int(random.integers(max(1, picture.shape[1] - side + 1)))
        crops.append(picture[top : top + side, left : left + side].copy())
    return crops


def activation_ranges(
    model: onnx.ModelProto, pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]], *, operators: tuple[str, ...]
) -> Ranges:
    """The extremes, over all pictures, of everything that nodes of these kinds read and write (their weights left out)."""
    constants = {weight.name for weight in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type in operators]
    names = sorted({value for node in nodes for value in (*node.input, *node.output)} - constants - {""})
    watched = copy.deepcopy(model)
    del watched.graph.output[:]
    watched.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # fused values cannot be seen
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=[CPU])
    ranges: Ranges = {}
    for picture in pictures:
        for name, values in zip(names, session.run(names, {INPUT: picture[None]}), strict=True):
            low, high = ranges.get(name, (np.inf, -np.inf))
            ranges[name] = min(low, float(values.min())), max(high, float(values.max()))
    if not ranges:
        raise ValueError("the scales of eight-bit values are found on pictures, but none were given")
    return ranges
