"""A model as one safetensors file: weights, and in its metadata the description of what they mean. No pickle."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ModelFileError
from uepnet.network.uepnet import UEPNet
from uepnet.whole_files import write_whole

FLOATS = ("F16", "BF16", "F32", "F64")
"""What weights may be kept as, in the words of safetensors."""


def save_model(
    path: Path, network: UEPNet, description: ModelDescription, *, dtype: torch.dtype = torch.float32
) -> None:
    """Write the weights as `dtype`, whole or not at all."""
    weights = {name: weight.detach().cpu().contiguous().to(dtype) for name, weight in network.state_dict().items()}
    write_whole(path, save(weights, metadata={METADATA_KEY: description.to_json()}))


def load_model(path: Path) -> tuple[UEPNet, ModelDescription]:
    """The network in fp32, ready to count, and its description; weights must fit the description name by name.

    Nothing is read before names, shapes and types are known to fit, so a file takes no more memory than a good one of its size.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if METADATA_KEY not in metadata:
                raise ModelFileError(
                    f"{path}: the file holds weights but no description; take one written by `uepnet train`"
                )
            description = ModelDescription.from_json(metadata[METADATA_KEY], source=str(path))
            network = _outline(description, path)
            found = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
            _refuse_other_weights(
                network, {name: (one.get_shape(), one.get_dtype()) for name, one in found.items()}, path
            )
            weights = {name: file.get_tensor(name) for name in found}
            _refuse_no_numbers(weights, path)
    except FileNotFoundError as error:
        raise ModelFileError(f"{path}: there is no such model file") from error
    except (OSError, SafetensorError, ValueError, json.JSONDecodeError) as error:
        raise ModelFileError(f"{path}: this is no readable safetensors file ({error})") from error
    network = UEPNet(description.network, classes=description.channels)
    network.load_state_dict(weights)
    return network.eval(), description


def _outline(description: ModelDescription, path: Path) -> UEPNet:
    """The network without memory for its weights."""
    try:
        with torch.device("meta"):
            return UEPNet(description.network, classes=description.channels)
    except (ValueError, RuntimeError) as error:
        raise ModelFileError(f"{path}: the weights are not those of the network it describes: {error}") from error


def _refuse_no_numbers(weights: Mapping[str, torch.Tensor], path: Path) -> None:
    """`ModelFileError` where a weight is infinite or no number: an averaging or an export would carry it on."""
    wrong = [name for name, weight in weights.items() if not bool(torch.isfinite(weight).all())]
    if wrong:
        raise ModelFileError(
            f"{path}: {wrong[0]} holds values that are no finite numbers ({len(wrong)} of {len(weights)} tensors do); "
            "the weights are damaged, take another copy or an earlier model of that training"
        )


def _refuse_other_weights(network: UEPNet, found: Mapping[str, tuple[list[int], str]], path: Path) -> None:
    """`ModelFileError` unless names, shapes and types are those of the network's weights."""
    wanted = network.state_dict()
    wrong = [f"{name} is not one of its weights" for name in found if name not in wanted]
    for name, weight in wanted.items():
        shape, kind = found.get(name, (None, ""))
        if shape is None:
            wrong.append(f"{name} is missing")
        elif tuple(shape) != tuple(weight.shape):
            wrong.append(f"{name} has the shape {list(shape)} for {list(weight.shape)}")
        elif weight.is_floating_point() and kind not in FLOATS:
            wrong.append(f"{name} holds {kind}, not floating point numbers")
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ModelFileError(
            f"{path}: the weights are not those of the network it describes: {'; '.join(wrong[:3])}{more}"
        )


def redescribe_model(path: Path, out: Path, description: ModelDescription) -> None:
    """Write the weights of the file `path`, as they are stored there, to `out` with another description."""
    load_model(path)
    with safe_open(path, framework="pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    write_whole(out, save(weights, metadata={METADATA_KEY: description.to_json()}))
