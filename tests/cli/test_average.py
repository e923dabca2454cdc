"""`uepnet average` from the command line."""

from pathlib import Path

import torch
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.inference.models import find_model
from uepnet.network.model_file import load_model


def test_half_way_between_a_model_and_itself_are_its_own_weights(tmp_path: Path) -> None:
    path, out = find_model("general").with_suffix(".safetensors"), tmp_path / "new" / "half.safetensors"
    result = CliRunner().invoke(app, ["average", str(path), str(path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    for before, after in zip(load_model(path)[0].parameters(), load_model(out)[0].parameters(), strict=True):
        torch.testing.assert_close(after, before)


def test_another_ending_is_refused_before_the_models_are_read(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere.safetensors")
    result = CliRunner().invoke(app, ["average", nowhere, nowhere, "--out", str(tmp_path / "half.onnx")])
    assert result.exit_code == 2
    assert "ends in .safetensors" in result.output


def test_models_of_two_lines_are_refused_before_a_folder_is_made(tmp_path: Path, repository: Path) -> None:
    models = find_model("general").with_suffix(".safetensors"), repository / "weights" / "shanghaitech-ab.safetensors"
    result = CliRunner().invoke(
        app, ["average", *map(str, models), "--out", str(tmp_path / "new" / "half.safetensors")]
    )
    assert result.exit_code == 1
    assert not (tmp_path / "new").exists()
