"""Pre-trained weights to start from: a recovered encoder, or a model of ours."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from uepnet.errors import ModelFileError
from uepnet.network.uepnet import UEPNet

VGG19_BLOCKS_FOR_VGG16 = ("blocks.0.", "blocks.1.")
"""VGG-16 starts from VGG-19's first two blocks, channel-aligned and nearly equal; from block 3 on it is another network."""


def start_encoder(network: UEPNet, path: Path) -> str:
    """Copy a recovered encoder's weights (batch normalisation folded) by name, and say what was started from.

    Names in the file are torchvision's for ResNet and `convB_P` for VGG. Every weight of the file that the encoder has
    is taken; raises `ModelFileError` if there is none, or if a name or a shape does not fit.
    """
    weights = _read(path)
    taken = "all its stages"
    if network.shape.encoder.startswith("vgg"):
        weights = {_vgg_name(name): weight for name, weight in weights.items()}
        taken = "its blocks 1 to 3"
        if network.shape.encoder != "vgg19":
            weights = {name: weight for name, weight in weights.items() if name.startswith(VGG19_BLOCKS_FOR_VGG16)}
            taken = "its blocks 1 and 2"
    _copy_by_name(network.encoder, weights, path=path)
    return f"{path.stem}, {taken}"


def start_model(network: UEPNet, trained: UEPNet) -> None:
    """Copy a trained model's encoder and decoder, and each head whose number of classes is the same."""
    network.encoder.load_state_dict(trained.encoder.state_dict())
    network.decoder.load_state_dict(trained.decoder.state_dict())
    for new, old in zip(network.heads, trained.heads, strict=False):
        if all(a.shape == b.shape for a, b in zip(new.state_dict().values(), old.state_dict().values(), strict=True)):
            new.load_state_dict(old.state_dict())


def _copy_by_name(encoder: nn.Module, weights: dict[str, Tensor], *, path: Path) -> None:
    wanted = encoder.state_dict()
    unknown = sorted(set(weights) - set(wanted))
    if not weights:
        raise ModelFileError(f"{path}: it holds no weights that this encoder can start from")
    if unknown:
        raise ModelFileError(
            f"{path}: {len(unknown)} of its {len(weights)} names are not in this encoder: {unknown[:3]}"
        )
    for name, weight in weights.items():
        if weight.shape != wanted[name].shape:
            raise ModelFileError(
                f"{path}: {name} has the shape {list(weight.shape)}, this encoder has {list(wanted[name].shape)}"
            )
    encoder.load_state_dict({name: weight.float() for name, weight in weights.items()}, strict=False)


def _vgg_name(name: str) -> str:
    """`conv2_1.weight` of the file is `blocks.1.conv1.weight` here."""
    layer, _, kind = name.partition(".")
    block, _, position = layer.removeprefix("conv").partition("_")
    if not (block.isdigit() and position.isdigit()):
        return name
    return f"blocks.{int(block) - 1}.conv{position}.{kind}"


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelFileError(f"{path}: this is no readable safetensors file ({error})") from error
