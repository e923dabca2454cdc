"""Counting with torch: for networks in training, safetensors files and GPUs."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8

from uepnet.description import ModelDescription
from uepnet.inference.backends import PatchMaps
from uepnet.network.arithmetic import Precision, autocast
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.model_file import load_model
from uepnet.network.uepnet import UEPNet


class TorchBackend:
    """A network behind `Backend`. It is moved to `device`, put into evaluation mode and laid out channels-last in place.

    `bf16` runs the network under autocast (in fp32 on a device that gains nothing from it); the decode stays in fp32.
    """

    def __init__(
        self, network: UEPNet, description: ModelDescription, *, device: str = "cpu", precision: Precision = "fp32"
    ) -> None:
        self._description = description
        self._device = torch.device(device)
        self._precision = precision
        graph = CountingGraph(network, description).eval()
        self._graph = graph.to(self._device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's overloads leave out a memory format alone

    @property
    def description(self) -> ModelDescription:
        """What the network's weights mean."""
        return self._description

    @torch.inference_mode()
    def run(self, picture: UInt8[np.ndarray, "height width 3"]) -> PatchMaps:
        """The maps of one RGB picture."""
        pixels = torch.tensor(picture, device=self._device)[None]
        with autocast(self._device, self._precision):
            mean, argmax, variance, features = (value[0].cpu().numpy() for value in self._graph(pixels))
        return PatchMaps(mean=mean, argmax=argmax, variance=variance, features=features)


def open_torch_backend(path: Path, *, device: str) -> TorchBackend:
    """The model of a safetensors file; `device` "auto" takes CUDA if there is one.

    Raises `ModelFileError` for a file that is no model of ours, and `ValueError` for CUDA where there is none.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device != "cpu" and device.partition(":")[0] != "cuda":
        raise ValueError(f"there is no device {device!r}; there are auto, cpu, cuda")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise ValueError("the device cuda was asked for, but torch finds no CUDA device; take cpu or auto")
    network, description = load_model(path)
    return TorchBackend(network, description, device=device)
