"""The ranges that a network's values take on real pictures, from which their eight-bit scales follow."""

import copy
from collections.abc import Iterable, Iterator

import numpy as np
import onnx
import onnxruntime
from jaxtyping import Float, Float32, UInt8

from uepnet.annotations.data_set import DataSet
from uepnet.inference.onnx_backend import CPU, INPUT

Ranges = dict[str, tuple[float, float]]
"""The smallest and the largest value of each tensor of a graph, by the tensor's name."""
LEVELS = 256
"""Values that eight bits can have."""
CLIP_SHARES = tuple(round(share, 2) for share in np.arange(0.2, 1.01, 0.02).tolist())
"""Shares of the extremes among which a range is chosen."""
BINS = 2048
"""Of a tensor's histogram between its extremes."""


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


def quantisation_ranges(
    model: onnx.ModelProto, pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]], *, operators: tuple[str, ...]
) -> Ranges:
    """For every tensor that nodes of these kinds read or write, the clipped range with the least mean squared error in eight bits.

    Over all pictures, on each of which the graph runs twice: for the extremes, then for a histogram between them. Values outside are
    cut off; both ends are shortened by the same factor. Most values lie far below the largest, and finer steps for all are worth
    more than the few that are cut off.
    """
    seen = list(pictures)
    extremes = activation_ranges(model, seen, operators=operators)
    found = {name: np.zeros(BINS) for name in extremes}
    for name, values in tensor_values(model, extremes, seen):
        found[name] += np.histogram(values, BINS, extremes[name])[0]
    ranges = {name: clipped_range(numbers, *extremes[name]) for name, numbers in found.items()}
    for node in model.graph.node:
        if node.op_type == "MaxPool" and node.output[0] in ranges:
            # Of two ranges it would be computed in fp32, in four times the memory.
            ranges[node.input[0]] = ranges[node.output[0]]
    return ranges


def clipped_range(numbers: Float[np.ndarray, " bins"], low: float, high: float) -> tuple[float, float]:
    """The range, among `CLIP_SHARES` of this one, in which eight bits have the least mean squared error for a histogram over it.

    Inside, rounding adds step^2 / 12 (a uniform error of up to half a step), also for zero, which is exact; outside, it is the
    squared distance to the end. The range contains zero.

    >>> clipped_range(np.ones(2048), 0.0, 8.0)
    (0.0, 8.0)
    """
    edges = np.linspace(low, high, len(numbers) + 1)
    middles = (edges[1:] + edges[:-1]) / 2

    def error(share: float) -> float:
        bottom, top = min(share * low, 0.0), max(share * high, 0.0)
        step = (top - bottom) / (LEVELS - 1)
        return float((numbers * ((middles - middles.clip(bottom, top)) ** 2 + step**2 / 12)).sum())

    best = min(CLIP_SHARES, key=error)
    return min(best * low, 0.0), max(best * high, 0.0)


def activation_ranges(
    model: onnx.ModelProto, pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]], *, operators: tuple[str, ...]
) -> Ranges:
    """The extremes, over all pictures, of everything that nodes of these kinds read and write (their weights left out)."""
    constants = {weight.name for weight in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type in operators]
    names = sorted({value for node in nodes for value in (*node.input, *node.output)} - constants - {""})
    ranges: Ranges = {}
    for name, values in tensor_values(model, names, pictures):
        low, high = ranges.get(name, (np.inf, -np.inf))
        ranges[name] = min(low, float(values.min())), max(high, float(values.max()))
    if not ranges:
        raise ValueError("the scales of eight-bit values are found on pictures, but none were given")
    return ranges


def tensor_values(
    model: onnx.ModelProto, names: Iterable[str], pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]]
) -> Iterator[tuple[str, Float32[np.ndarray, "..."]]]:
    """Name and values of each of these tensors, picture by picture."""
    wanted = list(names)
    if not wanted:
        return
    watched = copy.deepcopy(model)
    del watched.graph.output[:]
    watched.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in wanted)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # fused values cannot be seen
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=[CPU])
    for picture in pictures:
        yield from zip(wanted, session.run(wanted, {INPUT: picture[None]}), strict=True)
