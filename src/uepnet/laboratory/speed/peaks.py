"""The machine's limits: the fastest matrix product in each precision, and copying memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from pydantic import JsonValue

from uepnet.inference.onnx_backend import CPU
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.rows import Use
from uepnet.network.arithmetic import multiplies_bf16

DTYPES = {"fp64": torch.float64, "fp32": torch.float32, "bf16": torch.bfloat16}
SIDE = 2048
"""Of the matrices: larger ones are no faster on the processors tried."""


@dataclass(frozen=True)
class Limit:
    """Something that the machine does at its fastest: `run` does `work` of it."""

    name: str
    work: float
    run: Callable[[], object]
    of: Literal["FLOP", "bytes"] = "FLOP"

    def use(self, work: float, seconds: Mapping[str, float]) -> Use:
        """So much work against this limit, whose own time is among `seconds`."""
        return Use(limit=self.name, work=work, per_second=self.work / seconds[self.name])


def matrix_product(precision: Literal["fp64", "fp32", "bf16"], *, side: int = SIDE) -> Limit:
    """Two square matrices of torch; 2 FLOP for each multiplication with its addition."""
    random = torch.Generator().manual_seed(0)
    left, right = (torch.randn(side, side, generator=random).to(DTYPES[precision]) for _ in range(2))
    return Limit(f"{precision} matrix product", 2.0 * side**3, lambda: left @ right)


def int8_product(*, side: int = SIDE) -> Limit:
    """ONNX Runtime's product of unsigned activations and signed weights into 32-bit sums (`MatMulInteger`)."""
    random = np.random.default_rng(0)
    weights = numpy_helper.from_array(random.integers(-127, 128, (side, side), dtype=np.int8), "weights")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["activations", "weights"], ["sums"])],
        "peak",
        [helper.make_tensor_value_info("activations", TensorProto.UINT8, [side, side])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, [side, side])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[CPU])
    given = {"activations": random.integers(0, 256, (side, side), dtype=np.uint8)}
    return Limit("int8 matrix product", 2.0 * side**3, lambda: session.run(None, given))


def memory_copy(*, megabytes: int = 256) -> Limit:
    """A block of memory copied by all cores: every byte is read once and written once."""
    source = torch.ones(megabytes * 10**6, dtype=torch.uint8)
    target = torch.empty_like(source)
    return Limit("memory copy", 2e6 * megabytes, lambda: target.copy_(source), of="bytes")


def measure_peaks(*, quick: bool) -> list[dict[str, JsonValue]]:
    """A record for each limit by itself; the shares in other records are of the limit measured again beside them."""
    side, megabytes = (128, 4) if quick else (SIDE, 256)
    limits = [
        matrix_product("fp64", side=side),
        matrix_product("fp32", side=side),
        *([matrix_product("bf16", side=side)] if multiplies_bf16("cpu") else []),  # else it takes minutes
        int8_product(side=side),
        memory_copy(megabytes=megabytes),
    ]
    seconds = interleaved({limit.name: limit.run for limit in limits}, repetitions=3 if quick else 7)
    return [
        {
            "part": "peaks",
            "name": limit.name,
            "seconds": seconds[limit.name],
            "billions_per_second": limit.work / seconds[limit.name] / 1e9,
            "of": limit.of,
        }
        for limit in limits
    ]
