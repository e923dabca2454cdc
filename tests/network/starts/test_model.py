"""A model of ours as the start of another."""

import pytest
import torch

from uepnet.network.starts import start_model
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

SHAPE = NetworkShape(encoder="resnet18", deepest=16, decoder_channels=4, merge_channels=4, head_channels=4)


@pytest.mark.parametrize("heads", [1, 2])
def test_all_is_taken_but_heads_of_another_size(heads: int) -> None:
    trained, network = UEPNet(SHAPE, classes=(4, 6)[:heads]), UEPNet(SHAPE, classes=(4, 5))
    last = {name: weight.clone() for name, weight in network.heads[1].state_dict().items()}
    start_model(network, trained)
    for part in ("encoder", "decoder", "heads.0"):
        taken = network.get_submodule(part).state_dict()
        for name, weight in trained.get_submodule(part).state_dict().items():
            assert torch.equal(weight, taken[name]), name
    for name, weight in network.heads[1].state_dict().items():
        assert torch.equal(weight, last[name]), name
