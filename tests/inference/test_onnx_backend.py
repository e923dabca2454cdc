"""The ONNX backend reads models of ours, and refuses everything else with a reason."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from uepnet.description import METADATA_KEY
from uepnet.errors import ModelFileError
from uepnet.inference.backends import Backend
from uepnet.inference.onnx_backend import CPU, PRECISE, OnnxBackend, session_options


def changed(onnx_file: Path, to: Path, **properties: str) -> Path:
    """The model with other metadata."""
    model = onnx.load(onnx_file)
    helper.set_model_props(model, properties)
    onnx.save(model, to)
    return to


@pytest.mark.parametrize("threads", [None, 1, 2])
def test_maps_are_the_graph_s_outputs_by_name(
    onnx_file: Path, picture: np.ndarray, white_pixels: Backend, threads: int | None
) -> None:
    picture[::3, ::5] = 255
    backend = OnnxBackend(onnx_file, threads=threads, device="cpu")
    found, expected = backend.run(picture), white_pixels.run(picture)
    assert backend.description == white_pixels.description
    assert expected.mean.sum() > 500
    for kind in ("mean", "argmax", "variance"):
        values = getattr(found, kind)
        assert values.dtype == np.float32
        np.testing.assert_array_equal(values, getattr(expected, kind))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (8, 9), (7, 200)])
def test_pictures_of_any_size(onnx_file: Path, height: int, width: int) -> None:
    maps = OnnxBackend(onnx_file).run(np.full((height, width, 3), 255, dtype=np.uint8))
    assert maps.mean.shape == (-(-height // 8), -(-width // 8))
    assert maps.mean.sum() == height * width


def test_no_threads_are_refused(onnx_file: Path) -> None:
    with pytest.raises(ValueError, match="0 threads"):
        OnnxBackend(onnx_file, threads=0)


def test_cuda_where_there_is_none_is_refused(onnx_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ValueError, match="cuda was asked for"):
        OnnxBackend(onnx_file, device="cuda")


@pytest.mark.parametrize("content", [b"", b"\x80\x04nothing of the kind", b"\x08\x07\x12"])
def test_no_onnx_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"model\.onnx: "):
        OnnxBackend(path)


def test_a_file_cut_short(tmp_path: Path, onnx_file: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes((onnx_file).read_bytes()[:-400])
    with pytest.raises(ModelFileError, match="no readable ONNX model"):
        OnnxBackend(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no such model file"):
        OnnxBackend(tmp_path / "none.onnx")


def test_a_graph_without_a_description(tmp_path: Path, onnx_file: Path) -> None:
    with pytest.raises(ModelFileError, match="no description of it"):
        OnnxBackend(changed(onnx_file, tmp_path / "model.onnx", author="somebody"))


def test_a_wrong_description(tmp_path: Path, onnx_file: Path) -> None:
    with pytest.raises(ModelFileError, match="wrong at name"):
        OnnxBackend(changed(onnx_file, tmp_path / "model.onnx", **{METADATA_KEY: "{}"}))


def test_a_graph_with_other_inputs_and_outputs(tmp_path: Path, onnx_file: Path) -> None:
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "other", values[:1], values[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    described = OnnxBackend(onnx_file).description.to_json()
    helper.set_model_props(model, {METADATA_KEY: described})
    onnx.save(model, tmp_path / "model.onnx")
    with pytest.raises(ModelFileError, match=r"\{'x': 'tensor\(float\)', 'y'"):
        OnnxBackend(tmp_path / "model.onnx")


def test_eight_bit_sums_are_not_cut_off_on_processors_without_vnni() -> None:
    """Pairs of the largest products, 2 x 255 x 127, exceed 16 bits: without our option an AVX2 processor says 32,767."""
    whole = {"scale": 1.0, "w_scale": 1.0, "out_scale": 4000.0}
    constants = {name: np.array(value, dtype=np.float32) for name, value in whole.items()}
    constants |= {"zero": np.array(0, dtype=np.uint8), "w_zero": np.array(0, dtype=np.int8)}
    constants["w"] = np.full((16, 32, 1, 1), 127, dtype=np.int8)
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["dq"]),
        helper.make_node("DequantizeLinear", ["w", "w_scale", "w_zero"], ["dw"]),
        helper.make_node("Conv", ["dq", "dw"], ["conv"]),
        helper.make_node("QuantizeLinear", ["conv", "out_scale", "zero"], ["out_q"]),
        helper.make_node("DequantizeLinear", ["out_q", "out_scale", "zero"], ["y"]),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 32, 4, 4])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 16, 4, 4])
    initial = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "sums", [x], [y], initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), session_options(), [CPU])
    (found,) = session.run(None, {"x": np.full((1, 32, 4, 4), 200, dtype=np.float32)})
    np.testing.assert_array_equal(found, np.float32(4000 * round(32 * 200 * 127 / 4000)))


@pytest.mark.parametrize(
    ("has", "precise"),
    [({"avx2"}, True), ({"avx2", "avx512_vnni"}, False), ({"avx2", "avx_vnni"}, False), (None, True)],
)
def test_sums_are_made_the_slow_way_only_without_vnni(
    monkeypatch: pytest.MonkeyPatch, has: set[str] | None, precise: bool
) -> None:
    found = None if has is None else frozenset(has)
    monkeypatch.setattr("uepnet.inference.onnx_backend.instructions", lambda: found)
    options = session_options()
    if precise:
        assert options.get_session_config_entry(PRECISE) == "1"
    else:
        with pytest.raises(RuntimeError):
            options.get_session_config_entry(PRECISE)
