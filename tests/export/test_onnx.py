"""One exported file counts pictures of any size as torch does, and holds nothing but what it needs."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from tests.material import unchecked
from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ExportError
from uepnet.export.onnx import export_onnx
from uepnet.inference.counter import Counter
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.inference.tiles import TiledBackend
from uepnet.inference.torch_backend import TorchBackend
from uepnet.network.initialise import initialise
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (2, 300), (7, 5), (16, 16), (17, 33), (70, 131), (128, 96), (203, 310)]
)
def test_one_file_counts_pictures_of_any_size(
    onnx_file: Path, network: UEPNet, description: ModelDescription, height: int, width: int
) -> None:
    picture = np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    found, expected = OnnxBackend(onnx_file).run(picture), TorchBackend(network, description).run(picture)
    assert found.mean.shape == (-(-height // 8), -(-width // 8))
    np.testing.assert_allclose(found.mean, expected.mean, atol=1e-5)
    np.testing.assert_allclose(found.variance, expected.variance, atol=1e-5)
    assert np.mean(np.abs(found.argmax - expected.argmax) > 1e-5) < 0.01
    assert found.features is not None
    assert expected.features is not None
    np.testing.assert_allclose(found.features, expected.features, rtol=1e-3, atol=1e-4)


def test_a_presence_branch_in_one_file_for_all_sizes_and_in_tiles(
    tmp_path: Path, description: ModelDescription
) -> None:
    shape = description.network.model_copy(update={"presence": 4})
    looking = description.model_copy(update={"network": shape})
    network = UEPNet(shape, classes=looking.channels)
    initialise(network, spread="he", seed=0)
    assert network.presence is not None
    torch.nn.init.normal_(network.presence.judge.weight, std=3.0, generator=torch.Generator().manual_seed(3))
    torch.nn.init.zeros_(network.presence.judge.bias)  # type: ignore[arg-type]
    export_onnx(tmp_path / "looking.onnx", network, looking, half=False)
    onnx_backend, torch_backend = OnnxBackend(tmp_path / "looking.onnx"), TorchBackend(network, looking)
    for height, width in ((1, 1), (17, 33), (70, 131), (203, 310), (40, 1500)):
        blocks = np.random.default_rng(width).integers(0, 256, (-(-height // 20), -(-width // 20), 3), dtype=np.uint8)
        picture = blocks.repeat(20, axis=0).repeat(20, axis=1)[:height, :width]
        expected = torch_backend.run(picture)
        np.testing.assert_allclose(onnx_backend.run(picture).mean, expected.mean, rtol=1e-4, atol=1e-5)
    shown: list[int] = []
    tiled = TiledBackend(torch_backend, tile=32, largest_whole=1).run(
        picture, on_tile=lambda _, number: shown.append(number)
    )
    assert shown[-1] == 2
    np.testing.assert_allclose(tiled.mean, expected.mean, atol=1e-5)
    network.presence = None
    assert np.abs(TorchBackend(network, description).run(picture).mean - expected.mean).max() > 0.05


def test_the_description_travels_with_the_graph(onnx_file: Path, description: ModelDescription) -> None:
    assert Counter(onnx_file).description == description
    (told,) = onnx.load(onnx_file).metadata_props
    assert told.key == METADATA_KEY


def test_the_graph_is_small_and_clean(onnx_file: Path, repository: Path) -> None:
    model = onnx.load(onnx_file, load_external_data=False)
    onnx.checker.check_model(model, full_check=True)
    network_layers = sum(
        node.op_type in ("Conv", "Relu", "Add", "Concat", "Resize", "MaxPool") for node in model.graph.node
    )
    casts = sum(node.op_type == "Cast" for node in model.graph.node)
    assert len(model.graph.node) - network_layers - casts < 65
    assert not model.functions
    assert {opset.domain for opset in model.opset_import} == {""}
    content = onnx_file.read_bytes()
    assert str(repository).encode() not in content
    assert b".py" not in content
    assert [file.name for file in onnx_file.parent.iterdir()] == [onnx_file.name]


def test_inputs_and_outputs_say_what_they_are(onnx_file: Path) -> None:
    session = onnxruntime.InferenceSession(str(onnx_file), providers=["CPUExecutionProvider"])
    (picture,) = session.get_inputs()
    assert (picture.name, picture.type, picture.shape) == ("picture", "tensor(uint8)", [1, "height", "width", 3])
    *maps, features = [(output.name, output.type, output.shape) for output in session.get_outputs()]
    assert maps == [(name, "tensor(float)", [1, "rows", "columns"]) for name in ("mean", "argmax", "variance")]
    assert features == ("features", "tensor(float)", [1, 256])


def test_halved_weights_halve_the_file_and_are_cast_once(onnx_file: Path, network: UEPNet, tmp_path: Path) -> None:
    weights = sum(weight.numel() for weight in network.parameters())
    assert 2 * weights < onnx_file.stat().st_size < 2.05 * weights
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "opened.onnx")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    onnxruntime.InferenceSession(str(onnx_file), options, providers=["CPUExecutionProvider"])
    opened = onnx.load(tmp_path / "opened.onnx")
    assert sum(node.op_type == "Cast" for node in opened.graph.node) == 1  # the picture's
    assert all(weight.data_type != onnx.TensorProto.FLOAT16 for weight in opened.graph.initializer)


def test_full_weights_and_folded_batch_normalisation(tmp_path: Path, description: ModelDescription) -> None:
    """Without rounding; the caller's network, in training, stays as it was."""
    shape = NetworkShape(encoder="vgg16-bn", deepest=8, decoder_channels=1, merge_channels=1, head_channels=8)
    told = description.model_copy(update={"network": shape})
    network = UEPNet(shape, classes=told.classes)
    initialise(network, spread="he", seed=0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for value in (module.running_mean, module.running_var, module.weight.data, module.bias.data):
                assert value is not None
                value.uniform_(0.5, 1.5)
    before = {name: weight.clone() for name, weight in network.train().state_dict().items()}
    with unchecked():
        parity = export_onnx(tmp_path / "full.onnx", network, told, half=False)
    assert (parity.pictures, parity.map_difference < 1e-5, parity.count_difference < 1e-5) == (7, True, True)
    assert network.training
    assert before.keys() == network.state_dict().keys()
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())
    picture = np.random.default_rng(0).integers(0, 256, (50, 60, 3), dtype=np.uint8)
    expected = TorchBackend(network, told).run(picture).mean
    np.testing.assert_allclose(OnnxBackend(tmp_path / "full.onnx").run(picture).mean, expected, atol=1e-4)
    kinds = [node.op_type for node in onnx.load(tmp_path / "full.onnx").graph.node]
    assert (kinds.count("BatchNormalization"), kinds.count("Cast")) == (0, 1)


def test_weights_beyond_fp16_are_refused(tmp_path: Path, network: UEPNet, description: ModelDescription) -> None:
    with torch.no_grad():
        network.get_parameter("encoder.conv1.weight")[0, 0, 0, 0] = 1e5
    with pytest.raises(ExportError, match=r"encoder\.conv1\.weight: its largest weight 1e\+05 is beyond fp16"):
        export_onnx(tmp_path / "model.onnx", network, description)
    assert not list(tmp_path.iterdir())


def test_a_graph_that_counts_otherwise_is_not_left_behind(
    tmp_path: Path,
    network: UEPNet,
    description: ModelDescription,
    onnx_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the exporter had mistaken one bias; an older file stays."""
    wrong = onnx.load(onnx_file)
    bias = next(weight for weight in wrong.graph.initializer if weight.name.endswith("heads.0.2.bias"))
    shifted = onnx.numpy_helper.to_array(bias) + np.array([0, 0, 0, 0.01], dtype=np.float32)
    bias.CopyFrom(onnx.numpy_helper.from_array(shifted, bias.name))
    monkeypatch.setattr("torch.onnx.export", lambda *_, **__: SimpleNamespace(model_proto=wrong))
    path = tmp_path / "model.onnx"
    path.write_bytes(b"the old one")
    with pytest.raises(ExportError, match=r"model\.onnx: at .* pixels the .* differs from torch's by"):
        export_onnx(path, network, description)
    assert path.read_bytes() == b"the old one"
    assert [file.name for file in tmp_path.iterdir()] == ["model.onnx"]
