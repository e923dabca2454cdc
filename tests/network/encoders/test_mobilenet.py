"""MobileNetV2's padding and blocks, against TensorFlow's formula and the literal layers."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from uepnet.network.encoders import build_encoder
from uepnet.network.encoders.mobilenet import InvertedBlock, RightAndBelowConv


def same_margins(side: int) -> tuple[int, int]:
    """Before and after, by TensorFlow's definition of SAME for a kernel of 3 at stride 2."""
    outgoing = -(-side // 2)
    whole = max((outgoing - 1) * 2 + 3 - side, 0)
    return whole // 2, whole - whole // 2


@given(rows=st.integers(1, 6), columns=st.integers(1, 6))
def test_the_margin_is_tensorflow_s_for_even_sides(rows: int, columns: int) -> None:
    torch.manual_seed(0)
    conv = RightAndBelowConv(2, 3, 3, stride=2)
    x = torch.randn(1, 2, 2 * rows, 2 * columns)
    padded = functional.pad(x, (*same_margins(2 * columns), *same_margins(2 * rows)))
    torch.testing.assert_close(conv(x), functional.conv2d(padded, conv.weight, conv.bias, stride=2))


@pytest.mark.parametrize("even_only", [True, False])
@pytest.mark.parametrize(("outgoing", "expansion", "stride"), [(4, 6, 1), (4, 6, 2), (5, 6, 1), (4, 1, 1)])
def test_a_block_is_its_equation(outgoing: int, expansion: int, stride: int, even_only: bool) -> None:
    torch.manual_seed(0)
    block = InvertedBlock(4, outgoing, expansion=expansion, stride=stride, even_only=even_only)
    x = 6 * torch.randn(1, 4, 8, 8)
    weights = dict(block.named_parameters())
    y = x
    if expansion > 1:
        y = functional.conv2d(y, weights["expand.weight"], weights["expand.bias"]).clamp(0, 6)
    margins = (0, 1, 0, 1) if stride == 2 and even_only else (1, 1, 1, 1)
    y = functional.conv2d(
        functional.pad(y, margins), weights["dw.weight"], weights["dw.bias"], stride=stride, groups=y.shape[1]
    ).clamp(0, 6)
    y = functional.conv2d(y, weights["project.weight"], weights["project.bias"])
    added = stride == 1 and outgoing == 4
    torch.testing.assert_close(block(x.clone()), y + x if added else y)


@pytest.mark.parametrize(("name", "right_and_below"), [("mobilenet-v2", 5), ("mobilenet-v2-torchvision", 0)])
def test_every_convolution_that_halves_has_the_margin_of_its_variant(name: str, right_and_below: int) -> None:
    with torch.device("meta"):
        encoder = build_encoder(name, deepest=32)
    halving = [module for module in encoder.modules() if getattr(module, "stride", None) == (2, 2)]
    assert len(halving) == 5
    assert sum(isinstance(module, RightAndBelowConv) for module in halving) == right_and_below


def test_the_input_is_in_minus_1_to_1() -> None:
    with torch.device("meta"):
        encoder = build_encoder("mobilenet-v2", deepest=8)
    assert [(x - encoder.mean[0]) / encoder.std[0] for x in (0.0, 0.25, 1.0)] == [2 * x - 1 for x in (0.0, 0.25, 1.0)]
