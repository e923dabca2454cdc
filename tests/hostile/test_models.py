"""Model files from strangers: nothing outside the file is read, nothing in it is run, and every fault is one line."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save

from tests.toys import toy_description, toy_shape
from uepnet.description import METADATA_KEY, Familiar
from uepnet.errors import ModelFileError
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.network.model_file import load_model

DESCRIPTION = toy_description("stranger", network=toy_shape(deepest=8, channels=1))


def graph(weight: TensorProto) -> onnx.ModelProto:
    """A graph with the inputs and outputs of a counting graph; every output is the sum of `weight`."""
    maps = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, 1]) for name in ("mean", "argmax", "variance")
    ]
    nodes = [
        helper.make_node("ReduceSum", ["weight"], ["sum"]),
        helper.make_node("Reshape", ["sum", "one"], ["mean"]),
        *(helper.make_node("Identity", ["mean"], [name]) for name in ("argmax", "variance")),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "height", "width", 3])
    one = numpy_helper.from_array(np.array([1, 1, 1], dtype=np.int64), "one")
    made = helper.make_model(
        helper.make_graph(nodes, "stranger", [picture], maps, [weight, one]),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=10,
    )
    helper.set_model_props(made, {METADATA_KEY: DESCRIPTION.to_json()})
    return made


def external(location: str, *, values: int = 4) -> TensorProto:
    """A tensor whose values stand in another file."""
    tensor = TensorProto(name="weight", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL, dims=[values])
    for key, value in (("location", location), ("offset", "0"), ("length", str(4 * values))):
        tensor.external_data.add(key=key, value=value)
    return tensor


@pytest.mark.parametrize("location", ["/etc/passwd", "../secret.bin", "inner/../../secret.bin", "missing.bin"])
def test_values_in_files_elsewhere_are_not_read(tmp_path: Path, location: str) -> None:
    (tmp_path / "secret.bin").write_bytes(np.ones(4, dtype=np.float32).tobytes())
    (tmp_path / "models/inner").mkdir(parents=True)
    path = tmp_path / "models/stranger.onnx"
    path.write_bytes(graph(external(location)).SerializeToString())
    with pytest.raises(ModelFileError, match=r"stranger\.onnx"):
        OnnxBackend(path)


def test_a_tensor_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    weight = TensorProto(name="weight", data_type=TensorProto.FLOAT, dims=[2**40], raw_data=b"\0" * 16)
    (tmp_path / "a.onnx").write_bytes(graph(weight).SerializeToString())
    with pytest.raises(ModelFileError, match="no readable ONNX model"):
        OnnxBackend(tmp_path / "a.onnx")


def test_a_description_that_is_no_text_is_refused_and_nothing_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = graph(numpy_helper.from_array(np.ones(4, dtype=np.float32), "weight")).SerializeToString()
    (tmp_path / "good.onnx").write_bytes(content)
    assert OnnxBackend(tmp_path / "good.onnx").run(np.zeros((8, 8, 3), dtype=np.uint8)).mean.item() == 4.0
    (tmp_path / "bad.onnx").write_bytes(content.replace(b"stranger", b"\xff\xfe\xfd\xfc\xff\xfe\xfd\xfc"))
    with pytest.raises(ModelFileError, match=r"bad\.onnx"):
        OnnxBackend(tmp_path / "bad.onnx")
    assert capfd.readouterr().out == ""


def test_a_description_of_a_network_that_the_weights_are_not(tmp_path: Path) -> None:
    weights = {"encoder.conv1.weight": np.zeros((1, 1), dtype=np.float32)}
    (tmp_path / "a.safetensors").write_bytes(save(weights, metadata={METADATA_KEY: DESCRIPTION.to_json()}))
    with pytest.raises(ModelFileError, match="not those of the network"):
        load_model(tmp_path / "a.safetensors")


@pytest.mark.parametrize("length", [0, 2**31, 2**63 - 1, 2**64 - 1])
def test_a_header_that_says_it_is_huge_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "a.safetensors").write_bytes(length.to_bytes(8, "little") + b'{"a": 1}')
    with pytest.raises(ModelFileError, match="no readable safetensors file"):
        load_model(tmp_path / "a.safetensors")


FAMILIAR = Familiar(centre=(1.0, 0.0, 0.0), rest=0.1, limit=1.0)
ONES = numpy_helper.from_array(np.ones((1, 3), dtype=np.float32), "weight")


def with_features(shape: list[int | str] | None, *, of: str = "weight", familiar: Familiar | None = None) -> bytes:
    """The graph with an output of features that promises this shape; `of` "pixels" has a number for each of the picture."""
    made = graph(ONES)
    made.graph.node.append(helper.make_node("Shape", ["picture"], ["shape"]))
    made.graph.node.append(helper.make_node("ConstantOfShape", ["shape"], ["zeros"]))
    made.graph.node.append(helper.make_node("Flatten", ["zeros"], ["pixels"]))
    if shape is not None:
        made.graph.node.append(helper.make_node("Identity", [of], ["features"]))
        made.graph.output.append(helper.make_tensor_value_info("features", TensorProto.FLOAT, shape))
    described = DESCRIPTION.model_copy(update={"familiar": familiar})
    helper.set_model_props(made, {METADATA_KEY: described.to_json()})
    return made.SerializeToString()


@pytest.mark.parametrize(
    ("shape", "of", "familiar"),
    [
        (None, "weight", FAMILIAR),
        ([1, "any"], "pixels", None),
        ([1, 1, 1], "mean", None),
        ([1, 3], "weight", Familiar(centre=(1.0,), rest=0.1, limit=1.0)),
    ],
)
def test_features_that_do_not_fit_the_description_are_refused(
    tmp_path: Path, shape: list[int | str] | None, of: str, familiar: Familiar | None
) -> None:
    (tmp_path / "a.onnx").write_bytes(with_features(shape, of=of, familiar=familiar))
    with pytest.raises(ModelFileError, match=r"a\.onnx"):
        OnnxBackend(tmp_path / "a.onnx")


def test_features_are_those_that_the_file_promises(tmp_path: Path) -> None:
    black = np.zeros((8, 8, 3), dtype=np.uint8)
    (tmp_path / "good.onnx").write_bytes(with_features([1, 3], familiar=FAMILIAR))
    features = OnnxBackend(tmp_path / "good.onnx").run(black).features
    assert features is not None
    assert features.tolist() == [1.0, 1.0, 1.0]
    (tmp_path / "lies.onnx").write_bytes(with_features([1, 192], of="pixels"))
    backend = OnnxBackend(tmp_path / "lies.onnx")
    assert backend.run(black).features is not None
    with pytest.raises(ModelFileError, match=r"lies\.onnx"):
        backend.run(np.zeros((8, 16, 3), dtype=np.uint8))
