"""A state dict from a file: safetensors, or a `.pth` of which nothing but tensors is taken."""

import pickle
import struct
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from uepnet.description import METADATA_KEY
from uepnet.errors import ModelFileError

TORCH_SUFFIXES = (".pth", ".pt", ".bin")

DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
    ValueError, struct.error,
)  # fmt: skip
"""What torch's reader may raise on files with wrong bytes, besides its own error."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """Every tensor of the file by its name, on the CPU.

    The suffix says which kind of file it is. A `.pth` is read by torch's reader that runs no code of the file. Raises
    `ModelFileError` if the file cannot be read, holds anything but tensors, or is a model of ours.
    """
    if not path.is_file():
        raise ModelFileError(
            f"{path}: there is no such file of weights; docs/encoders.md says where each encoder's are from, and the start "
            f"`random` needs none"
        )
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    if path.suffix in TORCH_SUFFIXES:
        return _read_torch(path)
    raise ModelFileError(
        f"{path}: '{path.suffix}' is no suffix of weights that can be read: .safetensors, {', '.join(TORCH_SUFFIXES)}"
    )


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            if METADATA_KEY in (file.metadata() or {}):
                raise ModelFileError(f"{path}: this is a whole model of ours; give it with --start")
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelFileError(f"{path}: this is no readable safetensors file ({error})") from error


def _read_torch(path: Path) -> dict[str, Tensor]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelFileError(
            f"{path}: the file holds more than tensors, or is damaged; it is not opened, because it could run a "
            f"program. Save its state dict as safetensors, where you trust it"
        ) from error
    except DAMAGED as error:
        raise ModelFileError(f"{path}: this is no readable file of torch.save ({error})") from error
    if not isinstance(content, Mapping):
        raise ModelFileError(f"{path}: a state dict is wanted, the file holds a {type(content).__name__}")
    others = [str(name) for name, value in content.items() if not isinstance(value, Tensor)]
    if others:
        raise ModelFileError(
            f"{path}: a state dict is wanted, but {len(others)} of {len(content)} entries are no tensors: "
            f"{', '.join(others[:3])}"
        )
    return {str(name): tensor.detach() for name, tensor in content.items()}
