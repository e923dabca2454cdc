"""A step's time and FLOP, and the layers one by one."""

import numpy as np
import pytest
import torch

from uepnet.laboratory.speed.convolutions import find_convolutions
from uepnet.laboratory.speed.flop import forward_flop
from uepnet.laboratory.speed.training import NETWORKS, measure_training
from uepnet.network.arithmetic import settled
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape


def without_numbers(shape: NetworkShape) -> UEPNet:
    with torch.device("meta"):
        return UEPNet(shape, classes=(25, 26))


def test_the_paper_s_network_takes_57_gflop_for_256_by_256() -> None:
    network = without_numbers(NETWORKS[0].shape)
    assert forward_flop(network, torch.zeros(1, 3, 256, 256, device="meta")) == pytest.approx(57e9, rel=0.01)


@pytest.mark.parametrize("trained", NETWORKS, ids=lambda trained: trained.name)
def test_its_convolutions_are_all_of_its_work(trained) -> None:
    network, crops = without_numbers(trained.shape), torch.zeros(2, 3, 128, 128, device="meta")
    found = find_convolutions(network, crops)
    assert sum(layer.flop / layer.passes for layer in found) == forward_flop(network, crops)
    assert [layer.passes for layer in found] == [2] + [3] * (len(found) - 1)
    assert found[0].shape().endswith(f"3 -> 64, {128 // found[0].layer.stride[0]} x {128 // found[0].layer.stride[0]}")


def test_a_record_of_the_step_and_one_of_every_layer() -> None:
    told: list[str] = []
    step, *layers = measure_training(quick=True, on_network=told.append)
    assert told == ["ResNet-18, narrow"]
    assert step["part"] == "training"
    assert step["limit"] == f"{settled('bf16', 'cpu')} matrix product"
    assert {layer["part"] for layer in layers} == {"training-layers"}
    assert [layers[0]["layer"], layers[-1]["layer"]] == ["encoder.conv1", "all else"]
    shares = np.array([layer["share_of_step"] for layer in layers], dtype=np.float64)
    assert shares.sum() == pytest.approx(1.0)
