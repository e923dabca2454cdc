"""The encoders by name. What else one needs is in CONTRIBUTING.md."""

from uepnet.network.encoders.contract import Encoder
from uepnet.network.encoders.mobilenet import MobileNetV2, MobileNetV2Torchvision
from uepnet.network.encoders.resnet import ResNet18, ResNet34, ResNet50, ResNet50Caffe
from uepnet.network.encoders.shufflenet import ShuffleNetV2, ShuffleNetV2Torchvision
from uepnet.network.encoders.vgg import VGG16, VGG16BN, VGG19

ENCODERS: dict[str, type[Encoder]] = {
    "vgg16": VGG16,
    "vgg16-bn": VGG16BN,
    "vgg19": VGG19,
    "resnet18": ResNet18,
    "resnet34": ResNet34,
    "resnet50": ResNet50,
    "resnet50-caffe": ResNet50Caffe,
    "mobilenet-v2": MobileNetV2,
    "mobilenet-v2-torchvision": MobileNetV2Torchvision,
    "shufflenet-v2": ShuffleNetV2,
    "shufflenet-v2-torchvision": ShuffleNetV2Torchvision,
}


def build_encoder(name: str, *, deepest: int) -> Encoder:
    """A new encoder with random weights, to the stride `deepest`."""
    if name not in ENCODERS:
        raise ValueError(f"there is no encoder {name!r}; there are {', '.join(ENCODERS)}")
    return ENCODERS[name](deepest=deepest)
