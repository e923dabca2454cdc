"""The public names, and what importing them costs."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import uepnet

HEAVY = {"PIL", "matplotlib", "numpy", "onnx", "onnxruntime", "pydantic", "scipy", "torch"}


def loaded_by(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after running `code`."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    program = f"import atexit; atexit.register(lambda: exec({report!r})); {code}"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(finished.stderr.split())


def stub() -> dict[str, str]:
    """Public name -> module, as `__init__.pyi` declares them."""
    tree = ast.parse(Path(str(uepnet.__file__)).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or "": str(node.module) for node in imports for alias in node.names}


def test_the_import_loads_nothing_but_the_standard_library() -> None:
    before = loaded_by("pass")
    assert {name for name in loaded_by("import uepnet") - before if name not in sys.stdlib_module_names} == {"uepnet"}


def test_the_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("import sys; sys.argv = ['uepnet', '--help']; from uepnet.cli.app import main; main()")
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_reading_a_picture_loads_neither_torch_nor_onnxruntime_nor_scipy() -> None:
    loaded = loaded_by("import uepnet; uepnet.read_picture")
    assert "PIL" in loaded
    assert loaded & {"torch", "onnxruntime", "scipy", "matplotlib"} == set()


def test_the_stub_declares_exactly_the_public_names() -> None:
    assert sorted(stub()) == sorted(uepnet.__all__)


@pytest.mark.parametrize("name", uepnet.__all__)
def test_every_public_name_is_the_one_that_the_stub_declares(name: str) -> None:
    value = getattr(uepnet, name)
    assert value is getattr(importlib.import_module(stub()[name]), name)
    assert value.__module__ == stub()[name]
    assert value.__doc__


def test_every_public_error_is_a_uepnet_error_with_a_kind_of_its_own() -> None:
    errors = [getattr(uepnet, name) for name in uepnet.__all__ if name.endswith("Error")]
    assert all(issubclass(error, uepnet.UepnetError) for error in errors)
    assert len({error.kind for error in errors}) == len(errors)
    assert {error.__name__ for error in errors} == {
        name for name, value in vars(importlib.import_module("uepnet.errors")).items() if isinstance(value, type)
    }


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(AttributeError, match="module 'uepnet' has no attribute 'count_heads'"):
        _ = uepnet.count_heads  # type: ignore[attr-defined]  # the point of the test
    assert set(uepnet.__all__) < set(dir(uepnet))
