"""How far a network sees around a patch: what a tile of a large picture needs beyond its own patches.

Only layers that look sideways matter. `ENCODER_LAYERS` lists them for every encoder, so that the distance is known for an
ONNX file too, from the description inside it; a test measures each on the network itself.
"""

from typing import NamedTuple

from uepnet.errors import ModelFileError
from uepnet.network_shape import PRESENCE_WINDOWS, NetworkShape


class Layer(NamedTuple):
    """A convolution or pooling whose output at i is made of the inputs `stride * i - before` to `stride * i + after`."""

    before: int
    after: int
    stride: int = 1


class Reach(NamedTuple):
    """Pixels, beyond the block that a patch lies in (`NetworkShape.block`), that can change the patch: on each side."""

    before: int
    after: int


AROUND = (Layer(1, 1),)
"""A 3x3 convolution."""
HALVING = (Layer(1, 1, stride=2),)
"""A 3x3 convolution or pooling at stride 2, with its margin on both sides."""
LATE_HALVING = (Layer(0, 2, stride=2),)
"""The same with its margin at the right and below only."""
SKIPPING = (Layer(0, 0, stride=2), *AROUND)
"""A 1x1 convolution at stride 2, then a 3x3 one."""
PAIRS = (Layer(0, 1, stride=2),)
"""Pooling of 2x2."""
SEVEN = (Layer(3, 3, stride=2),)
"""The 7x7 convolution that a ResNet begins with."""

Layers = tuple[Layer, ...]


def _vgg(*depths: int) -> tuple[Layers, ...]:
    blocks = [AROUND * depth + PAIRS for depth in depths]
    return (sum(blocks[:3], ()), *blocks[3:])


def _resnet(begin: Layers, halving: Layers, *around: int) -> tuple[Layers, ...]:
    """`around` counts the 3x3 convolutions of each stage without the one that halves."""
    first, second, *deeper = ((halving if number else ()) + AROUND * count for number, count in enumerate(around))
    return (begin + first + second, *deeper)


def _shufflenet() -> tuple[Layers, ...]:
    return (HALVING * 3 + AROUND * 3, HALVING + AROUND * 7, HALVING + AROUND * 3)


def _mobilenet(halving: Layers) -> tuple[Layers, ...]:
    first = (halving + AROUND) * 2 + halving + AROUND * 2
    return (first, halving + AROUND * 6, halving + AROUND * 3)


ENCODER_LAYERS: dict[str, tuple[Layers, ...]] = {
    "vgg16": _vgg(2, 2, 3, 3, 3),
    "vgg16-bn": _vgg(2, 2, 3, 3, 3),
    "vgg19": _vgg(2, 2, 4, 4, 4),
    "resnet18": _resnet(SEVEN + HALVING, HALVING, 4, 3, 3, 3),
    "resnet34": _resnet(SEVEN + HALVING, HALVING, 6, 7, 11, 5),
    "resnet50": _resnet(SEVEN + HALVING, HALVING, 3, 3, 5, 2),
    "resnet50-caffe": _resnet(SEVEN + LATE_HALVING, SKIPPING, 3, 3, 5, 2),
    "mobilenet-v2": _mobilenet(LATE_HALVING),
    "mobilenet-v2-torchvision": _mobilenet(HALVING),
    "shufflenet-v2": _shufflenet(),
    "shufflenet-v2-torchvision": _shufflenet(),
}
"""By encoder: the layers from the picture to stride 8, from there to 16, and from there to 32."""


def reach(shape: NetworkShape) -> Reach:
    """The reach of a UEPNet of this shape: encoder, decoder, heads and presence.

    Raises `ModelFileError` for an encoder that is not known here.

    >>> reach(NetworkShape(encoder="vgg16", deepest=8, stride=8))
    Reach(before=18, after=18)
    """
    if shape.encoder not in ENCODER_LAYERS:
        raise ModelFileError(
            f"the model's encoder is {shape.encoder!r}; how far it sees is known for {', '.join(ENCODER_LAYERS)} only, so "
            "this model counts no picture that has to be cut into tiles; scale the picture down"
        )
    first, last = 0, shape.block // shape.stride - 1  # of the patches in one block, then of what they are made of
    stride: int = shape.stride
    seen = []
    while stride < shape.deepest:
        first, last = first - 2, last + 2  # the two convolutions after the concatenation
        seen.append(_pixels(shape.encoder, stride, first, last))
        first, last = (first - 2) // 2, (last + 2) // 2  # the convolution before it, and bilinear x2
        stride *= 2
    seen.append(_pixels(shape.encoder, stride, first, last))
    if shape.presence:
        cells = max(PRESENCE_WINDOWS) // 2 + (shape.stride < shape.block)  # half a window, and bilinear upsampling
        first, last = -cells * shape.block // shape.deepest, (1 + cells) * shape.block // shape.deepest - 1
        seen.append(_pixels(shape.encoder, shape.deepest, first, last))
    return Reach(-min(begin for begin, _ in seen), max(end for _, end in seen) - shape.block + 1)


def _pixels(encoder: str, stride: int, first: int, last: int) -> tuple[int, int]:
    """The first and last pixel behind the encoder's features `first` to `last` at a stride."""
    parts = ENCODER_LAYERS[encoder][: {8: 1, 16: 2, 32: 3}[stride]]
    for layer in reversed([layer for part in parts for layer in part]):
        first, last = first * layer.stride - layer.before, last * layer.stride + layer.after
    return first, last
