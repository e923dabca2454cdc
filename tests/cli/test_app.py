"""What becomes of an error, and of a reader of our output that goes away."""

import errno
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer
from typer.models import CommandInfo
from typer.testing import CliRunner, Result

import uepnet
from uepnet.cli.app import EXTRA_OF, Program, app
from uepnet.errors import PictureError
from uepnet.points import HeadPoints


def run_raising(error: BaseException) -> Result:
    """A program of our kind whose only command raises `error`."""
    raising = typer.Typer(cls=Program, pretty_exceptions_enable=False)

    @raising.callback()
    def program() -> None:
        pass

    @raising.command()
    def fail() -> None:
        raise error

    return CliRunner().invoke(raising, ["fail"])


def test_an_error_of_the_world_is_one_line_and_status_1() -> None:
    result = run_raising(PictureError("crowd.jpg: there is no such file"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "uepnet: error: crowd.jpg: there is no such file\n"


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("torch", "train"),
        ("torch.nn", "train"),
        ("onnx", "train"),
        ("matplotlib.pyplot", "train"),
        ("uvicorn.config", "serve"),
        ("prometheus_client", "serve"),
        ("av", "video"),
    ],
)
def test_a_missing_extra_says_what_to_install(module: str, extra: str) -> None:
    result = run_raising(ModuleNotFoundError(f"No module named {module!r}", name=module))
    assert result.exit_code == 1
    assert result.stderr == (
        f"uepnet: error: this needs {module}, a part of uepnet[{extra}]: pip install 'uepnet[{extra}]'\n"
    )


def test_every_package_of_an_extra_stands_in_the_table(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    imported: dict[str, set[str]] = {}
    for name, packages in packages_distributions().items():
        for package in packages:
            imported.setdefault(package.replace("-", "_"), set()).add(name)
    for extra, requirements in project["optional-dependencies"].items():
        for requirement in requirements if extra != "test" else ():
            package = re.split(r"[^\w-]", requirement)[0]
            assert extra in {EXTRA_OF.get(name) for name in imported[package.replace("-", "_")]}, package


def test_a_missing_module_that_is_no_extra_keeps_its_traceback() -> None:
    missing = ModuleNotFoundError("No module named 'uepnet.nowhere'", name="uepnet.nowhere")
    assert run_raising(missing).exception is missing


def test_a_mistake_of_the_caller_found_by_us_is_one_line_and_status_2() -> None:
    mistaken = typer.Typer(cls=Program, pretty_exceptions_enable=False)

    @mistaken.callback()
    def program() -> None:
        pass

    @mistaken.command()
    def shrink() -> None:
        import numpy as np

        HeadPoints(np.zeros((3, 2)), width=0, height=4)

    result = CliRunner().invoke(mistaken, ["shrink"])
    assert result.exit_code == 2
    assert result.stderr == "uepnet: error: a picture has at least one pixel, but this one is 0 x 4\n"


@pytest.mark.parametrize("bug", [ValueError("invalid literal"), KeyError("borders"), ZeroDivisionError()])
def test_a_bug_keeps_its_traceback(bug: Exception) -> None:
    assert run_raising(bug).exception is bug


def test_a_file_that_cannot_be_written_is_one_line_and_status_1(tmp_path: Path) -> None:
    """The error that Python itself raises, with the file's name."""
    (tmp_path / "out").write_text("not a folder", encoding="utf-8")
    with pytest.raises(NotADirectoryError) as raised:
        (tmp_path / "out" / "picture.jpg").write_bytes(b"")
    result = run_raising(raised.value)
    assert result.exit_code == 1
    assert result.stderr == f"uepnet: error: {tmp_path / 'out' / 'picture.jpg'}: Not a directory\n"


@pytest.mark.parametrize(
    ("number", "said", "what_to_do"),
    [
        (errno.ENOSPC, "No space left on device", "; make room on that disk, or name another place"),
        (errno.EACCES, "Permission denied", "; ask its owner for the right, or name another file or place"),
        (errno.EIO, "Input/output error", ""),
    ],
)
def test_an_error_of_the_system_is_one_line_that_says_what_to_do(number: int, said: str, what_to_do: str) -> None:
    result = run_raising(OSError(number, said, "/data/out.csv"))
    assert (result.exit_code, result.stderr) == (1, f"uepnet: error: /data/out.csv: {said}{what_to_do}\n")
    assert run_raising(OSError(number, said)).stderr == f"uepnet: error: {said}{what_to_do}\n"


def test_an_interruption_says_so_with_the_shell_s_status() -> None:
    result = run_raising(KeyboardInterrupt())
    assert (result.exit_code, result.stderr) == (130, "uepnet: error: interrupted\n")


def test_version() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"uepnet {uepnet.__version__}\n"


def test_an_unknown_option_is_status_2() -> None:
    assert CliRunner().invoke(app, ["--colour"]).exit_code == 2


@pytest.mark.parametrize("command", app.registered_commands, ids=lambda command: command.callback.__name__)
def test_every_command_explains_itself(command: CommandInfo) -> None:
    assert command.callback is not None
    assert command.callback.__doc__
    result = CliRunner().invoke(app, [command.callback.__name__, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_a_reader_that_goes_away_ends_the_program_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "uepnet", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == ""
    assert program.returncode == 1
