"""The trunk: an encoder up to stride 16 that is the same in every row and is not learnt.

Its features of training crops are kept on disk (`features.py`), those of measured pictures in memory (`TrunkMemo`).
"""

import hashlib
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from uepnet.annotations.data_set import DataSet
from uepnet.description import METADATA_KEY, TrainingData
from uepnet.errors import ConfigError, ModelFileError
from uepnet.inference.models import find_weights
from uepnet.laboratory.reproduce.row import TrunkUsed
from uepnet.network.arithmetic import autocast, feature_type
from uepnet.network.encoders.contract import Encoder
from uepnet.network.encoders.resnet import ResNet18
from uepnet.network.model_file import load_model
from uepnet.network.starts import start_encoder
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

STRIDE: Literal[16] = 16
"""Where the trunk ends."""

Features = tuple[Tensor, ...]


class Trunk:
    """A ResNet-18 to stride 16, and where its weights are from."""

    def __init__(self, encoder: Encoder, *, name: str, trained_on: tuple[TrainingData, ...] = ()) -> None:
        self.encoder = encoder.eval().requires_grad_(False)
        digest = hashlib.sha256()
        for key, weight in sorted(encoder.state_dict().items()):
            digest.update(key.encode() + weight.contiguous().numpy().tobytes())
        self.used = TrunkUsed(name=name, digest=digest.hexdigest(), trained_on=trained_on)

    @torch.no_grad()
    def features(self, pictures: Float[Tensor, "n 3 height width"]) -> Features:
        """At strides 8 and 16, in bf16 where the device gains from it."""
        with autocast(pictures.device, "bf16"):
            found: Features = self.encoder(pictures.contiguous(memory_format=torch.channels_last))
        return found

    def into(self, network: UEPNet) -> None:
        """Put the trunk's weights into a network's encoder, where they stay; a stage after the trunk still learns."""
        own, mine = network.encoder.state_dict(), self.encoder.state_dict()
        network.encoder.load_state_dict(own | mine)
        for name, weight in network.encoder.named_parameters():
            weight.requires_grad_(name not in mine)


def open_trunk(name: str) -> Trunk:
    """The encoder of a model of ours (a bundled one's name, or a file), or a file of ImageNet weights for ResNet-18.

    Raises `ConfigError` for a model with another encoder, and `ModelFileError` for a file that cannot be read.
    """
    path = find_weights(name)
    if _is_ours(path):
        network, description = load_model(path)
        shape = description.network
        if not isinstance(network.encoder, ResNet18) or shape.encoder != "resnet18":
            raise ConfigError(f"{name}: a trunk is a resnet18, but this model's encoder is a {shape.encoder}")
        encoder = ResNet18(deepest=STRIDE)
        whole = network.encoder.state_dict()
        encoder.load_state_dict({name: whole[name] for name in encoder.state_dict()})
        return Trunk(encoder, name=f"encoder of {description.name}", trained_on=description.trained_on)
    network = UEPNet(NetworkShape(encoder="resnet18", deepest=STRIDE), classes=[2])
    origin = start_encoder(network, path)
    return Trunk(network.encoder, name=origin)


def refuse_seen(trunk: TrunkUsed, measured: DataSet) -> tuple[str, ...]:
    """`ConfigError` if the trunk has learnt from the pictures that are measured; else what a reader should know of it."""
    for seen in trunk.trained_on:
        if seen.data_set == measured.name and (seen.split in ("all", measured.split) or measured.split == "all"):
            raise ConfigError(
                f"{trunk.name} was trained on {seen.data_set} '{seen.split}', so it cannot be measured on "
                f"'{measured.split}' of it; take a trunk that never saw these pictures, such as ImageNet weights"
            )
    cautions = []
    names = {seen.data_set for seen in trunk.trained_on}
    if names:
        cautions.append(
            f"The trunk, the {trunk.name}, was trained to count on pictures of {', '.join(sorted(names))}. Every row has the "
            "same one, but its features may favour what it was taught."
        )
    if measured.name == "ucf-cc-50" and "shanghaitech-a" in names:
        cautions.append("Seven photographs are both in ShanghaiTech A, which the trunk has seen, and in UCF_CC_50.")
    return tuple(cautions)


def deepen(encoder: Encoder, features: Features) -> Features:
    """The features at all strides of an encoder, from the trunk's: a stage after the trunk is the encoder's own."""
    if isinstance(encoder, ResNet18) and 32 in encoder.strides:
        return (*features, encoder.layer4(features[-1]))
    return features


MOST_REMEMBERED = 4 * 2**30
"""Bytes of features; pictures beyond these are looked at again."""


class TrunkMemo(nn.Module):
    """An encoder that asks the trunk about a picture once; one memo serves all rows of a command."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.trunk = trunk
        self._known: dict[bytes, Features] = {}
        self._bytes = 0

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> Features:
        """The trunk's features, as the kept ones of training crops are."""
        key = hashlib.blake2b(pictures.cpu().contiguous().numpy().tobytes(), digest_size=16).digest()
        if key in self._known:
            return self._known[key]
        features = tuple(feature.to(feature_type(pictures.device)) for feature in self.trunk.features(pictures))
        size = sum(feature.nbytes for feature in features)
        if self._bytes + size <= MOST_REMEMBERED:
            self._known[key] = features
            self._bytes += size
        return features


class MemoEncoder(nn.Module):
    """An encoder whose first stages are the memo's trunk."""

    def __init__(self, memo: TrunkMemo, encoder: Encoder) -> None:
        super().__init__()
        self.memo = memo
        self.encoder = encoder

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> Features:
        """The features at all strides of the encoder."""
        return deepen(self.encoder, self.memo(pictures))


def _is_ours(path: Path) -> bool:
    if path.suffix != ".safetensors":
        return False
    try:
        with safe_open(path, framework="pt") as file:
            return METADATA_KEY in (file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise ModelFileError(f"{path}: this is no readable safetensors file ({error})") from error
