"""The table of layers, on a tiny network."""

import numpy as np
import pytest

from tests.material import unchecked
from tests.toys import toy_description, toy_shape
from uepnet.export.int8 import graph_to_quantise, layer_names
from uepnet.laboratory.speed import layers
from uepnet.laboratory.speed.flop import forward_flop
from uepnet.laboratory.speed.int8 import random_graph
from uepnet.laboratory.speed.layers import by_layer, convolution_flop, measure_layers, node_seconds

TINY = toy_description(network=toy_shape())


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (60, 90, 3), dtype=np.uint8)


def test_the_work_of_the_layers_is_that_of_the_network(picture: np.ndarray) -> None:
    import torch

    graph = random_graph(TINY)
    flop = convolution_flop(graph.network, picture, multiple=16)
    assert sum(flop.values()) == forward_flop(graph, torch.from_numpy(picture)[None])


@pytest.mark.slow
def test_every_convolution_has_its_row(picture: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_network", lambda _: (random_graph(TINY).network, TINY))
    with unchecked():
        records = measure_layers(quick=True)
        model = graph_to_quantise(random_graph(TINY).network, TINY)
    assert [record["layer"] for record in records] == [*layer_names(model), "all else"]
    assert sum(float(str(record["share_of_picture"])) for record in records) == pytest.approx(1.0)
    kept = {record["layer"] for record in records if record["precision"] == "fp32"}
    assert kept == {"heads.0.2"}
    assert all(float(str(record["seconds"])) > 0 for record in records)
    seconds = node_seconds(model, picture, turns=1)
    assert set(by_layer(model, seconds)) == set(layer_names(model))
    with pytest.raises(ValueError, match=r"encoder\.conv1: the profile has no node"):
        by_layer(model, {"other_kernel_time": 1.0})
