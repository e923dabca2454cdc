"""Eight bits make the model small and change its counts little, and more than little is refused."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto

from uepnet.description import Familiar, ModelDescription
from uepnet.errors import ExportError
from uepnet.export.int8 import export_int8, layer_costs, layer_names, quantise
from uepnet.inference.counter import Counter
from uepnet.inference.onnx_backend import CPU, session_options
from uepnet.inference.torch_backend import TorchBackend
from uepnet.network.initialise import initialise
from uepnet.network.uepnet import UEPNet


def pictures(number: int, *, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.integers(0, 256, (64, 80, 3), dtype=np.uint8) for _ in range(number)]


pytestmark = pytest.mark.usefixtures("traced_once")


def test_an_int8_model_is_small_and_counts_nearly_the_same(
    tmp_path: Path, network: UEPNet, description: ModelDescription
) -> None:
    path = tmp_path / "int8.onnx"
    looks = Familiar(centre=(0.0,) * 256, rest=0.1, limit=1.0)
    with_looks = description.model_copy(update={"familiar": looks})
    cost = export_int8(path, network, with_looks, calibration=pictures(4), check=pictures(3, seed=1))
    assert cost.pictures == 3
    assert abs(cost.bias) <= cost.change <= cost.largest < 0.02
    assert cost.change > 0
    weights = sum(weight.numel() for weight in network.parameters())
    assert path.stat().st_size < 1.05 * weights
    assert [file.name for file in tmp_path.iterdir()] == ["int8.onnx"]
    counter = Counter(path)
    assert counter.description == description, "the looks were those of other features"
    for height, width in ((1, 1), (33, 50), (70, 131)):
        picture = np.random.default_rng(height).integers(0, 256, (height, width, 3), dtype=np.uint8)
        expected = float(TorchBackend(network, description).run(picture).mean.sum())
        assert counter.count(picture).count == pytest.approx(expected, rel=0.05, abs=0.05)


def test_layers_that_matter_or_cost_no_time_stay_in_full_precision(
    tmp_path: Path, description: ModelDescription
) -> None:
    path = tmp_path / "int8.onnx"
    shape = description.network.model_copy(update={"presence": 4})
    looking = description.model_copy(update={"network": shape})
    network = UEPNet(shape, classes=looking.channels).eval()
    initialise(network, spread="he", seed=0)
    export_int8(path, network, looking, calibration=pictures(2), check=pictures(1))
    kinds = {weight.name: weight.data_type for weight in onnx.load(path).graph.initializer}
    quantised = {name for name, kind in kinds.items() if kind == TensorProto.INT8 and "zero_point" not in name}
    layers = [name for name, module in network.named_modules() if isinstance(module, torch.nn.Conv2d)]
    kept = {"heads.0.2", "heads.1.2", "presence.reduce", "presence.compare", "presence.judge"}
    assert kept < set(layers)
    sizes = {weight.name: list(weight.dims) for weight in onnx.load(path).graph.initializer}
    assert sizes["network.encoder.conv1.weight_quantized"][1:] == [12, 4, 4]
    assert quantised == {f"network.{layer}.weight_quantized" for layer in layers if layer not in kept}


def test_onnx_runtime_quantises_no_layer_by_itself(
    tmp_path: Path, network: UEPNet, description: ModelDescription
) -> None:
    """What it quantises has one scale for all channels; every eight-bit convolution has one for each."""
    path, optimised = tmp_path / "int8.onnx", tmp_path / "optimised.onnx"
    export_int8(path, network, description, calibration=pictures(2), check=pictures(1))
    options = session_options()
    options.optimized_model_filepath = str(optimised)
    onnxruntime.InferenceSession(path, options, providers=[CPU])
    graph = onnx.load(optimised).graph
    sizes = {weight.name: list(weight.dims) for weight in graph.initializer}
    eight = [node for node in graph.node if node.op_type == "QLinearConv"]
    assert len(eight) == sum(isinstance(module, torch.nn.Conv2d) for module in network.modules()) - len(
        description.channels
    )
    for node in eight:
        weight, scale = node.input[3:5]
        assert sizes[scale] == sizes[weight][:1], node.name
    pools = [node.op_type for node in graph.node if node.op_type.endswith("MaxPool")]
    assert pools == ["NhwcMaxPool"], "that of eight bits; there would be another in fp32"


def test_no_more_than_a_little_is_allowed(
    tmp_path: Path, network: UEPNet, description: ModelDescription, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calibrated on black pictures, nothing that is seen later has a scale."""
    black = [np.zeros((32, 32, 3), dtype=np.uint8)]
    with pytest.raises(ExportError, match=r"counts of 2 pictures by \d+\.\d % on average, 2 % is allowed"):
        export_int8(tmp_path / "int8.onnx", network, description, calibration=black, check=pictures(2))
    assert not list(tmp_path.iterdir())


def test_without_pictures_to_check_nothing_is_written(
    tmp_path: Path, network: UEPNet, description: ModelDescription
) -> None:
    with pytest.raises(ValueError, match="none were given"):
        export_int8(tmp_path / "int8.onnx", network, description, calibration=pictures(1), check=[])
    assert not list(tmp_path.iterdir())


def test_each_layer_has_its_cost(network: UEPNet, description: ModelDescription) -> None:
    costs = layer_costs(network, description, calibration=pictures(2), check=pictures(2, seed=1))
    assert list(costs) == [name for name, module in network.named_modules() if isinstance(module, torch.nn.Conv2d)]
    assert all(0 <= cost.change < 0.05 for cost in costs.values())
    assert len({cost.change for cost in costs.values()}) > len(costs) // 2


def test_no_layers_change_nothing(traced: onnx.ModelProto) -> None:
    unchanged = quantise(traced, {}, layers=[])
    assert [node.op_type for node in unchanged.graph.node] == [node.op_type for node in traced.graph.node]


def test_an_unknown_layer_lists_the_known_ones(traced: onnx.ModelProto) -> None:
    assert "encoder.layer3.0.downsample.0" in layer_names(traced)
    with pytest.raises(ValueError, match=r"no layer 'encoder\.conv9'; there are encoder\.conv1, "):
        quantise(traced, {}, layers=["encoder.conv9"])
