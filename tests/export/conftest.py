"""A narrow network with weights that fp16 holds exactly, and its ONNX file."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import onnx
import pytest
import torch

from tests.material import unchecked
from tests.toys import FOUR_AND_FIVE, toy_description, toy_network, toy_shape
from uepnet.description import ModelDescription
from uepnet.export.onnx import export_onnx
from uepnet.export.tracing import trace
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet


@pytest.fixture(scope="session")
def description() -> ModelDescription:
    return toy_description(network=toy_shape(channels=16), partitions=FOUR_AND_FIVE)


@pytest.fixture
def network(description: ModelDescription) -> UEPNet:
    """Random weights and biases, always the same."""
    return make_network(description)


def make_network(description: ModelDescription) -> UEPNet:
    network = toy_network(description)
    random = torch.Generator().manual_seed(0)
    for name, weight in network.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(weight, std=0.1, generator=random)
    return network.half().float()


@pytest.fixture(scope="session")
def traced(description: ModelDescription) -> onnx.ModelProto:
    """The network's graph in fp32; tracing takes seconds, so it is done once."""
    with unchecked():  # checking shapes doubles the time of tracing
        return trace(CountingGraph(make_network(description), description).eval(), description)


@pytest.fixture(scope="session")
def traced_before() -> dict[str, onnx.ModelProto]:
    """What the exporter gave, by the graph."""
    return {}


@pytest.fixture
def traced_once(traced_before: dict[str, onnx.ModelProto], monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter gives what it gave before for the same graph and weights."""
    real = torch.onnx.export

    def export(graph: CountingGraph, *words: object, **options: object) -> SimpleNamespace:
        weights = {name: weight.numpy().tobytes() for name, weight in graph.state_dict().items()}
        key = hashlib.sha256(repr((graph, weights)).encode()).hexdigest()
        if key not in traced_before:
            with unchecked():
                traced_before[key] = real(graph, *words, **options).model_proto  # type: ignore[arg-type, union-attr]
        return SimpleNamespace(model_proto=copied(traced_before[key]))

    monkeypatch.setattr("torch.onnx.export", export)


@pytest.fixture(scope="session")
def onnx_file(tmp_path_factory: pytest.TempPathFactory, description: ModelDescription, traced: onnx.ModelProto) -> Path:
    """The network's export with halved weights."""
    path = tmp_path_factory.mktemp("export") / "tiny.onnx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("torch.onnx.export", lambda *_, **__: SimpleNamespace(model_proto=copied(traced)))
        export_onnx(path, make_network(description), description)
    return path


def copied(model: onnx.ModelProto) -> onnx.ModelProto:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy
