"""What a person gets: the wheel alone, with the base dependencies only, counts the example."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("wheel")  # what is made once serves all tests of this file

WITHOUT = {"torch", "onnx", "onnxscript", "matplotlib", "safetensors"}
"""What counting a picture needs none of."""


def run(*command: str | Path, folder: Path) -> str:
    """Standard output of a command that must succeed, run away from the repository and its environment."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this revision."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, repository, folder=folder)
    (built,) = folder.glob("uepnet-*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    run(
        python,
        "-m",
        "pip",
        "install",
        "--no-compile",
        "--constraint",
        repository / "constraints.txt",
        wheel,
        folder=folder,
    )
    return python


def test_the_wheel_holds_the_package_its_types_and_its_models(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"uepnet/__init__.pyi", "uepnet/py.typed", "uepnet/cli/app.py"} <= set(names)
    assert [name for name in names if name.startswith("uepnet/bundled/") and name.endswith(".onnx")]
    assert [name for name in names if not name.startswith(("uepnet/", "uepnet-"))] == []


@pytest.mark.slow
def test_the_wheel_alone_counts_the_example(clean: Path, tmp_path: Path) -> None:
    listing = "from importlib.metadata import distributions; print(*(one.metadata['Name'] for one in distributions()))"
    installed = set(run(clean, "-c", listing, folder=tmp_path).split())  # not by pip, which a setting may silence
    assert "onnxruntime" in installed
    assert installed & WITHOUT == set()

    program = clean.with_name("uepnet")
    printed = run(program, "demo", "--out", tmp_path / "demo", folder=tmp_path)
    assert "true" in printed
    answer = json.loads(run(program, "count", tmp_path / "demo" / "example.jpg", "--json", folder=tmp_path))
    assert answer["count"] > 0
    assert (answer["width"], answer["height"]) == (1024, 768)
