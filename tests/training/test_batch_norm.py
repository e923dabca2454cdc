"""Normalisation comes and goes without changing an answer, and every model file is free of it."""

import pytest
import torch
from torch import Tensor, nn

from uepnet.network.initialise import initialise
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape
from uepnet.training.batch_norm import folded, normalise, spreads


@pytest.fixture
def network() -> UEPNet:
    shape = NetworkShape(encoder="resnet18", deepest=16, decoder_channels=8, merge_channels=8, head_channels=8)
    network = UEPNet(shape, classes=(4, 5))
    initialise(network, spread="he", seed=1)
    return network.eval()


def crops(seed: int, number: int = 3) -> list[Tensor]:
    random = torch.Generator().manual_seed(seed)
    return [torch.randn(2, 3, 64, 64, generator=random) * (1 + batch) for batch in range(number)]


def test_a_convolution_s_spread_is_that_of_all_its_values(network: UEPNet) -> None:
    batches = crops(0)
    found = spreads(network, batches)["encoder.conv1"]
    with torch.no_grad():
        values = torch.cat([network.get_submodule("encoder.conv1")(pixels) for pixels in batches]).double()
    torch.testing.assert_close(found.mean.double(), values.mean((0, 2, 3)), atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(found.variance.double(), values.var((0, 2, 3), correction=0), atol=1e-6, rtol=1e-5)
    assert not any(name.startswith("heads") for name in spreads(network, batches))


def test_putting_it_in_changes_no_answer(network: UEPNet) -> None:
    pixels = crops(5)[1]
    with torch.no_grad():
        before = network(pixels)
        normalise(network, crops(0))
        after = network.eval()(pixels)
    assert any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    for one, other in zip(before, after, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_folded_is_the_network_with_statistics_of_the_batches(network: UEPNet) -> None:
    """With one batch its statistics are those that the learning network itself uses for it."""
    (pixels,) = crops(7, 1)
    normalise(network, crops(0))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.1)
        learning = network.train()(pixels)
        plain = folded(network, [pixels])
        counting = plain(pixels)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in plain.modules())
    assert set(plain.state_dict()) == set(UEPNet(network.shape, classes=(4, 5)).state_dict())
    for one, other in zip(learning, counting, strict=True):
        torch.testing.assert_close(one, other, atol=2e-2, rtol=2e-2)  # variances of n and of n - 1 values differ


def test_it_is_measured_anew_and_the_learning_network_left_alone(network: UEPNet) -> None:
    normalise(network, crops(0))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    one, other = folded(network, crops(1)), folded(network, [2 * pixels for pixels in crops(1)])
    layer = "encoder.layer1.0.conv1.weight"
    assert not torch.equal(one.get_parameter(layer), other.get_parameter(layer))
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name
