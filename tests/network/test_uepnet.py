"""The whole network: the paper's sizes, and one set of logits per head at the output stride."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape


@pytest.fixture(scope="module")
def paper() -> UEPNet:
    """The paper's network without memory or arithmetic: only shapes."""
    with torch.device("meta"):
        return UEPNet(NetworkShape(), classes=(25, 26))


def test_the_paper_s_network_has_28_2_million_parameters(paper: UEPNet) -> None:
    assert round(sum(weight.numel() for weight in paper.parameters()) / 1e6, 1) == 28.2


def test_the_paper_s_network_takes_57_gigaflop_for_256_by_256(paper: UEPNet) -> None:
    with FlopCounterMode(display=False) as counted:
        paper(torch.empty(1, 3, 256, 256, device="meta"))
    assert round(counted.get_total_flops() / 1e9) == 57


@pytest.mark.parametrize("stride", [8, 16, 32])
@pytest.mark.parametrize("encoder", ["vgg16", "resnet18"])
def test_logits_of_each_head_at_the_output_stride(encoder: str, stride: int) -> None:
    shape = NetworkShape.model_validate({"encoder": encoder, "stride": stride})
    with torch.device("meta"):
        logits = UEPNet(shape, classes=(25, 26))(torch.empty(2, 3, 64, 96))
    assert [tuple(head.shape) for head in logits] == [(2, classes, 64 // stride, 96 // stride) for classes in (25, 26)]


def test_a_single_head() -> None:
    with torch.device("meta"):
        (logits,) = UEPNet(NetworkShape(encoder="resnet18", deepest=16), classes=(10,))(torch.empty(1, 3, 32, 32))
    assert tuple(logits.shape) == (1, 10, 4, 4)


def test_training_and_evaluation_give_the_same_type(network: UEPNet) -> None:
    pictures = torch.rand(1, 3, 32, 32)
    in_training = network.train()(pictures)
    assert isinstance(in_training, tuple)
    for training, evaluation in zip(in_training, network.eval()(pictures), strict=True):
        torch.testing.assert_close(training, evaluation)


def test_an_output_below_the_encoder_s_deepest_stride_is_refused() -> None:
    with pytest.raises(ValueError, match=r"strides \[16, 8\].*stride 32"):
        UEPNet(NetworkShape(encoder="resnet18", deepest=16, stride=32), classes=(25,))


def test_an_unknown_encoder_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'vgg17'.*vgg16, vgg16-bn, vgg19, resnet18"):
        UEPNet(NetworkShape(encoder="vgg17"), classes=(25,))
