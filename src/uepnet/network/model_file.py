"""A model as one safetensors file: weights, and in its metadata the description of what they mean. No pickle."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ModelFileError
from uepnet.network.uepnet import UEPNet
from uepnet.whole_files import write_whole


def save_model(
    path: Path, network: UEPNet, description: ModelDescription, *, dtype: torch.dtype = torch.float32
) -> None:
    """Write the weights as `dtype`, whole or not at all."""
    weights = {name: weight.detach().cpu().contiguous().to(dtype) for name, weight in network.state_dict().items()}
    write_whole(path, save(weights, metadata={METADATA_KEY: description.to_json()}))


def load_model(path: Path) -> tuple[UEPNet, ModelDescription]:
    """The network in fp32, ready to count, and its description; weights must fit the description name by name."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (no mapping)
    except FileNotFoundError as error:
        raise ModelFileError(f"{path}: there is no such model file") from error
    except (OSError, SafetensorError, ValueError, json.JSONDecodeError) as error:
        raise ModelFileError(f"{path}: this is no readable safetensors file ({error})") from error
    if METADATA_KEY not in metadata:
        raise ModelFileError(f"{path}: the file holds weights but no description; take one written by `uepnet train`")
    description = ModelDescription.from_json(metadata[METADATA_KEY], source=str(path))
    try:
        network = UEPNet(description.network, classes=description.channels)
        network.load_state_dict(weights)
    except (ValueError, RuntimeError) as error:
        raise ModelFileError(
            f"{path}: the weights are not those of the network it describes: {_short(error)}"
        ) from error
    return network.eval(), description


def redescribe_model(path: Path, out: Path, description: ModelDescription) -> None:
    """Write the weights of the file `path`, as they are stored there, to `out` with another description."""
    load_model(path)
    with safe_open(path, framework="pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    write_whole(out, save(weights, metadata={METADATA_KEY: description.to_json()}))


def _short(error: Exception) -> str:
    """The beginning of a message that may list every weight."""
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else text[:300] + " ..."
