"""Counting a picture with eight-bit convolutions, against the same network in eager torch in fp32."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from jaxtyping import UInt8
from pydantic import JsonValue

from uepnet.description import ModelDescription
from uepnet.export.calibration import activation_ranges
from uepnet.export.int8 import OPERATORS, eight_bit_layers, graph_to_quantise, quantise
from uepnet.inference.models import DEFAULT_MODEL, find_model
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.flop import forward_flop
from uepnet.laboratory.speed.peaks import SIDE, int8_product
from uepnet.laboratory.speed.rows import Aim, Speed
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.initialise import initialise
from uepnet.network.uepnet import UEPNet
from uepnet.scenes.example import draw_example
from uepnet.whole_files import write_whole

AIM = Aim(4)


def measure_int8(*, quick: bool) -> list[dict[str, JsonValue]]:
    """One record: the default model on the example picture.

    A time does not depend on the weights, so eager torch takes random ones, and so does the eight-bit model where the
    default is none; `quick` then takes the default as it is.
    """
    default = find_model(DEFAULT_MODEL)
    description = OnnxBackend(default, device="cpu").description
    graph = random_graph(description)
    picture = draw_example().pixels[:: 4 if quick else 1, :: 4 if quick else 1].copy()
    with tempfile.TemporaryDirectory() as folder:
        as_it_is = quick or is_int8(default)
        path = default if as_it_is else quantised_file(Path(folder), graph, description, picture=picture)
        backend = OnnxBackend(path, device="cpu")
    pixels = torch.from_numpy(picture)[None]

    @torch.inference_mode()
    def eager() -> None:
        graph(pixels)

    peak = int8_product(side=128 if quick else SIDE)
    seconds = interleaved(
        {"ours": lambda: backend.run(picture), "plain": eager, peak.name: peak.run}, repetitions=3 if quick else 7
    )
    speed = Speed(
        part="int8",
        name=f"int8, {picture.shape[1]} x {picture.shape[0]}",
        seconds=seconds["ours"],
        plain_seconds=seconds["plain"],
        aim=AIM,
        use=peak.use(forward_flop(graph, pixels), seconds),
        note=f"{'the bundled model' if as_it_is else 'the bundled network, quantised here'}; plain: eager torch, fp32",
    )
    return [speed.as_json()]


def random_graph(description: ModelDescription) -> CountingGraph:
    """The described network with random weights."""
    network = UEPNet(description.network, classes=description.channels)
    initialise(network, spread="he", seed=0)
    return CountingGraph(network, description).eval()


def is_int8(path: Path) -> bool:
    """Whether a model's convolutions compute in eight bits."""
    return any(node.op_type == "DequantizeLinear" for node in onnx.load(path).graph.node)


def quantised_file(
    folder: Path, graph: CountingGraph, description: ModelDescription, *, picture: UInt8[np.ndarray, "height width 3"]
) -> Path:
    """The graph's eight-bit model with the layers that `uepnet export --int8` takes, scales found on one picture."""
    model = graph_to_quantise(graph.network, description)
    ranges = activation_ranges(model, [picture], operators=OPERATORS)
    path = folder / "int8.onnx"
    write_whole(path, quantise(model, ranges, layers=eight_bit_layers(model)).SerializeToString())
    return path
