"""What is said about how far a network sees, measured on the network itself."""

from typing import cast

import pytest
import torch
from torch import nn

from uepnet.errors import ModelFileError
from uepnet.inference.receptive_field import ENCODER_LAYERS, reach
from uepnet.network.encoders import ENCODERS
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

STRIDES = [(8, 8), (16, 8), (16, 16), (32, 16), (32, 32)]
ONE_OF_EACH_FORM = [name for name in ENCODERS if name not in ("vgg16-bn", "shufflenet-v2-torchvision")]


def test_every_encoder_is_known() -> None:
    assert set(ENCODER_LAYERS) == set(ENCODERS)
    assert ENCODER_LAYERS["vgg16-bn"] == ENCODER_LAYERS["vgg16"]  # normalisation does not look sideways
    assert ENCODER_LAYERS["shufflenet-v2-torchvision"] == ENCODER_LAYERS["shufflenet-v2"]  # nor does an activation


def shape_of(encoder: str, deepest: int = 32, stride: int = 8, presence: int = 0) -> NetworkShape:
    return NetworkShape.model_validate(
        {"encoder": encoder, "deepest": deepest, "stride": stride, "presence": presence}
        | {"decoder_channels": 2, "merge_channels": 2, "head_channels": 2}
    )


def narrowed(network: UEPNet) -> UEPNet:
    """The network with one channel everywhere where its form allows that: the same reach, much sooner measured."""
    if network.shape.encoder.startswith(("vgg", "resnet")):
        for module in [*network.modules()]:
            for name, layer in module.named_children():
                if isinstance(layer, nn.Conv2d):
                    kernel, stride, padding = (
                        layer.kernel_size[0],
                        layer.stride[0],
                        cast(tuple[int, int], layer.padding),
                    )
                    module.add_module(name, nn.LazyConv2d(1, kernel, stride, padding))
    return network.double().eval()


def disturbed(network: UEPNet, pixels: torch.Tensor) -> torch.Tensor:
    """Whether each column of patches is not finite: nothing stops a NaN, so it reaches all that a pixel can reach."""
    with torch.inference_mode():
        (logits,) = network(pixels)  # in float64, which torch computes pixel by pixel
    columns: torch.Tensor = (~logits.isfinite()).any(dim=1).any(dim=1)
    return columns


def expect_reach(encoder: str, deepest: int, stride: int, presence: int = 0) -> None:
    """No pixel beyond the reach changes the patches of a block, and the nearest ones within it do."""
    shape = shape_of(encoder, deepest, stride, presence)
    torch.manual_seed(0)
    network = narrowed(UEPNet(shape, classes=(2,)))
    before, after = reach(shape)
    side = shape.block
    left = -(-before // side) * side + side
    width = left + 2 * side + -(-after // side) * side
    block = slice(left // stride, (left + side) // stride)
    first, last = left - before, left + side - 1 + after
    clean = torch.rand(1, 3, side, width, dtype=torch.float64)
    beyond, first_pixel, last_pixel = clean.clone(), clean.clone(), clean.clone()
    beyond[..., :first] = beyond[..., last + 1 :] = torch.nan
    first_pixel[..., first] = torch.nan
    last_pixel[..., last] = torch.nan
    assert not disturbed(network, beyond)[:, block].any()
    assert disturbed(network, first_pixel)[:, block].any()
    assert disturbed(network, last_pixel)[:, block].any()


@pytest.mark.parametrize("encoder", ONE_OF_EACH_FORM)
def test_the_reach_of_every_encoder_to_its_deepest_stride(encoder: str) -> None:
    expect_reach(encoder, 32, 8)


@pytest.mark.parametrize(("deepest", "stride"), STRIDES)
def test_the_reach_at_other_strides(deepest: int, stride: int) -> None:
    expect_reach("resnet18", deepest, stride)


@pytest.mark.parametrize(("deepest", "stride"), STRIDES)
def test_the_reach_with_a_presence_branch(deepest: int, stride: int) -> None:
    expect_reach("resnet18", deepest, stride, presence=1)


def test_an_encoder_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ModelFileError, match="'vgg99'; how far it sees is known for vgg16"):
        reach(shape_of("vgg99"))
