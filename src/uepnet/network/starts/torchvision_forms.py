"""The names in torchvision's ImageNet state dicts, which are those that most ImageNet weights for torch are saved with."""

from typing import cast

from uepnet.network.encoders import ENCODERS
from uepnet.network.encoders.vgg import VGG
from uepnet.network.starts.convolutions import convolutions
from uepnet.network.starts.form import Form, Layer

RESNET_NORMS = {"conv1": "bn1", "conv2": "bn2", "conv3": "bn3", "0": "1"}
"""By a convolution's last name; `0` and `1` are those of a short cut, `downsample`."""

MOBILENET_PLACES = {"expand": ("0.0", "0.1"), "dw": ("1.0", "1.1"), "project": ("2", "3")}
MOBILENET_FIRST_PLACES = {"dw": ("0.0", "0.1"), "project": ("1", "2")}
"""By layer: convolution and normalisation within `features.N.conv`; the first block has no `expand`."""

SHUFFLENET_PLACES = {
    "b1dw": ("branch1.0", "branch1.1"),
    "b1pw": ("branch1.2", "branch1.3"),
    "b2pw1": ("branch2.0", "branch2.1"),
    "b2dw": ("branch2.3", "branch2.4"),
    "b2pw2": ("branch2.5", "branch2.6"),
}


def vgg_form(encoder: str) -> Form:
    """`features.N`: every layer, ReLU and pooling included, has the next number."""
    kind = cast(type[VGG], ENCODERS[encoder])
    layers = []
    for name in convolutions(encoder):
        block, position = int(name.split(".")[1]), int(name.rpartition("conv")[2])
        numbers = 3 if kind.batch_norm else 2  # of a convolution, perhaps its normalisation, and its ReLU
        number = (sum(kind.depths[:block]) + position - 1) * numbers + block
        norms = (f"features.{number + 1}", f"blocks.{block}.norm{position}") if kind.batch_norm else ()
        layers.append(Layer(name, f"features.{number}", *norms))
    return _form(encoder, layers, biased=True, ignored=("classifier.",))


def resnet_form(encoder: str) -> Form:
    """`layerS.B.convK` and `bnK`, as ours."""
    layers = []
    for name in convolutions(encoder):
        before, dot, last = name.rpartition(".")
        layers.append(Layer(name, name, before + dot + RESNET_NORMS[last]))
    return _form(encoder, layers, ignored=("fc.",))


def mobilenet_form(encoder: str) -> Form:
    """`features.0` is the stem, `features.N` is block N - 1, the last is a convolution for the classifier."""
    layers = [Layer("stem", "features.0.0", "features.0.1")]
    for name in convolutions(encoder)[1:]:
        _, block, part = name.split(".")
        places = MOBILENET_PLACES if int(block) else MOBILENET_FIRST_PLACES
        convolution, norm = places[part]
        prefix = f"features.{int(block) + 1}.conv."
        layers.append(Layer(name, prefix + convolution, prefix + norm))
    return _form(encoder, layers, ignored=("features.18.", "classifier."))


def shufflenet_form(encoder: str) -> Form:
    """`conv1` is the stem, `stageS.J.branchB.N` the rest; `conv5` is a convolution for the classifier."""
    layers = [Layer("stem", "conv1.0", "conv1.1")]
    for name in convolutions(encoder)[1:]:
        unit, _, part = name.rpartition(".")
        convolution, norm = SHUFFLENET_PLACES[part]
        layers.append(Layer(name, f"{unit}.{convolution}", f"{unit}.{norm}"))
    return _form(encoder, layers, ignored=("conv5.", "fc."))


def _form(encoder: str, layers: list[Layer], *, ignored: tuple[str, ...], biased: bool = False) -> Form:
    title = f"torchvision's {encoder.removesuffix('-torchvision')}"
    return Form(title=title, taken=title, layers=tuple(layers), biased=biased, ignored=ignored)
