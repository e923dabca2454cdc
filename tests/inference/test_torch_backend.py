"""The torch backend counts what the counting graph counts, in either precision."""

from pathlib import Path

import numpy as np
import pytest
import torch

from uepnet.inference.torch_backend import TorchBackend, open_torch_backend
from uepnet.network.arithmetic import gains_from_bf16
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.model_file import load_model


def test_maps_are_the_counting_graph_s(torch_file: Path, picture: np.ndarray) -> None:
    network, description = load_model(torch_file)
    with torch.no_grad():
        expected = CountingGraph(network, description).eval()(torch.tensor(picture)[None])
    backend = TorchBackend(network, description)
    maps = backend.run(picture)
    assert backend.description == description
    for found, value in zip((maps.mean, maps.argmax, maps.variance, maps.features), expected, strict=True):
        assert found is not None
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, value[0].numpy(), rtol=1e-4, atol=1e-5)


def test_bf16_is_near_fp32(torch_file: Path, picture: np.ndarray) -> None:
    network, description = load_model(torch_file)
    full = TorchBackend(network, description).run(picture)
    rough = TorchBackend(network, description, precision="bf16").run(picture)
    assert rough.mean.dtype == np.float32
    assert float(rough.mean.sum()) == pytest.approx(float(full.mean.sum()), rel=0.05)
    assert np.array_equal(rough.mean, full.mean) == (not gains_from_bf16("cpu"))


def test_a_network_in_training_is_put_into_evaluation_mode(torch_file: Path, picture: np.ndarray) -> None:
    network, description = load_model(torch_file)
    backend = TorchBackend(network.train(), description)
    assert not network.training
    backend.run(picture)
    assert all(weight.grad is None for weight in network.parameters())


def test_pixels_may_be_read_only(torch_file: Path, picture: np.ndarray, recwarn: pytest.WarningsRecorder) -> None:
    picture.setflags(write=False)
    open_torch_backend(torch_file, device="cpu").run(picture)
    assert not recwarn.list


def test_cuda_where_there_is_none_is_refused(torch_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(ValueError, match="cuda was asked for"):
        open_torch_backend(torch_file, device="cuda")
    assert open_torch_backend(torch_file, device="auto").description.name == "tiny"
