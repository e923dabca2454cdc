"""A model file with another description: the same weights, the same counts."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from uepnet.description import METADATA_KEY, ModelDescription, RangeCalibration
from uepnet.errors import ModelFileError
from uepnet.export.onnx import export_onnx
from uepnet.export.redescribe import redescribe
from uepnet.inference.counter import Counter
from uepnet.network.model_file import load_model, save_model
from uepnet.network.uepnet import UEPNet

CALIBRATION = RangeCalibration(
    decode="mean", coverage=0.5, patches=1.0, shared=0.1, floor=0.5, scores=(-2.0, -1.0, 0.0, 1.0, 2.0)
)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


@pytest.mark.usefixtures("traced_once")
@pytest.mark.parametrize("same_file", [True, False])
def test_an_onnx_file_gets_ranges_and_keeps_its_counts(
    network: UEPNet, description: ModelDescription, tmp_path: Path, picture: np.ndarray, same_file: bool
) -> None:
    path = tmp_path / "model.onnx"
    export_onnx(path, network, description)
    before = Counter(path).count(picture)
    graph = onnx.load(path).graph.SerializeToString()
    out = path if same_file else tmp_path / "ranged.onnx"
    redescribe(path, out, description.model_copy(update={"calibration": CALIBRATION}))
    after = Counter(out).count(picture)
    assert (before.low, before.high, before.coverage) == (None, None, None)
    assert after.count == before.count
    assert after.low is not None
    assert after.high is not None
    assert after.low < after.count < after.high
    assert after.coverage == 0.5
    assert onnx.load(out).graph.SerializeToString() == graph
    assert [item.key for item in onnx.load(out).metadata_props] == [METADATA_KEY]


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_a_safetensors_file_keeps_its_weights_as_they_are_stored(
    network: UEPNet, description: ModelDescription, tmp_path: Path, dtype: torch.dtype
) -> None:
    path, out = tmp_path / "model.safetensors", tmp_path / "new.safetensors"
    save_model(path, network, description, dtype=dtype)
    heads = (1.5,) * len(description.partitions)
    changed = description.model_copy(update={"calibration": CALIBRATION, "temperatures": heads})
    redescribe(path, out, changed)
    assert load_model(out)[1] == changed
    again = tmp_path / "again.safetensors"
    redescribe(out, again, description)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.usefixtures("traced_once")
def test_what_the_graph_contains_is_not_described_anew(
    network: UEPNet, description: ModelDescription, tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    export_onnx(path, network, description)
    before = path.read_bytes()
    for change in ({"temperatures": (2.0,) * len(description.partitions)}, {"mean": (0.1, 0.2, 0.3)}):
        with pytest.raises(ValueError, match="a description alone cannot"):
            redescribe(path, path, description.model_copy(update=change))
    assert path.read_bytes() == before


def test_endings_that_differ_and_files_that_are_no_models_are_refused(
    description: ModelDescription, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="take the same ending"):
        redescribe(tmp_path / "a.onnx", tmp_path / "a.safetensors", description)
    for name in ("a.onnx", "a.safetensors"):
        (tmp_path / name).write_bytes(b"no model")
        with pytest.raises(ModelFileError):
            redescribe(tmp_path / name, tmp_path / name, description)
