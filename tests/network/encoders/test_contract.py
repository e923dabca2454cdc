"""Every encoder keeps the contract that it states."""

import pytest
import torch
from torch import nn

from uepnet.network.encoders import ENCODERS, build_encoder


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
def test_sides_need_be_multiples_of_the_deepest_stride_only(name: str) -> None:
    for deepest in (8, 16):
        with torch.device("meta"):
            encoder = build_encoder(name, deepest=deepest)
            features = encoder(torch.empty(1, 3, 3 * deepest, 5 * deepest))
        assert tuple(features[-1].shape[2:]) == (3, 5)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_stride_that_is_not_stated_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\[8, 16, 32\], not at 64"):
        build_encoder(name, deepest=64)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no encoder 'resnet19'; there are vgg16, .*shufflenet-v2"):
        build_encoder("resnet19", deepest=8)


@pytest.mark.parametrize(
    ("name", "convolutions"),
    [
        ("vgg16", 13),
        ("vgg16-bn", 13),
        ("vgg19", 16),
        ("resnet18", 17 + 3),
        ("resnet34", 33 + 3),
        ("resnet50", 49 + 4),
        ("resnet50-caffe", 49 + 4),
        ("mobilenet-v2", 1 + 2 + 16 * 3),
        ("shufflenet-v2", 1 + 3 * 5 + 13 * 3),
    ],
)
def test_the_number_of_convolutions(name: str, convolutions: int) -> None:
    """For ResNets: the main path and the short cuts. Normalisation is in VGG-16-BN only."""
    with torch.device("meta"):
        modules = list(build_encoder(name, deepest=32).modules())
    assert sum(isinstance(module, nn.Conv2d) for module in modules) == convolutions
    assert sum(isinstance(module, nn.BatchNorm2d) for module in modules) == (13 if name == "vgg16-bn" else 0)


@pytest.mark.parametrize("name", ENCODERS)
def test_spread_factors_are_of_convolutions(name: str) -> None:
    with torch.device("meta"):
        encoder = build_encoder(name, deepest=16)
    assert all(isinstance(encoder.get_submodule(part), nn.Conv2d) for part in encoder.spread_factors())
