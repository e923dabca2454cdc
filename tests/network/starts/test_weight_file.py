"""State dicts are read from safetensors and from `.pth`, and nothing of a file is ever run."""

import pickle
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from uepnet.description import METADATA_KEY
from uepnet.errors import ModelFileError
from uepnet.network.starts.weight_file import TORCH_SUFFIXES, read_weights


class Malicious:
    """Makes a file when it is unpickled by a reader that runs what it reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("suffix", [".safetensors", *TORCH_SUFFIXES])
def test_tensors_by_name(tmp_path: Path, suffix: str) -> None:
    weights = {"a.weight": torch.randn(2, 3).half(), "a.bias": torch.randn(2), "count": torch.tensor(3)}
    path = tmp_path / f"weights{suffix}"
    if suffix == ".safetensors":
        save_file(weights, path)
    else:
        torch.save(OrderedDict(weights), path)
    read = read_weights(path)
    assert read.keys() == weights.keys()
    assert all(torch.equal(read[name], weights[name]) for name in weights)


def test_the_older_kind_of_torch_file_and_its_parameters(tmp_path: Path) -> None:
    weights = {"a": nn.Parameter(torch.randn(2, 3))}
    torch.save(weights, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    read = read_weights(tmp_path / "old.pth")
    assert torch.equal(read["a"], weights["a"])
    assert not read["a"].requires_grad


def test_no_code_of_a_file_is_run(tmp_path: Path) -> None:
    trace = tmp_path / "was-here"
    torch.save({"a": torch.zeros(1), "b": Malicious(trace)}, tmp_path / "evil.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Malicious(trace), protocol=2))
    for name in ("evil.pth", "plain.pth"):
        with pytest.raises(ModelFileError, match="it could run a program"):
            read_weights(tmp_path / name)
    assert not trace.exists()
    torch.load(tmp_path / "evil.pth", weights_only=False)
    assert trace.exists(), "the file would have done it"


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize("content", [b"", b"\x80\x02 rubbish", b"PK\x03\x04 no archive", b"\x80\x02}."])
def test_a_damaged_file(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"weights\.(safetensors|pth): th(is is no readable|e file holds more)"):
        read_weights(path)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@given(cut=st.floats(0, 1), place=st.floats(0, 1), byte=st.integers(0, 255))
def test_any_damage_is_an_error_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, cut: float, place: float, byte: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.pth"
    torch.save({"a": torch.arange(4.0)}, path, _use_new_zipfile_serialization=False)
    content = bytearray(path.read_bytes())
    content[round(place * (len(content) - 1))] = byte
    path.write_bytes(content[: round((1 - cut * cut) * len(content))])
    with suppress(ModelFileError):
        read_weights(path)


def test_anything_but_tensors_is_named(tmp_path: Path) -> None:
    torch.save({"state_dict": {"a": torch.zeros(1)}, "epoch": 3}, tmp_path / "checkpoint.pth")
    with pytest.raises(ModelFileError, match="2 of 2 entries are no tensors: state_dict, epoch"):
        read_weights(tmp_path / "checkpoint.pth")
    torch.save([torch.zeros(1)], tmp_path / "list.pth")
    with pytest.raises(ModelFileError, match="the file holds a list"):
        read_weights(tmp_path / "list.pth")


def test_a_missing_file_and_an_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"missing\.safetensors: there is no such file"):
        read_weights(tmp_path / "missing.safetensors")
    with pytest.raises(ModelFileError, match="there is no such file"):
        read_weights(tmp_path)
    (tmp_path / "vgg16.h5").write_bytes(b"")
    with pytest.raises(ModelFileError, match=r"'\.h5' is no suffix .*\.safetensors, \.pth"):
        read_weights(tmp_path / "vgg16.h5")


def test_a_whole_model_is_another_kind_of_start(tmp_path: Path) -> None:
    save_file({"encoder.conv1.weight": torch.zeros(1)}, tmp_path / "model.safetensors", metadata={METADATA_KEY: "{}"})
    with pytest.raises(ModelFileError, match="give it with --start"):
        read_weights(tmp_path / "model.safetensors")
