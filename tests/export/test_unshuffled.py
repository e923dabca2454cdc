"""Convolutions over squares of four pixels give what those with stride 2 give."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from tests.export.conftest import make_network
from tests.material import unchecked
from uepnet.description import ModelDescription
from uepnet.export.int8 import graph_to_quantise
from uepnet.export.unshuffled import UnshuffledConvolution, unshuffle_halving
from uepnet.inference.onnx_backend import CPU, INPUT


@pytest.mark.parametrize(("side", "margin"), [(7, 3), (3, 1), (5, 2), (2, 0), (1, 0), (4, 1)])
def test_the_sums_are_the_same(side: int, margin: int) -> None:
    convolution = nn.Conv2d(3, 5, side, stride=2, padding=margin).double()
    pictures = torch.randn(2, 3, 18, 26, generator=torch.Generator().manual_seed(side)).double()
    expected = convolution(pictures)
    found = UnshuffledConvolution(convolution)(pictures)
    assert found.shape == expected.shape
    assert float((found - expected).detach().abs().max()) < 1e-12


def test_no_other_convolution_can_be_taken_so() -> None:
    with pytest.raises(ValueError, match=r"Conv2d\(3, 4, .*\) does not give one output for each square"):
        UnshuffledConvolution(nn.Conv2d(3, 4, 3, stride=2))


def test_what_is_no_such_convolution_is_left_alone() -> None:
    others = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.Conv2d(4, 4, 3, stride=2, padding=1),
        nn.Conv2d(3, 3, 3, stride=2, padding=1, groups=3),
        nn.Conv2d(3, 4, 3, stride=2, padding=2, dilation=2),
        nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode="reflect"),
        nn.Conv2d(3, 4, (3, 5), stride=2, padding=(1, 2)),
        nn.Conv2d(3, 4, 3, stride=2),
    )

    class Special(nn.Conv2d):
        """Does something else with its margins."""

    others.append(Special(3, 4, 3, stride=2, padding=1))
    others.append(nn.Conv2d(3, 4, 3, padding="same"))
    before = list(others)
    unshuffle_halving(others)
    assert list(others) == before
    taken = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.Conv2d(3, 4, 4, stride=2, padding=1))
    unshuffle_halving(taken)
    assert all(isinstance(module, UnshuffledConvolution) for module in taken)


def test_the_graph_counts_as_before_and_layers_keep_their_names(
    description: ModelDescription, traced: onnx.ModelProto
) -> None:
    with unchecked():
        graph = graph_to_quantise(make_network(description), description)
    shapes = {weight.name: list(weight.dims) for weight in graph.graph.initializer}
    assert shapes["network.encoder.conv1.weight"] == [64, 12, 4, 4]
    picture = np.random.default_rng(0).integers(0, 256, (1, 70, 131, 3), dtype=np.uint8)
    before, after = (
        onnxruntime.InferenceSession(model.SerializeToString(), providers=[CPU]).run(["mean"], {INPUT: picture})[0]
        for model in (traced, graph)
    )
    assert np.abs(before - after).max() < 1e-5
