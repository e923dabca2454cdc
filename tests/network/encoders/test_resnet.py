"""ResNets' blocks, against their equations; names and their order are those that checkpoints hold."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from uepnet.network.encoders import build_encoder
from uepnet.network.encoders.resnet import BasicBlock, Bottleneck, CaffeBottleneck, ResNet50Caffe


@pytest.mark.parametrize(("outgoing", "stride"), [(4, 1), (6, 2)])
def test_a_basic_block_is_its_equation(outgoing: int, stride: int) -> None:
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


@pytest.mark.parametrize("kind", [Bottleneck, CaffeBottleneck])
@pytest.mark.parametrize(("inner", "stride"), [(2, 1), (3, 2)])
def test_a_bottleneck_is_its_equation(kind: type[Bottleneck], inner: int, stride: int) -> None:
    torch.manual_seed(0)
    block = kind(8, inner, stride=stride)
    x = torch.randn(1, 8, 8, 8)
    weights = dict(block.named_parameters())

    def conv(x: Tensor, name: str, *, stride: int = 1, padding: int = 0) -> Tensor:
        return functional.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], stride=stride, padding=padding)

    if kind is CaffeBottleneck:  # a 1x1 convolution at stride 2 sees every second pixel
        y = conv(conv(x[:, :, ::stride, ::stride], "conv1").relu(), "conv2", padding=1).relu()
    else:
        y = conv(conv(x, "conv1").relu(), "conv2", stride=stride, padding=1).relu()
    short = conv(x, "downsample.0", stride=stride) if "downsample.0.weight" in weights else x
    torch.testing.assert_close(block(x.clone()), (conv(y, "conv3") + short).relu())
    assert ("downsample.0.weight" in weights) == (stride == 2)


def test_caffe_s_pooling_looks_right_and_below() -> None:
    with torch.device("meta"):
        encoder = ResNet50Caffe(deepest=8)
    x = torch.randn(1, 2, 6, 4)
    expected = torch.stack(
        [torch.stack([x[:, :, r : r + 3, c : c + 3].amax(dim=(2, 3)) for c in (0, 2)], dim=-1) for r in (0, 2, 4)],
        dim=-2,
    )
    torch.testing.assert_close(encoder.pool(x), expected)


def test_names_and_their_order_are_those_of_checkpoints() -> None:
    """An optimiser's state is kept by the number of the parameter."""
    layers = ["conv1"]
    for stage in (1, 2, 3):
        for block in (0, 1):
            layers += [f"layer{stage}.{block}.conv{number}" for number in (1, 2)]
            layers += [f"layer{stage}.0.downsample.0"] if block == 0 and stage > 1 else []
    with torch.device("meta"):
        encoder = build_encoder("resnet18", deepest=16)
    expected = [f"{layer}.{part}" for layer in layers for part in ("weight", "bias")]
    assert [name for name, _ in encoder.named_parameters()] == expected
    assert list(encoder.state_dict()) == expected
