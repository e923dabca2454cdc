"""The one way from a picture to its count, for the command line, Python, the server and the evaluation alike."""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import UInt8

from uepnet.description import Decode, ModelDescription, RangeCalibration
from uepnet.errors import MissingExtraError, ModelFileError, PictureTooLargeError
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.inference.cautions import cautions
from uepnet.inference.models import DEFAULT_MODEL, find_model
from uepnet.inference.ranges import calibration_at, count_range
from uepnet.inference.result import CountResult
from uepnet.inference.tiles import OnTile, TiledBackend
from uepnet.pictures import LARGEST_MEGAPIXELS, read_picture

BackendName = Literal["auto", "onnx", "torch"]
SUFFIX_OF_BACKEND = {"onnx": ".onnx", "torch": ".safetensors"}


class Counter:
    """Counts the people in pictures with one loaded model.

    `model` is a bundled model's name, an `.onnx` or `.safetensors` file, or a backend that is already there; `backend`
    and `device` are for names and files only. `decode` None takes the model's own, `coverage` (of the ranges) None its
    calibration's. Raises `ModelFileError` for a model that cannot be loaded, `MissingExtraError` where torch is needed
    and not installed, and `ValueError` for a coverage that the calibration cannot give.

    `threads` is how many work on one picture, None for all cores (ONNX models only: torch has one number for the whole
    process). `count` may be called from several threads at once, and one thread a picture then counts the most.

    Models from names and files count large pictures in tiles; a backend that is already there is used as it is
    (`TiledBackend` gives it tiles).
    """

    def __init__(  # noqa: PLR0913  # what a caller may choose, each with a default
        self,
        model: str | Path | Backend = DEFAULT_MODEL,
        *,
        backend: BackendName = "auto",
        device: str = "auto",
        decode: Decode | None = None,
        coverage: float | None = None,
        max_megapixels: float = 64.0,
        threads: int | None = None,
    ) -> None:
        if not 0 < max_megapixels <= LARGEST_MEGAPIXELS:
            raise ValueError(
                f"max_megapixels is {max_megapixels}; it is more than 0 and at most {LARGEST_MEGAPIXELS:g}"
            )
        self._at_once = 1
        if isinstance(model, str | Path):
            opened, self._at_once = _open_backend(model, backend, device, threads)
            model = TiledBackend(opened)
        self._backend = model
        self._decode = self._backend.description.decode_for(decode)
        self._max_megapixels = max_megapixels
        self._calibration = calibration_at(coverage, self._backend.description)

    @property
    def description(self) -> ModelDescription:
        """What the model's weights mean."""
        return self._backend.description

    @property
    def calibration(self) -> RangeCalibration | None:
        """What makes the ranges of counts, at the coverage asked for; None where the model has none."""
        return self._calibration

    @property
    def backend(self) -> Backend:
        """What runs the model."""
        return self._backend

    @property
    def max_megapixels(self) -> float:
        """The size of the largest picture that is counted."""
        return self._max_megapixels

    @property
    def at_once(self) -> int:
        """How many pictures are best counted at the same time: one a core where one thread counts each, else one."""
        return self._at_once

    @property
    def decode(self) -> Decode:
        """The decode in use."""
        return self._decode

    def count(
        self, source: str | Path | bytes | np.ndarray, *, name: str | None = None, on_tile: OnTile | None = None
    ) -> CountResult:
        """Count one picture: a file, the bytes of one, or uint8 RGB pixels [height, width, 3].

        `name` is what the result calls it; `on_tile` is told how far a picture is that is counted in tiles. Raises
        `PictureError` for a picture that cannot be read or is too large.
        """
        return self.count_by_decode(source, name=name, on_tile=on_tile)[self._decode]

    def count_by_decode(
        self, source: str | Path | bytes | np.ndarray, *, name: str | None = None, on_tile: OnTile | None = None
    ) -> dict[Decode, CountResult]:
        """The results of `count` by every decode, from one run of the model; without classes both are the mean's."""
        name = name if name is not None else _name(source)
        picture = self.read(source)
        begin = time.perf_counter()
        maps = self._run(picture, on_tile)
        seconds = time.perf_counter() - begin
        self._refuse_non_finite(maps, name)
        by_mean = CountResult(
            source=name,
            count=float(maps.mean.sum(dtype=np.float64)),
            low=None,
            high=None,
            coverage=None,
            zones=(),
            model=self.description.name,
            width=picture.shape[1],
            height=picture.shape[0],
            seconds=seconds,
            warnings=cautions(picture, maps, self.description),
            count_map=maps.mean,
            variance_map=maps.variance,
            patch=self.description.patch,
        )
        by_argmax = replace(by_mean, count=float(maps.argmax.sum(dtype=np.float64)), count_map=maps.argmax)
        return {"mean": self.ranged(by_mean, "mean"), "argmax": self.ranged(by_argmax, "argmax")}

    def _run(self, picture: UInt8[np.ndarray, "height width 3"], on_tile: OnTile | None) -> PatchMaps:
        if isinstance(self._backend, TiledBackend):
            return self._backend.run(picture, on_tile=on_tile)
        return self._backend.run(picture)

    def ranged(self, result: CountResult, decode: Decode) -> CountResult:
        """The result with its range, if the model has a calibration for that decode."""
        calibration = self.calibration
        if calibration is None or calibration.decode != decode:
            return result
        low, high = count_range(result.count_map, result.variance_map, calibration)
        return replace(result, low=low, high=high, coverage=calibration.coverage)

    def read(self, source: str | Path | bytes | np.ndarray) -> UInt8[np.ndarray, "height width 3"]:
        """The pixels that `count` counts. Raises as `count` does."""
        if not isinstance(source, np.ndarray):
            given = Path(source) if isinstance(source, str) else source
            return read_picture(given, max_megapixels=self._max_megapixels)
        if source.dtype != np.uint8 or source.ndim != 3 or source.shape[2] != 3 or source.size == 0:
            raise ValueError(
                f"pixels are uint8 RGB [height, width, 3], but these are {source.dtype} {list(source.shape)}; "
                "convert them, or give the file"
            )
        megapixels = source.shape[0] * source.shape[1] / 1e6
        if megapixels > self._max_megapixels:
            raise PictureTooLargeError(
                f"the picture: {source.shape[1]} x {source.shape[0]} = {megapixels:.1f} megapixels, the limit is "
                f"{self._max_megapixels:g}; scale the picture down or raise max_megapixels"
            )
        return np.ascontiguousarray(source)

    def _refuse_non_finite(self, maps: PatchMaps, name: str) -> None:
        broken = sum(int((~np.isfinite(values)).sum()) for values in (maps.mean, maps.argmax, maps.variance))
        if broken:
            raise ModelFileError(
                f"{name}: the model {self.description.name} gave {broken} values that are no finite numbers among "
                f"{3 * maps.mean.size}; its weights are damaged, take the file anew"
            )


def _open_backend(model: str | Path, backend: BackendName, device: str, threads: int | None) -> tuple[Backend, int]:
    """The backend that fits the file, if it is the one asked for, and how many pictures it should count at once."""
    path = find_model(model)
    by_suffix = {suffix: name for name, suffix in SUFFIX_OF_BACKEND.items()}
    if path.suffix not in by_suffix:
        raise ModelFileError(
            f"{path}: a model file is .onnx or .safetensors, this one is {path.suffix or 'without suffix'}"
        )
    if backend not in ("auto", by_suffix[path.suffix]):
        if backend not in SUFFIX_OF_BACKEND:
            raise ValueError(f"there is no backend {backend!r}; there are auto, {', '.join(SUFFIX_OF_BACKEND)}")
        raise ModelFileError(
            f"{path}: the backend {backend} reads {SUFFIX_OF_BACKEND[backend]} files, this is {path.suffix}"
        )
    if path.suffix == ".onnx":
        from uepnet.inference.onnx_backend import OnnxBackend

        onnx = OnnxBackend(path, device=device, threads=threads)
        return onnx, (os.cpu_count() or 1) if threads == 1 and onnx.on_cpu else 1
    try:
        from uepnet.inference.torch_backend import open_torch_backend
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{path}: a .safetensors model needs {error.name}; install uepnet[train], or take an .onnx model"
        ) from error
    return open_torch_backend(path, device=device), 1


def _name(source: str | Path | bytes | np.ndarray) -> str:
    return str(source) if isinstance(source, str | Path) else "picture"
