"""The ONNX backend reads models of ours, and refuses everything else with a reason."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from uepnet.description import METADATA_KEY
from uepnet.errors import ModelFileError
from uepnet.inference.onnx_backend import OnnxBackend


def changed(model_files: Path, to: Path, **properties: str) -> Path:
    """The tiny model with other metadata."""
    model = onnx.load(model_files / "tiny.onnx")
    helper.set_model_props(model, properties)
    onnx.save(model, to)
    return to


@pytest.mark.parametrize("threads", [None, 1, 2])
def test_maps_have_a_value_for_every_patch(model_files: Path, picture: np.ndarray, threads: int | None) -> None:
    backend = OnnxBackend(model_files / "tiny.onnx", threads=threads, device="cpu")
    maps = backend.run(picture)
    for values in (maps.mean, maps.argmax, maps.variance):
        assert values.shape == (10, 13)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert backend.description.name == "tiny"


def test_argmax_values_are_means_of_two_proxies(model_files: Path, picture: np.ndarray) -> None:
    backend = OnnxBackend(model_files / "tiny.onnx")
    first, second = (np.array(partition.proxies) for partition in backend.description.partitions)
    possible = ((first[:, None] + second) / 2).ravel()
    distance = np.abs(backend.run(picture).argmax[..., None] - possible).min(axis=-1)
    assert distance.max() < 1e-6


def test_no_threads_are_refused(model_files: Path) -> None:
    with pytest.raises(ValueError, match="0 threads"):
        OnnxBackend(model_files / "tiny.onnx", threads=0)


def test_cuda_where_there_is_none_is_refused(model_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ValueError, match="cuda was asked for"):
        OnnxBackend(model_files / "tiny.onnx", device="cuda")


@pytest.mark.parametrize("content", [b"", b"\x80\x04nothing of the kind", b"\x08\x07\x12"])
def test_no_onnx_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"model\.onnx: "):
        OnnxBackend(path)


def test_a_file_cut_short(tmp_path: Path, model_files: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes((model_files / "tiny.onnx").read_bytes()[:-5000])
    with pytest.raises(ModelFileError, match="no readable ONNX model"):
        OnnxBackend(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no such model file"):
        OnnxBackend(tmp_path / "none.onnx")


def test_a_graph_without_a_description(tmp_path: Path, model_files: Path) -> None:
    with pytest.raises(ModelFileError, match="no description of it"):
        OnnxBackend(changed(model_files, tmp_path / "model.onnx", author="somebody"))


def test_a_wrong_description(tmp_path: Path, model_files: Path) -> None:
    with pytest.raises(ModelFileError, match="wrong at name"):
        OnnxBackend(changed(model_files, tmp_path / "model.onnx", **{METADATA_KEY: "{}"}))


def test_a_graph_with_other_inputs_and_outputs(tmp_path: Path, model_files: Path) -> None:
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "other", values[:1], values[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    described = OnnxBackend(model_files / "tiny.onnx").description.to_json()
    helper.set_model_props(model, {METADATA_KEY: described})
    onnx.save(model, tmp_path / "model.onnx")
    with pytest.raises(ModelFileError, match=r"from \('x',\) to \('y',\)"):
        OnnxBackend(tmp_path / "model.onnx")
