"""Each convolution of a model as `uepnet export --int8` writes it: its work, its time, and what eight bits cost there."""

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import onnx
import onnxruntime
import torch
from jaxtyping import UInt8
from pydantic import JsonValue

from uepnet.annotations.catalog import open_data_set
from uepnet.description import ModelDescription
from uepnet.export.calibration import calibration_crops
from uepnet.export.int8 import (
    balanced_graph,
    eight_bit_layers,
    fp32_graph,
    layer_costs,
    layer_names,
    quantise,
)
from uepnet.inference.models import DEFAULT_MODEL, find_model
from uepnet.inference.onnx_backend import CPU, INPUT, OUTPUTS, OnnxBackend, session_options
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.convolutions import find_convolutions
from uepnet.laboratory.speed.int8 import random_graph
from uepnet.laboratory.speed.peaks import SIDE, int8_product
from uepnet.network.model_file import load_model
from uepnet.network.uepnet import UEPNet
from uepnet.scenes.example import draw_example

TURNS = 7
CHECKED = 16
"""Pictures of each data set's validation part on which counts are compared."""

Picture = UInt8[np.ndarray, "_ _ 3"]
ADDED = re.compile(r"(_token_\d+|_nchwc)*_kernel_time$")
"""What ONNX Runtime adds to a node's name while it rewrites the graph, and to that in its profile."""


def measure_layers(*, quick: bool, weights: Path | None = None, data: Sequence[str] = ()) -> list[dict[str, JsonValue]]:
    """A record for each convolution at 1024 x 768, and one for all else.

    `gflop` is the layer's work as the network has it; the first convolution of the eight-bit graph does some more
    (`export/unshuffled.py`). `share` is of the int8 matrix product measured in the same run, of which a layer kept in fp32
    can reach but a part; `fp32_seconds` is the same layer in the model without eight bits. `change` is the mean change of the
    counts, as a share of them, where this layer alone is int8: with the safetensors file `weights`, on the validation parts
    of `data` (NAME:ROOT), and None without them. Random weights take as long as trained ones.
    """
    network, description = _network(weights)
    every = 8 if quick else 1
    picture = draw_example().pixels[::every, ::every].copy()
    crops, check = _pictures(data, quick=quick)
    if weights is None:
        check = []
    plain = fp32_graph(network, description)
    model, ranges = balanced_graph(network, description, crops or [picture])
    eight = eight_bit_layers(model)
    turns = 2 if quick else TURNS
    fp32 = node_seconds(plain, picture, turns=turns)
    int8 = node_seconds(quantise(model, ranges, layers=eight), picture, turns=turns)
    costs = layer_costs(network, description, calibration=crops, check=check) if check else {}
    flop = convolution_flop(network, picture, multiple=description.network.block)
    peak = int8_product(side=128 if quick else SIDE)
    peak_seconds = interleaved({peak.name: peak.run}, repetitions=turns)
    taken, taken_fp32 = by_layer(model, int8), by_layer(plain, fp32)
    records: list[dict[str, JsonValue]] = [
        {
            "part": "layers",
            "layer": layer,
            "precision": "int8" if layer in eight else "fp32",
            "gflop": flop[layer] / 1e9,
            "seconds": taken[layer],
            "fp32_seconds": taken_fp32[layer],
            "share": peak.use(flop[layer], peak_seconds).share(taken[layer]),
            "share_of_picture": taken[layer] / sum(int8.values()),
            "change": costs[layer].change if layer in costs else None,
        }
        for layer in layer_names(model)
    ]
    rest, rest_fp32 = (
        sum(times.values()) - sum(layers.values()) for times, layers in ((int8, taken), (fp32, taken_fp32))
    )
    nothing: dict[str, JsonValue] = {"precision": None, "gflop": None, "share": None, "change": None}
    of_picture = rest / sum(int8.values())
    all_else: dict[str, JsonValue] = {"part": "layers", "layer": "all else", "seconds": rest, "fp32_seconds": rest_fp32}
    return [*records, {**all_else, **nothing, "share_of_picture": of_picture}]


def node_seconds(model: onnx.ModelProto, picture: Picture, *, turns: int) -> dict[str, float]:
    """The median seconds of each node that ONNX Runtime runs for a picture, after one run unmeasured, by its profile."""
    options = session_options()
    options.enable_profiling = True
    with tempfile.TemporaryDirectory() as folder:
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=[CPU])
        for _ in range(1 + turns):
            session.run(OUTPUTS, {INPUT: picture[None]})
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    taken: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            taken[event["name"]].append(event["dur"] / 1e6)
    return {name: median(seconds[1:]) for name, seconds in taken.items()}


def by_layer(model: onnx.ModelProto, seconds: Mapping[str, float]) -> dict[str, float]:
    """The time of each convolution of the graph among the nodes of a profile.

    A rewritten node has the name of the old one or, from the blocked layout, that of what it puts out, which is what the
    ReLU after it put out. Raises `ValueError` where a convolution is not found, as after a change in ONNX Runtime.
    """
    plain = {ADDED.sub("", name): taken for name, taken in seconds.items()}
    relu = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type == "Relu"}
    output = {node.name: node.output[0] for node in model.graph.node}
    found = {}
    for layer, node in layer_names(model).items():
        names = (node, output[node], relu.get(output[node], node))
        known = [plain[name] for name in names if name in plain]
        if not known:
            raise ValueError(f"{layer}: the profile has no node {' or '.join(names)}; it has {', '.join(plain)}")
        found[layer] = known[0]
    return found


def convolution_flop(network: UEPNet, picture: Picture, *, multiple: int) -> dict[str, float]:
    """FLOP of each convolution for one picture: two for each multiplication with its addition."""
    height, width = (-(-side // multiple) * multiple for side in picture.shape[:2])
    found = find_convolutions(network, torch.zeros(1, 3, height, width))
    return {layer.name: layer.flop / layer.passes for layer in found}


def _network(weights: Path | None) -> tuple[UEPNet, ModelDescription]:
    if weights is not None:
        return load_model(weights)
    description = OnnxBackend(find_model(DEFAULT_MODEL), device="cpu").description
    return random_graph(description).network, description


def _pictures(data: Sequence[str], *, quick: bool) -> tuple[list[Picture], list[Picture]]:
    """Crops to find scales on and whole pictures to compare counts on, as the export takes them; a few if `quick`."""
    crops, check = [], []
    for name in data:
        crops += calibration_crops(open_data_set(name, split="train"), number=2 if quick else 64)
        held_out = open_data_set(name, split="val")
        check += [held_out.pixels(entry) for entry in held_out.entries[: 1 if quick else CHECKED]]
    return crops, check
