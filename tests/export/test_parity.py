"""Parity accepts what rounding does, and refuses every other difference."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from uepnet.description import ModelDescription
from uepnet.errors import ExportError
from uepnet.export.parity import check_parity
from uepnet.inference.backends import PatchMaps
from uepnet.inference.torch_backend import TorchBackend
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet


class Changed:
    """The network's own maps, with something added to one of them or to one of its patches."""

    def __init__(self, network: UEPNet, description: ModelDescription, **changes: float) -> None:
        self.backend = TorchBackend(network, description)
        self.description = description
        self.changes = changes

    def run(self, picture: np.ndarray) -> PatchMaps:
        maps = self.backend.run(picture)
        for kind, change in self.changes.items():
            values = getattr(maps, kind).copy()
            values[-1, -1] += change
            maps = replace(maps, **{kind: values})
        return maps


def check(network: UEPNet, backend: Changed) -> None:
    check_parity(CountingGraph(network, backend.description).eval(), backend, name="model.onnx")


def test_the_same_backend_has_no_differences(network: UEPNet, description: ModelDescription) -> None:
    graph = CountingGraph(network, description).eval()
    parity = check_parity(graph, TorchBackend(network, description), name="same")
    assert parity.pictures == 7
    assert parity.patches == 1 + 5 + 16 + 20 + 221 + 960 + 494
    assert parity.near_ties < 0.05 * parity.patches
    assert (parity.map_difference, parity.count_difference) == pytest.approx((0, 0), abs=1e-6)


@pytest.mark.parametrize("kind", ["mean", "argmax", "variance"])
def test_a_single_wrong_patch_is_refused(network: UEPNet, description: ModelDescription, kind: str) -> None:
    check(network, Changed(network, description, **{kind: 5e-5}))
    with pytest.raises(ExportError, match=rf"model\.onnx: at .* pixels the {kind} map differs .* 0\.0002"):
        check(network, Changed(network, description, **{kind: 2e-4}))


@pytest.mark.parametrize("kind", ["mean", "variance"])
def test_what_is_no_number_is_refused(network: UEPNet, description: ModelDescription, kind: str) -> None:
    with pytest.raises(ExportError, match=f"the {kind} map differs"):
        check(network, Changed(network, description, **{kind: float("nan")}))


def test_small_differences_that_add_up_are_refused(network: UEPNet, description: ModelDescription) -> None:
    """Each patch is within tolerance: nearly empty patches, all a little too full."""

    class Everywhere(Changed):
        def run(self, picture: np.ndarray) -> PatchMaps:
            maps = self.backend.run(picture)
            return replace(maps, mean=maps.mean + np.float32(9e-5))

    sure_of_nobody(network)
    with pytest.raises(ExportError, match=r"the count is 0\.00\d+, torch's is 0\.0000; .* was not written"):
        check(network, Everywhere(network, description))


def sure_of_nobody(network: UEPNet) -> None:
    with torch.no_grad():
        for head in ("heads.0.2", "heads.1.2"):
            network.get_parameter(f"{head}.weight").zero_()
            network.get_parameter(f"{head}.bias").fill_(-50.0)[0] = 50.0


def test_a_map_of_another_size_is_refused(network: UEPNet, description: ModelDescription) -> None:
    class Smaller(Changed):
        def run(self, picture: np.ndarray) -> PatchMaps:
            maps = self.backend.run(picture)
            return PatchMaps(maps.mean[:, :1], maps.argmax[:, :1], maps.variance[:, :1])

    with pytest.raises(ExportError, match=r"40 x 5 pixels the map is \(1, 1\), torch's is \(1, 5\)"):
        check(network, Smaller(network, description))


def test_near_ties_may_fall_either_way_and_clear_choices_may_not(
    network: UEPNet, description: ModelDescription
) -> None:
    """Two classes with the same bias: the other one is as good, unless the biases are told apart."""

    class OtherClass(Changed):
        def run(self, picture: np.ndarray) -> PatchMaps:
            maps = self.backend.run(picture)
            return replace(maps, argmax=np.full_like(maps.argmax, 0.15))

    sure_of_nobody(network)
    bias = network.get_parameter("heads.0.2.bias").data
    bias[2] = 50.0
    check(network, OtherClass(network, description))
    bias[2] = 49.9
    with pytest.raises(ExportError, match=r"the argmax map differs from torch's by 0\.15"):
        check(network, OtherClass(network, description))


def test_pictures_of_one_s_own(network: UEPNet, description: ModelDescription) -> None:
    graph = CountingGraph(network, description).eval()
    pictures = [np.full((9, 9, 3), value, dtype=np.uint8) for value in (0, 255)]
    parity = check_parity(graph, TorchBackend(network, description), name="own", pictures=pictures)
    assert (parity.pictures, parity.patches) == (2, 8)


def test_other_features_are_refused(network: UEPNet, description: ModelDescription) -> None:
    backend = Changed(network, description)
    maps = backend.run(np.zeros((40, 40, 3), dtype=np.uint8))
    assert maps.features is not None
    graph = CountingGraph(network, description).eval()

    class Other(Changed):
        def run(self, picture: np.ndarray) -> PatchMaps:
            found = super().run(picture)
            assert found.features is not None
            return replace(found, features=found.features * np.float32(1.01))

    with pytest.raises(ExportError, match=r"model\.onnx: the features of a picture differ from torch's"):
        check_parity(graph, Other(network, description), name="model.onnx")
