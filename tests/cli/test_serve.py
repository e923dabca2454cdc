"""`uepnet serve`: what is said where it cannot start; what it does once started is in tests/serving."""

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT = "import sys; sys.modules[sys.argv.pop(1)] = None; from uepnet.cli.app import main; main()"


@pytest.mark.parametrize("package", ["fastapi", "uvicorn", "prometheus_client"])
def test_the_extra_that_is_missing_is_named(package: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", WITHOUT, package, "serve"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.strip().endswith(
        f"this needs {package}, a part of uepnet[serve]: pip install 'uepnet[serve]'"
    )


def test_models_that_are_not_there_or_twice_there(red_dots_model: Path) -> None:
    for words, said in (
        (["--model", "nobody"], "there is no bundled model 'nobody'"),
        (["--model", str(red_dots_model), "--model", str(red_dots_model)], "two of the models are called red-dots"),
    ):
        command = [sys.executable, "-m", "uepnet", "serve", "--port", "0", *words]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert finished.returncode == 1
        assert said in finished.stderr


def test_a_key_that_browsers_cannot_send_is_refused(red_dots_model: Path) -> None:
    command = [sys.executable, "-m", "uepnet", "serve", "--port", "0", "--model", str(red_dots_model)]
    for key in ("schl\u00fcssel", "two words"):
        finished = subprocess.run([*command, "--api-key", key], capture_output=True, text=True, timeout=60, check=False)
        assert finished.returncode == 1
        assert "beyond ASCII" in finished.stderr
