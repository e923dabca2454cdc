"""Channels of like size, where all channels of what a convolution gives are rounded to the same 256 steps.

Between a convolution with a ReLU and the convolutions that read it, a channel may be divided by any s > 0 and the weights that read it
multiplied by s: the network stays the same (cross-layer equalisation: Nagel et al. 2019, "Data-free quantization through weight
equalization and bias correction", section 4.1). Here s is the root of r / w (Xiao et al. 2023, "SmoothQuant", equation 4 with alpha = 1/2),
where r is how far the channel reaches on pictures and w the largest weight that reads it. It is rounded to a power of two, so that no
digit of a weight changes.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np
import onnx
from jaxtyping import Float, UInt8
from onnx import numpy_helper

from uepnet.export.calibration import tensor_values

REACH = 0.999
"""The quantile of a channel's values in a picture that says how far it reaches; over pictures, the largest."""
LARGEST_FACTOR = 32.0
"""Beyond the mean of the channels; no channel is divided or multiplied by more."""
FAINT = 1e-6
"""A channel that reaches no further, or is read by no larger weight, stays as it is."""


def balance(
    model: onnx.ModelProto, pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]], *, convolutions: Collection[str]
) -> onnx.ModelProto:
    """A copy of the graph that gives the same. Of the convolutions, given by their nodes' names, it changes those which only convolutions read."""
    balanced = copy.deepcopy(model)
    between = _between_convolutions(balanced, convolutions)
    reaches: dict[str, Float[np.ndarray, " channels"]] = {}
    for name, values in tensor_values(balanced, between, pictures):
        reach = np.quantile(values, REACH, axis=(0, 2, 3))
        reaches[name] = np.maximum(reaches.get(name, 0.0), reach)
    weights = {weight.name: weight for weight in balanced.graph.initializer}
    for name, (written, read) in between.items():
        reading = [numpy_helper.to_array(weights[reader]) for reader in read]
        factors = channel_factors(reaches[name], reading)
        for own in written:
            values = numpy_helper.to_array(weights[own])
            divided = values / factors.reshape(-1, *[1] * (values.ndim - 1))
            weights[own].CopyFrom(numpy_helper.from_array(divided.astype(values.dtype), own))
        for reader, values in zip(read, reading, strict=True):
            multiplied = values.copy()
            multiplied[:, : len(factors)] *= factors[:, None, None].astype(values.dtype)
            weights[reader].CopyFrom(numpy_helper.from_array(multiplied, reader))
    return balanced


def channel_factors(
    reach: Float[np.ndarray, " channels"], reading: Collection[Float[np.ndarray, "_ _ _ _"]]
) -> Float[np.ndarray, " channels"]:
    """By what to divide each of the first channels that these weights read: powers of two, around one.

    >>> channel_factors(np.array([16.0, 1.0, 0.0]), [np.ones((5, 3, 1, 1))])
    array([2. , 0.5, 1. ])
    """
    largest = np.max([np.abs(weights[:, : len(reach)]).max(axis=(0, 2, 3)) for weights in reading], axis=0)
    alive = (reach > FAINT) & (largest > FAINT)
    factors = np.ones(len(reach))
    if alive.any():
        roots = np.sqrt(reach[alive] / largest[alive])
        around_one = roots / np.exp(np.log(roots).mean())
        factors[alive] = 2 ** np.round(np.log2(around_one.clip(1 / LARGEST_FACTOR, LARGEST_FACTOR)))
    return factors


def _between_convolutions(
    model: onnx.ModelProto, convolutions: Collection[str]
) -> dict[str, tuple[list[str], list[str]]]:
    """What one of these convolutions with a ReLU gives, if only convolutions read it: the names of its own parameters and of the
    weights that read it.

    A reader may read it as the first part of a concatenation.
    """
    readers = defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            readers[name].append(node)
    given = {output.name for output in model.graph.output}
    found = {}
    for node in model.graph.node:
        after = readers[node.output[0]]
        if node.name not in convolutions or [reader.op_type for reader in after] != ["Relu"]:
            continue
        name = after[0].output[0]
        reading = readers[name]
        if [reader.op_type for reader in reading] == ["Concat"] and reading[0].input[0] == name:
            reading = readers[reading[0].output[0]]
        if reading and name not in given and all(reader.op_type == "Conv" for reader in reading):
            found[name] = list(node.input[1:]), [reader.input[1] for reader in reading]
    return found
