"""Counting with ONNX Runtime: normalisation, padding and decode are inside the graph."""

from pathlib import Path

import numpy as np
import onnxruntime
from jaxtyping import Float32, UInt8

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import ModelFileError
from uepnet.inference.backends import PatchMaps
from uepnet.processor import instructions

INPUT = "picture"
MAPS = ("mean", "argmax", "variance")
FEATURES = "features"
"""An output that files of an earlier date do not have."""
OUTPUTS = (*MAPS, FEATURES)
CUDA = "CUDAExecutionProvider"
CPU = "CPUExecutionProvider"
PRECISE = "session.x64quantprecision"
VNNI = frozenset({"avx512_vnni", "avx_vnni"})


class OnnxBackend:
    """An ONNX model written by `uepnet export`.

    `threads` None leaves the choice to ONNX Runtime (one per core); `device` is `auto`, `cpu` or `cuda`. Raises
    `ModelFileError` for a file that is no such model, and `ValueError` for CUDA where this installation has none.
    """

    def __init__(self, path: Path, *, threads: int | None = None, device: str = "auto") -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"{threads} threads cannot count; give 1 or more")
        self._path = path
        providers = _providers(device)
        self.on_cpu = providers == [CPU]
        self._session = _open_session(path, session_options(threads=threads), providers)
        self._description = _description(self._session, path)
        shapes = {output.name: output.shape for output in self._session.get_outputs()}
        self._outputs = list(shapes)
        self._channels = _channels(shapes.get(FEATURES), self._description, path)

    @property
    def description(self) -> ModelDescription:
        """What the model's weights mean."""
        return self._description

    def run(self, picture: UInt8[np.ndarray, "height width 3"]) -> PatchMaps:
        """The maps of one RGB picture."""
        try:
            found = dict(zip(self._outputs, self._session.run(self._outputs, {INPUT: picture[None]}), strict=True))
        except Exception as error:  # ONNX Runtime's errors have no common class below Exception
            size = f"{picture.shape[1]} x {picture.shape[0]}"
            raise ModelFileError(f"{self._path}: the graph cannot count a picture of {size} ({error})") from error
        patch = self._description.patch
        expected = (1, -(-picture.shape[0] // patch), -(-picture.shape[1] // patch))
        for name in MAPS:
            if found[name].shape != expected:
                raise ModelFileError(
                    f"{self._path}: {name} has the shape {list(found[name].shape)}, its description promises {list(expected)}; "
                    "take a file written by `uepnet export`"
                )
        return PatchMaps(found["mean"][0], found["argmax"][0], found["variance"][0], self._features(found))

    def _features(self, found: dict[str, np.ndarray]) -> Float32[np.ndarray, " channels"] | None:
        """As many as the file promises, whatever the picture; None where it promises none."""
        if FEATURES not in found:
            return None
        features: Float32[np.ndarray, "1 channels"] = found[FEATURES]
        if features.shape != (1, self._channels):
            raise ModelFileError(
                f"{self._path}: {FEATURES} has the shape {list(features.shape)}, the file promises [1, {self._channels}]; "
                "take a file written by `uepnet export`"
            )
        mine: Float32[np.ndarray, " channels"] = features[0]
        return mine


def session_options(*, threads: int | None = None) -> onnxruntime.SessionOptions:
    """How every graph that counts is run: quietly, and with the same sums on every processor.

    x86 processors without instructions for eight-bit networks (VNNI; before 2020, roughly) add pairs of products in 16 bits
    and cut off what is larger, which took people out of dense pictures; ONNX Runtime's `x64quantprecision` has them add
    without loss, and takes longer. Others add without loss anyway, but it would slow them too, so it is set there alone.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    found = instructions()
    if found is None or not found & VNNI:  # on ARM the option is without effect
        options.add_session_config_entry(PRECISE, "1")
    if threads is not None:
        options.intra_op_num_threads = threads
    return options


def _providers(device: str) -> list[str]:
    available = onnxruntime.get_available_providers()
    if device == "cpu" or (device == "auto" and CUDA not in available):
        return [CPU]
    if device not in ("auto", "cuda"):
        raise ValueError(f"there is no device {device!r}; there are auto, cpu, cuda")
    if CUDA not in available:
        raise ValueError(
            "the device cuda was asked for, but this ONNX Runtime has no CUDA; take cpu, or install onnxruntime-gpu"
        )
    return [CUDA, CPU]


def _open_session(
    path: Path, options: onnxruntime.SessionOptions, providers: list[str]
) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise ModelFileError(f"{path}: there is no such model file")
    again = int(providers != [CPU])  # on the CPU a second try would fail too, and ONNX Runtime says so on stdout
    try:
        return onnxruntime.InferenceSession(str(path), options, providers, enable_fallback=again)
    except Exception as error:  # ONNX Runtime's errors have no common class below Exception
        raise ModelFileError(f"{path}: this is no readable ONNX model ({error})") from error


def _channels(shape: list[object] | None, description: ModelDescription, path: Path) -> int:
    """How many features the graph gives of a picture, 0 for none; as many as the description compares them with."""
    channels = 0 if shape is None else shape[-1] if len(shape) == 2 else None
    wanted = None if description.familiar is None else len(description.familiar.centre)
    if not isinstance(channels, int) or (shape is not None and channels < 1) or wanted not in (None, channels):
        raise ModelFileError(
            f"{path}: the graph gives {'no' if shape is None else shape} features of a picture, its description compares "
            f"{'none' if wanted is None else wanted}; take a file written by `uepnet export`"
        )
    return channels


def _description(session: onnxruntime.InferenceSession, path: Path) -> ModelDescription:
    try:
        metadata = session.get_modelmeta().custom_metadata_map
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{path}: the description in the file is no text; take the file anew") from error
    if METADATA_KEY not in metadata:
        raise ModelFileError(
            f"{path}: the file holds a graph but no description of it; take one written by `uepnet export`"
        )
    found = {item.name: item.type for item in (*session.get_inputs(), *session.get_outputs())}
    wanted = {INPUT: "tensor(uint8)", **dict.fromkeys(OUTPUTS, "tensor(float)")}
    earlier = {name: kind for name, kind in wanted.items() if name != FEATURES}
    if found not in (wanted, earlier) or len(session.get_inputs()) != 1:
        raise ModelFileError(
            f"{path}: the graph has the inputs and outputs {found}, a counting graph {wanted}; "
            "take one written by `uepnet export`"
        )
    return ModelDescription.from_json(metadata[METADATA_KEY], source=str(path))
