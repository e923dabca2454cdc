"""The models that come with the package, and how a model is found by name or by file."""

from pathlib import Path

from uepnet.errors import ModelFileError

DEFAULT_MODEL = "general"
"""The model that counts when none is named."""

BUNDLED = Path(__file__).resolve().parent.parent / "bundled"
MODEL_SUFFIXES = (".onnx", ".safetensors")


def bundled_models(folder: Path | None = None) -> dict[str, Path]:
    """The models in a folder, `BUNDLED` unless another is given, by name and in alphabetical order."""
    return {path.stem: path for path in sorted((folder or BUNDLED).glob("*.onnx"))}


def find_weights(name_or_path: str, *, folder: Path | None = None) -> Path:
    """The .safetensors file to go on training from: that of a bundled model, or the file named; else as `find_model`."""
    known = {path.stem: path for path in sorted((folder or BUNDLED).glob("*.safetensors"))}
    return _find(name_or_path, known, suffixes=(".safetensors",), what="bundled model with weights to go on from,")


def find_model(name_or_path: str | Path, *, folder: Path | None = None) -> Path:
    """The file of a bundled model, or the file named.

    A `Path`, and a text with a model's suffix or a folder in it, is a file; any other text is a bundled model's name.
    Raises `ModelFileError` if there is no such model, with those that there are.
    """
    return _find(name_or_path, bundled_models(folder), suffixes=MODEL_SUFFIXES, what="bundled model")


def _find(name_or_path: str | Path, known: dict[str, Path], *, suffixes: tuple[str, ...], what: str) -> Path:
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix in MODEL_SUFFIXES or len(path.parts) > 1:
        if not path.is_file():
            raise ModelFileError(f"{path}: there is no such model file")
        if path.suffix in MODEL_SUFFIXES and path.suffix not in suffixes:
            raise ModelFileError(f"{path}: a file to go on training from ends in {suffixes[0]}, this is {path.suffix}")
        return path
    if str(name_or_path) not in known:
        there = f"there are {', '.join(known)}" if known else "this installation has none"
        raise ModelFileError(
            f"there is no {what} {str(name_or_path)!r}; {there}; give a name or a file ({' or '.join(suffixes)})"
        )
    return known[str(name_or_path)]
