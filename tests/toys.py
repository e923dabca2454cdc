"""Toy models, for tests that are about something else: what a model has to say of itself, and random weights."""

from pathlib import Path

from uepnet.counting.partition import Partition
from uepnet.description import ModelDescription
from uepnet.network.encoders.contract import IMAGENET_MEAN, IMAGENET_STD
from uepnet.network.initialise import initialise
from uepnet.network.model_file import save_model
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

NOBODY_OR_ONE = (Partition(borders=(0.5,), proxies=(0.0, 1.0)),)
"""One head of two classes."""

FOUR_AND_FIVE = (
    Partition(borders=(0.001, 0.1, 0.5), proxies=(0.0, 0.05, 0.3, 1.2)),
    Partition(borders=(0.001, 0.05, 0.3, 1.2), proxies=(0.0, 0.03, 0.2, 0.7, 2.0)),
)
"""Two heads of four and five classes, whose intervals overlap."""


def toy_shape(*, deepest: int = 16, channels: int = 8) -> NetworkShape:
    """ResNet-18 and so many channels after it; to stride 8 there is no decoder between it and the heads."""
    names = ("decoder_channels", "merge_channels", "head_channels")
    return NetworkShape.model_validate({"encoder": "resnet18", "deepest": deepest} | dict.fromkeys(names, channels))


def toy_description(name: str = "tiny", **parts: object) -> ModelDescription:
    """The paper's network and one head of two classes, but for `parts`."""
    usual = {"network": NetworkShape(), "partitions": NOBODY_OR_ONE, "mean": IMAGENET_MEAN, "std": IMAGENET_STD}
    return ModelDescription.model_validate({"name": name} | usual | parts)


def toy_network(description: ModelDescription) -> UEPNet:
    """Random weights, always the same."""
    network = UEPNet(description.network, classes=description.channels)
    initialise(network, spread="he", seed=0)
    return network.eval()


def toy_file(folder: Path, description: ModelDescription) -> Path:
    """The toy network as a model file, called after the description."""
    path = folder / f"{description.name}.safetensors"
    save_model(path, toy_network(description), description)
    return path
