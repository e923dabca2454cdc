"""Every encoder keeps the contract that it states."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from uepnet.network.encoders import ENCODERS, build_encoder
from uepnet.network.encoders.resnet import BasicBlock


@pytest.mark.parametrize("deepest", [8, 16, 32])
@pytest.mark.parametrize("name", ENCODERS)
def test_features_have_the_stated_strides_and_channels(name: str, deepest: int) -> None:
    with torch.device("meta"):
        encoder = build_encoder(name, deepest=deepest)
        features = encoder(torch.empty(1, 3, 64, 96))
    assert encoder.strides == tuple(stride for stride in (8, 16, 32) if stride <= deepest)
    stated = [(1, encoder.channels[stride], 64 // stride, 96 // stride) for stride in encoder.strides]
    assert [tuple(feature.shape) for feature in features] == stated


@pytest.mark.parametrize("name", ENCODERS)
def test_a_stride_that_is_not_stated_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\[8, 16, 32\], not at 64"):
        build_encoder(name, deepest=64)


@pytest.mark.parametrize(("name", "convolutions"), [("vgg16", 13), ("vgg16-bn", 13), ("vgg19", 16), ("resnet18", 20)])
def test_the_number_of_convolutions(name: str, convolutions: int) -> None:
    """ResNet-18: 17 in the main path and 3 in the short cuts."""
    with torch.device("meta"):
        modules = list(build_encoder(name, deepest=32).modules())
    assert sum(isinstance(module, nn.Conv2d) for module in modules) == convolutions
    assert sum(isinstance(module, nn.BatchNorm2d) for module in modules) == (13 if name == "vgg16-bn" else 0)


def test_a_vgg_feature_is_the_literal_chain_of_layers() -> None:
    torch.manual_seed(0)
    encoder = build_encoder("vgg16", deepest=8)
    pictures = torch.rand(1, 3, 32, 32)
    x = pictures
    weights = dict(encoder.named_parameters())
    for block, depth in enumerate((2, 2, 3)):
        for position in range(1, depth + 1):
            name = f"blocks.{block}.conv{position}"
            x = functional.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=1).relu()
        x = x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5))
    torch.testing.assert_close(encoder(pictures)[0], x)


@pytest.mark.parametrize(("outgoing", "stride"), [(4, 1), (6, 2)])
def test_a_residual_block_is_its_equation(outgoing: int, stride: int) -> None:
    torch.manual_seed(0)
    block = BasicBlock(4, outgoing, stride=stride)
    x = torch.randn(1, 4, 8, 8)
    weights = dict(block.named_parameters())
    inner = functional.conv2d(x, weights["conv1.weight"], weights["conv1.bias"], stride=stride, padding=1).relu()
    inner = functional.conv2d(inner, weights["conv2.weight"], weights["conv2.bias"], padding=1)
    short = x
    if stride == 2:
        short = functional.conv2d(x, weights["downsample.0.weight"], weights["downsample.0.bias"], stride=2)
    torch.testing.assert_close(block(x.clone()), (inner + short).relu())
    assert ("downsample.0.weight" in weights) == (stride == 2)
