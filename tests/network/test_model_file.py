"""A model file gives back what was saved, and refuses what is no model of ours without running any of it."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ModelFileError
from uepnet.network.model_file import load_model, save_model
from uepnet.network.uepnet import UEPNet


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 0.0), (torch.float16, 1e-3)])
def test_round_trip(
    tmp_path: Path, network: UEPNet, description: ModelDescription, dtype: torch.dtype, tolerance: float
) -> None:
    path = tmp_path / "model.safetensors"
    save_model(path, network, description, dtype=dtype)
    loaded, told = load_model(path)
    assert told == description
    assert not loaded.training
    assert loaded.shape == network.shape
    for name, weight in loaded.state_dict().items():
        assert weight.dtype == torch.float32
        torch.testing.assert_close(weight, network.state_dict()[name], rtol=tolerance, atol=tolerance / 100)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_fp16_is_half_the_size(tmp_path: Path, network: UEPNet, description: ModelDescription) -> None:
    save_model(tmp_path / "full.safetensors", network, description)
    save_model(tmp_path / "half.safetensors", network, description, dtype=torch.float16)
    sizes = [(tmp_path / f"{name}.safetensors").stat().st_size for name in ("half", "full")]
    assert sizes[0] / sizes[1] == pytest.approx(0.5, abs=0.01)


def test_an_existing_file_is_replaced(tmp_path: Path, network: UEPNet, description: ModelDescription) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"old")
    save_model(path, network, description)
    assert load_model(path)[1].name == "tiny"


class Bomb:
    """What a pickle could do."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("the pickle was loaded",))


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelFileError, match="no readable safetensors"):
        load_model(path)
    torch.save({"bomb": Bomb()}, path)
    with pytest.raises(ModelFileError, match="no readable safetensors"):
        load_model(path)


@pytest.mark.parametrize("kept", [0, 7, 500, -1])
def test_a_file_cut_short_is_refused(tmp_path: Path, network: UEPNet, description: ModelDescription, kept: int) -> None:
    path = tmp_path / "model.safetensors"
    save_model(path, network, description)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelFileError, match="no readable safetensors"):
        load_model(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no such model file"):
        load_model(tmp_path / "none.safetensors")
    with pytest.raises(ModelFileError, match="no readable safetensors"):
        load_model(tmp_path)


def test_weights_without_a_description_are_refused(tmp_path: Path, network: UEPNet) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file(network.state_dict(), path)
    with pytest.raises(ModelFileError, match="no description"):
        load_model(path)


def test_a_wrong_description_is_refused_with_the_place(tmp_path: Path, network: UEPNet) -> None:
    path = tmp_path / "model.safetensors"
    save_file(network.state_dict(), path, metadata={METADATA_KEY: '{"name": 3}'})
    with pytest.raises(ModelFileError, match=r"description is wrong at name"):
        load_model(path)


def test_a_description_of_a_network_larger_than_its_weights_takes_no_memory(
    tmp_path: Path, network: UEPNet, description: ModelDescription
) -> None:
    """The whole network would take 6 GB."""
    wide = dict.fromkeys(("decoder_channels", "merge_channels", "head_channels"), 4096)
    told = description.model_copy(update={"network": description.network.model_copy(update=wide)})
    path = tmp_path / "huge.safetensors"
    save_file(network.state_dict(), path, metadata={METADATA_KEY: told.to_json()})
    code = f"""
import resource
from pathlib import Path
from uepnet.errors import ModelFileError
from uepnet.network.model_file import load_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_model(Path({str(path)!r}))
except ModelFileError as error:
    assert "has the shape" in str(error), error
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3)
"""
    pytest.importorskip("resource")
    grown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(grown.stdout) < 200, "megabytes"


def test_weights_that_are_whole_numbers_are_refused(
    tmp_path: Path, network: UEPNet, description: ModelDescription
) -> None:
    weights = dict(network.state_dict())
    weights["heads.0.0.weight"] = weights["heads.0.0.weight"].view(torch.int32)
    path = tmp_path / "whole.safetensors"
    save_file(weights, path, metadata={METADATA_KEY: description.to_json()})
    with pytest.raises(ModelFileError, match=r"heads\.0\.0\.weight holds I32, not floating point numbers"):
        load_model(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_finite_numbers_are_refused(
    tmp_path: Path, network: UEPNet, description: ModelDescription, value: float
) -> None:
    with torch.no_grad():
        dict(network.named_parameters())["heads.0.0.weight"][0] = value
    save_model(tmp_path / "damaged.safetensors", network, description)
    with pytest.raises(ModelFileError, match=r"heads\.0\.0\.weight holds values that are no finite numbers \(1 of"):
        load_model(tmp_path / "damaged.safetensors")


@pytest.mark.parametrize("change", ["missing", "surplus", "shape", "encoder"])
def test_weights_of_another_network_are_refused(
    tmp_path: Path, network: UEPNet, description: ModelDescription, change: str
) -> None:
    weights = dict(network.state_dict())
    told = description
    if change == "missing":
        del weights["heads.0.0.weight"]
    elif change == "surplus":
        weights["heads.2.0.weight"] = torch.zeros(1)
    elif change == "shape":
        weights["heads.0.0.weight"] = torch.zeros(16, 15, 1, 1)
    else:
        told = description.model_copy(update={"network": description.network.model_copy(update={"encoder": "vgg17"})})
    path = tmp_path / "model.safetensors"
    save_file(weights, path, metadata={METADATA_KEY: told.to_json()})
    with pytest.raises(ModelFileError, match="not those of the network it describes"):
        load_model(path)
