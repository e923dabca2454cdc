"""Models are found by name or by file, and an unknown one is answered with those that there are."""

from pathlib import Path

import pytest

from uepnet.errors import ModelFileError
from uepnet.inference.models import bundled_models, find_model, find_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("small.onnx", "large.onnx", "large.md", "preset.toml"):
        (tmp_path / name).touch()
    return tmp_path


def test_bundled_models_are_listed_by_name(folder: Path) -> None:
    assert list(bundled_models(folder).items()) == [
        ("large", folder / "large.onnx"), ("small", folder / "small.onnx"),
    ]  # fmt: skip


def test_a_name_is_a_bundled_model(folder: Path) -> None:
    assert find_model("small", folder=folder) == folder / "small.onnx"


@pytest.mark.parametrize("suffix", [".onnx", ".safetensors"])
def test_a_suffix_or_a_folder_makes_it_a_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"mine{suffix}"
    file.touch()
    for named in (f"mine{suffix}", f"./mine{suffix}", str(file), file):
        assert find_model(named, folder=folder).samefile(file)


def test_a_path_is_a_file_even_with_a_bundled_name(folder: Path) -> None:
    with pytest.raises(ModelFileError, match="small: there is no such model file"):
        find_model(Path("small"), folder=folder)


@pytest.mark.parametrize("named", ["none.onnx", "folder/none"])
def test_a_missing_file(folder: Path, named: str) -> None:
    with pytest.raises(ModelFileError, match=f"{named}: there is no such model file"):
        find_model(named, folder=folder)


def test_an_unknown_name_lists_the_known_ones(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="'medium'; there are large, small;"):
        find_model("medium", folder=folder)
    with pytest.raises(ModelFileError, match="this installation has none"):
        find_model("medium", folder=tmp_path / "empty")


def test_weights_to_go_on_from_are_found_by_name_or_file(folder: Path, tmp_path: Path) -> None:
    (folder / "small.safetensors").touch()
    assert find_weights("small", folder=folder) == folder / "small.safetensors"
    assert find_weights(str(folder / "small.safetensors")) == folder / "small.safetensors"
    with pytest.raises(ModelFileError, match="to go on from, 'large'; there are small;"):
        find_weights("large", folder=folder)
    with pytest.raises(ModelFileError, match=r"none\.safetensors: there is no such model file"):
        find_weights("none.safetensors", folder=folder)
    with pytest.raises(ModelFileError, match=r"ends in \.safetensors, this is \.onnx"):
        find_weights(str(folder / "small.onnx"), folder=folder)
