"""A model that cannot be read ends a command before it has made anything."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.scenes.writing import write_scenes

COMMANDS = {
    "average": "average MODEL.safetensors MODEL.safetensors --out OUT/model.safetensors",
    "evaluate": "evaluate --data drawn:SCENES --split all --model MODEL.onnx --out OUT --maps OUT/maps --record OUT/record.json",
    "export": "export MODEL.safetensors --out OUT/model.onnx",
    "familiar": "familiar MODEL.onnx --data drawn:SCENES --split all --out OUT/model.onnx --record OUT/record.json",
    "ranges": "ranges MODEL.onnx --data drawn:SCENES --split all --out OUT/model.onnx --record OUT/record.json",
    "robustness": "bench robustness --data drawn:SCENES --model MODEL.onnx --record OUT/record.json",
    "submission": "submission --data drawn:SCENES --split all --model MODEL.onnx --out OUT/counts.txt",
    "temperatures": "temperatures MODEL.safetensors --data drawn:SCENES --split all --out OUT/model.safetensors",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_folder_is_left(tmp_path: Path, command: str) -> None:
    write_scenes(tmp_path / "scenes", seeds=range(20), heads=3, width=64, height=64)
    for ending in ("onnx", "safetensors"):
        (tmp_path / f"model.{ending}").write_bytes(b"no model")
    places = {"MODEL": tmp_path / "model", "SCENES": tmp_path / "scenes", "OUT": tmp_path / "out"}
    for name, place in places.items():
        command = command.replace(name, str(place))
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 1
    assert f"error: {tmp_path / 'model.'}" in result.stderr
    assert not (tmp_path / "out").exists()
