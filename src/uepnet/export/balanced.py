"""Channels of like size, where all channels of what a convolution gives are rounded to the same 256 steps.

Between a convolution with a ReLU and the convolutions that read it, a channel may be divided by any s > 0 and the weights that read it
multiplied by s: the network stays the same (cross-layer equalisation: Nagel et al. 2019, "Data-free quantization through weight
equalization and bias correction", section 4.1). Here s is the root of r / w (Xiao et al. 2023, "SmoothQuant", equation 4 with alpha = 1/2),
where r is how far the channel reaches on pictures and w the largest weight that reads it. It is rounded to a power of two, so that the
fp32 network gives the same to the bit. (In fp16 a small weight may lose digits by it; weights that fp16 does not hold are stored in fp32.)
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

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


class Between(NamedTuple):
    """Names of a graph's parameters: what gives a tensor, weights first, and the weights that read it."""

    written: list[str]
    read: list[str]


def balance(
    model: onnx.ModelProto, pictures: Iterable[UInt8[np.ndarray, "_ _ 3"]], *, convolutions: Collection[str]
) -> onnx.ModelProto:
    """A copy of the graph that gives the same, in which the channels of these convolutions are of like size.

    Of these, given by the names of their nodes, those stay as they are whose ReLU is read by anything but convolutions. The weights that
    read a channel change with it, also of convolutions that are not given.
    """
    balanced = copy.deepcopy(model)
    between = _between_convolutions(balanced, convolutions)
    reaches: dict[str, Float[np.ndarray, " channels"]] = {}
    for name, values in tensor_values(balanced, between, pictures):
        reach = np.quantile(values, REACH, axis=(0, 2, 3))
        reaches[name] = np.maximum(reaches.get(name, 0.0), reach)
    weights = {weight.name: weight for weight in balanced.graph.initializer}
    for name, reach in reaches.items():
        written, read = between[name]
        reading = [numpy_helper.to_array(weights[reader]) for reader in read]
        factors = channel_factors(reach, reading)
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
    alive = np.isfinite(reach) & (reach > FAINT) & (largest > FAINT)
    factors = np.ones(len(reach))
    if alive.any():
        roots = np.sqrt(reach[alive] / largest[alive])
        around_one = roots / np.exp(np.log(roots).mean())
        factors[alive] = 2 ** np.round(np.log2(around_one.clip(1 / LARGEST_FACTOR, LARGEST_FACTOR)))
    return factors


def _between_convolutions(model: onnx.ModelProto, convolutions: Collection[str]) -> dict[str, Between]:
    """By tensor, what is between one of these convolutions with a ReLU and the convolutions that read it, if nothing else does.

    They may read it as the first part of a concatenation of channels. No parameter may be used twice.
    """
    readers = defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            readers[name].append(node)
    for output in model.graph.output:
        readers[output.name].append(onnx.NodeProto(op_type="Output"))
    found = {}
    for node in model.graph.node:
        after = readers[node.output[0]]
        if node.name not in convolutions or [reader.op_type for reader in after] != ["Relu"]:
            continue
        name = after[0].output[0]
        reading = readers[name]
        if [reader.op_type for reader in reading] == ["Concat"] and _joins_channels(reading[0], first=name):
            reading = readers[reading[0].output[0]]
        between = Between(
            written=list(node.input[1:]), read=[weight for reader in reading for weight in reader.input[1:2]]
        )
        used_once = all(len(readers[parameter]) == 1 for parameter in (*between.written, *between.read))
        if reading and used_once and all(_reads_every_channel(reader) for reader in reading):
            found[name] = between
    return found


def _joins_channels(node: onnx.NodeProto, *, first: str) -> bool:
    return node.input[0] == first and _integer(node, "axis", default=0) == 1


def _reads_every_channel(node: onnx.NodeProto) -> bool:
    """A convolution of one group."""
    return node.op_type == "Conv" and _integer(node, "group", default=1) == 1


def _integer(node: onnx.NodeProto, name: str, *, default: int) -> int:
    return next((attribute.i for attribute in node.attribute if attribute.name == name), default)
