"""Weights of an ONNX graph in fp16, cast back to fp32 by the graph itself."""

import numpy as np
import onnx
from onnx import numpy_helper

SMALLEST_HALVED = 1024
"""Values; smaller arrays (biases, proxies, normalisation) stay as they are."""


def halve_weights(model: onnx.ModelProto) -> None:
    """Store each large fp32 initialiser that fp16 holds exactly as fp16, followed by a cast; in place.

    ONNX Runtime performs the casts once, when the file is opened.
    """
    kept, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED:
            kept.append(weight)
            continue
        halved = values.astype(np.float16)
        if not np.array_equal(halved.astype(np.float32), values):
            kept.append(weight)
            continue
        kept.append(numpy_helper.from_array(halved, name=f"{weight.name}_fp16"))
        casts.append(onnx.helper.make_node("Cast", [f"{weight.name}_fp16"], [weight.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
