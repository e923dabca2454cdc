"""ShuffleNetV2's units, against the literal layers, with the LeakyReLU of the detector's weights."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.encoders import build_encoder
from uepnet.network.encoders.shufflenet import HalvingUnit, ShuffleUnit


def conv(unit: nn.Module, name: str, x: Tensor) -> Tensor:
    """The unit's convolution, by what its name says: single channels or 1x1."""
    weight, bias = unit.get_parameter(f"{name}.weight"), unit.get_parameter(f"{name}.bias")
    if name.endswith("dw"):
        stride = 2 if isinstance(unit, HalvingUnit) else 1
        return functional.conv2d(x, weight, bias, stride=stride, padding=1, groups=x.shape[1])
    return functional.conv2d(x, weight, bias)


def leaky(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, 0.1 * x)


def interleaved(first: Tensor, second: Tensor) -> Tensor:
    return torch.stack([half[:, channel] for channel in range(first.shape[1]) for half in (first, second)], dim=1)


def test_a_unit_filters_the_second_half_of_the_channels() -> None:
    torch.manual_seed(0)
    unit = ShuffleUnit(6, activation=nn.LeakyReLU(0.1))
    x = torch.randn(1, 6, 4, 4)
    second = leaky(conv(unit, "b2pw2", conv(unit, "b2dw", leaky(conv(unit, "b2pw1", x[:, 3:])))))
    torch.testing.assert_close(unit(x), interleaved(x[:, :3], second))


def test_the_first_unit_filters_all_channels_twice() -> None:
    torch.manual_seed(0)
    unit = HalvingUnit(4, 6, activation=nn.LeakyReLU(0.1))
    x = torch.randn(1, 4, 8, 8)
    first = leaky(conv(unit, "b1pw", conv(unit, "b1dw", x)))
    second = leaky(conv(unit, "b2pw2", conv(unit, "b2dw", leaky(conv(unit, "b2pw1", x)))))
    torch.testing.assert_close(unit(x), interleaved(first, second))


@pytest.mark.parametrize(("name", "slope"), [("shufflenet-v2", 0.1), ("shufflenet-v2-torchvision", 0.0)])
def test_the_activation_of_each_variant(name: str, slope: float) -> None:
    with torch.device("meta"):
        encoder = build_encoder(name, deepest=32)
    for unit in (encoder, encoder.get_submodule("stage2.0"), encoder.get_submodule("stage4.3")):
        assert float(unit.get_submodule("activation")(torch.tensor(-1.0))) == pytest.approx(-slope)


def test_the_normalisation_is_the_detector_s_in_rgb() -> None:
    """Its pictures were BGR in 0 to 255, minus and times these."""
    with torch.device("meta"):
        encoder = build_encoder("shufflenet-v2", deepest=8)
    minus, times = (103.53, 116.28, 123.675), (0.017429, 0.017507, 0.017125)
    assert tuple(value / 255 for value in reversed(minus)) == pytest.approx(encoder.mean, abs=1e-6)
    assert tuple(1 / (255 * value) for value in reversed(times)) == pytest.approx(encoder.std, abs=1e-5)
