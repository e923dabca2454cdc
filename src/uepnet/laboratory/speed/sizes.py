"""What a picture of a size never seen before costs, against one of a size that has been counted already.

At a new size, ONNX Runtime plans its memory and torch makes its convolutions anew. Both plans are quick next to counting
a picture, so no picture is padded further than to a multiple of the network's deepest stride: padding to few coarse sizes
would save the plans, but add pixels to every picture. The records hold both shares.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median

import numpy as np
from jaxtyping import UInt8
from pydantic import JsonValue

from uepnet.inference.backends import Backend
from uepnet.inference.models import DEFAULT_MODEL, find_model
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.inference.torch_backend import TorchBackend
from uepnet.laboratory.speed.int8 import is_int8, quantised_file, random_graph
from uepnet.network.arithmetic import gains_from_bf16

SIZES = 12
MEGAPIXELS = 0.5
REPEATED = 3
COARSE = (64, 128)
"""Multiples that one might pad to."""

Clock = Callable[[], float]


def measure_sizes(*, quick: bool) -> list[dict[str, JsonValue]]:
    """A record for each backend, the default model's weights in ONNX Runtime and random ones in torch, then for `COARSE`."""
    sizes = drawn_sizes(2 if quick else SIZES, megapixels=0.01 if quick else MEGAPIXELS)
    default = find_model(DEFAULT_MODEL)
    onnx = OnnxBackend(default, device="cpu")
    graph = random_graph(onnx.description)
    backends: dict[str, Backend] = {f"ONNX Runtime, {'int8' if is_int8(default) else 'fp32'}": onnx}
    if not is_int8(default) and not quick:
        with tempfile.TemporaryDirectory() as folder:
            file = quantised_file(Path(folder), graph, onnx.description, picture=noise(320, 320))
            backends["ONNX Runtime, int8"] = OnnxBackend(file, device="cpu")
    backends["torch, fp32"] = TorchBackend(graph.network, onnx.description)
    if gains_from_bf16("cpu"):
        backends["torch, bf16"] = TorchBackend(graph.network, onnx.description, precision="bf16")
    records = [first_against_repeated(name, backend, sizes) for name, backend in backends.items()]
    step = onnx.description.network.block
    coarse: list[dict[str, JsonValue]] = [
        {"part": "sizes", "name": f"padding to multiples of {to}", "added_share": added_share(sizes, to=to, step=step)}
        for to in COARSE
    ]
    return [*records, *coarse]


def first_against_repeated(
    name: str, backend: Backend, sizes: Sequence[tuple[int, int]], *, clock: Clock = time.perf_counter
) -> dict[str, JsonValue]:
    """The record of a backend on sizes (height, width) that it has not seen, each counted once and then again.

    The largest sides come first, unmeasured, so that memory which is only asked for once is no cost of a new size.
    """
    backend.run(noise(max(height for height, _ in sizes) + 1, max(width for _, width in sizes) + 1))
    firsts, repeated = [], []
    for height, width in sizes:
        picture = noise(height, width)
        taken = []
        for _ in range(1 + REPEATED):
            begin = clock()
            backend.run(picture)
            taken.append(clock() - begin)
        firsts.append(taken[0])
        repeated.append(median(taken[1:]))
    return {
        "part": "sizes",
        "name": name,
        "sizes": len(sizes),
        "megapixels": fmean(height * width for height, width in sizes) / 1e6,
        "first_seconds": median(firsts),
        "repeated_seconds": median(repeated),
        "first_over_repeated": median(first / again for first, again in zip(firsts, repeated, strict=True)),
    }


def added_share(sizes: Sequence[tuple[int, int]], *, to: int, step: int) -> float:
    """The pixels that padding to multiples of `to` adds to what padding to multiples of `step` gives, as a share of it.

    >>> added_share([(16, 16)], to=32, step=16)
    3.0
    """
    coarse, fine = (
        sum((-(-height // multiple) * multiple) * (-(-width // multiple) * multiple) for height, width in sizes)
        for multiple in (to, step)
    )
    return coarse / fine - 1.0


def drawn_sizes(number: int, *, megapixels: float, seed: int = 0) -> list[tuple[int, int]]:
    """Different sizes (height, width) of 0.5 to 1.5 times so many megapixels, from square to 16 : 9."""
    random = np.random.default_rng(seed)
    sizes: dict[tuple[int, int], None] = {}
    while len(sizes) < number:
        pixels, shape = megapixels * 1e6 * random.uniform(0.5, 1.5), random.uniform(1.0, 16 / 9)
        sizes[round((pixels / shape) ** 0.5), round((pixels * shape) ** 0.5)] = None
    return list(sizes)


def noise(height: int, width: int) -> UInt8[np.ndarray, "height width 3"]:
    """A picture of nothing: a network's time does not depend on what it sees."""
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
