"""The encoders by name. To add one: a file that states its contract, and a line here."""

from uepnet.network.encoders.contract import Encoder
from uepnet.network.encoders.resnet import ResNet18
from uepnet.network.encoders.vgg import VGG16, VGG16BN, VGG19

ENCODERS: dict[str, type[Encoder]] = {
    "vgg16": VGG16,
    "vgg16-bn": VGG16BN,
    "vgg19": VGG19,
    "resnet18": ResNet18,
}


def build_encoder(name: str, *, deepest: int) -> Encoder:
    """A new encoder with random weights, to the stride `deepest`."""
    if name not in ENCODERS:
        raise ValueError(f"there is no encoder {name!r}; there are {', '.join(ENCODERS)}")
    return ENCODERS[name](deepest=deepest)
