"""The counter: whatever the way in, the same number; and no number where there is none."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from uepnet.description import Decode, RangeCalibration
from uepnet.errors import MissingExtraError, ModelFileError, PictureError, PictureTooLargeError
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.inference.counter import Counter


def crowd(people: int, *, width: int = 101, height: int = 75) -> np.ndarray:
    """A noisy picture with so many white pixels."""
    random = np.random.default_rng(people)
    pixels = random.integers(0, 200, (height, width, 3), dtype=np.uint8)
    pixels.reshape(-1, 3)[random.choice(height * width, people, replace=False)] = 255
    return pixels


@pytest.mark.parametrize("people", [0, 1, 313])
def test_a_picture_is_counted_and_described(white_pixels: Backend, people: int) -> None:
    result = Counter(white_pixels).count(crowd(people), name="crowd")
    assert result.count == people
    assert result.count_map.shape == (10, 13)
    assert (result.source, result.model, result.width, result.height, result.patch) == (
        "crowd", "white-pixels", 101, 75, 8,
    )  # fmt: skip
    assert (result.low, result.high, result.coverage, result.zones, result.warnings) == (None, None, None, (), ())
    assert result.seconds >= 0


def test_file_bytes_and_pixels_give_the_same_number(white_pixels: Backend, tmp_path: Path) -> None:
    path = tmp_path / "crowd.png"
    Image.fromarray(crowd(40)).save(path)
    counter = Counter(white_pixels)
    results = [counter.count(source) for source in (str(path), path, path.read_bytes(), crowd(40))]
    assert [result.count for result in results] == [40] * 4
    assert [result.source for result in results] == [str(path), str(path), "picture", "picture"]


def test_the_decode_is_the_model_s_own_unless_another_is_asked_for(white_pixels: Backend) -> None:
    picture = crowd(7)
    assert [Counter(white_pixels, decode=decode).count(picture).count for decode in (None, "mean", "argmax")] == [
        7, 7, 14,
    ]  # fmt: skip
    backend: Any = type(white_pixels)()
    backend.description = white_pixels.description.model_copy(update={"decode": "argmax"})
    assert (Counter(backend).decode, Counter(backend).count(picture).count) == ("argmax", 14)


@pytest.mark.parametrize(("decode", "ranged"), [("mean", True), ("argmax", False)])
def test_a_calibrated_model_gives_ranges_of_the_decode_that_was_calibrated(
    white_pixels: Backend, decode: Decode, ranged: bool
) -> None:
    backend: Any = type(white_pixels)()
    calibration = RangeCalibration(
        decode="mean", coverage=0.5, patches=4.0, shared=0.0, floor=1e-6, scores=(-3.0, -2.0, 0.0, 1.0, 2.0)
    )
    backend.description = white_pixels.description.model_copy(update={"calibration": calibration})
    result = Counter(backend, decode=decode).count(crowd(100))
    np.testing.assert_array_equal(result.variance_map, backend.run(crowd(100)).variance)
    if not ranged:
        assert (result.low, result.high, result.coverage) == (None, None, None)
        return
    # The variance of a white pixel is a quarter, so the spread is 10; of 5 scores, the second from each end.
    assert [result.low, result.high] == pytest.approx([70, 120])
    assert result.coverage == 0.5
    narrower = Counter(backend, coverage=0.3).count(crowd(100))
    assert [narrower.low, narrower.high] == pytest.approx([80, 110])
    assert narrower.coverage == 0.3


def test_a_coverage_is_refused_where_there_are_no_ranges(white_pixels: Backend) -> None:
    with pytest.raises(ValueError, match="white-pixels has no calibration"):
        Counter(white_pixels, coverage=0.8)


def test_both_decodes_come_from_one_run(white_pixels: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[np.ndarray] = []
    run = white_pixels.run

    def remembering(picture: np.ndarray) -> PatchMaps:
        shown.append(picture)
        return run(picture)

    monkeypatch.setattr(white_pixels, "run", remembering)
    results = Counter(white_pixels).count_by_decode(crowd(7))
    assert {decode: result.count for decode, result in results.items()} == {"mean": 7.0, "argmax": 14.0}
    assert all(result.count == pytest.approx(result.count_map.sum()) for result in results.values())
    assert len(shown) == 1


def test_unknown_choices_are_refused(white_pixels: Backend, onnx_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production, where nothing checks types before we do."""
    monkeypatch.setattr("jaxtyping.config.jaxtyping_disable", True)
    wrong: Any = "median"
    with pytest.raises(ValueError, match=r"'median'; there are mean and argmax"):
        Counter(white_pixels, decode=wrong)
    with pytest.raises(ValueError, match=r"'median'; there are auto, onnx, torch"):
        Counter(onnx_file, backend=wrong)


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_that_no_picture_meets_is_refused(white_pixels: Backend, limit: float) -> None:
    with pytest.raises(ValueError, match="max_megapixels"):
        Counter(white_pixels, max_megapixels=limit)


def test_pictures_over_the_limit_are_refused_from_files_and_pixels(white_pixels: Backend, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.fromarray(crowd(0)).save(path)
    counter = Counter(white_pixels, max_megapixels=0.007)
    for source in (path, path.read_bytes(), crowd(0)):
        with pytest.raises(PictureTooLargeError, match=r"101 x 75 = 0\.0 megapixels, the limit is 0\.007"):
            counter.count(source)
    assert Counter(white_pixels, max_megapixels=0.008).count(path).count == 0


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4), dtype=np.uint8),
        np.zeros((4, 4, 4), dtype=np.uint8),
        np.zeros((4, 4, 3), dtype=np.float32),
        np.zeros((0, 4, 3), dtype=np.uint8),
    ],
)
def test_pixels_of_another_kind_are_the_caller_s_mistake(white_pixels: Backend, pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"uint8 RGB \[height, width, 3\], but these are"):
        Counter(white_pixels).count(pixels)


def test_a_broken_picture_is_an_error_of_the_world(white_pixels: Backend) -> None:
    with pytest.raises(PictureError, match="no picture"):
        Counter(white_pixels).count(b"not a picture")
    with pytest.raises(PictureError, match=r"none\.jpg: there is no such file"):
        Counter(white_pixels).count("none.jpg")


@pytest.mark.parametrize("broken", ["mean", "argmax", "variance"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_an_error(white_pixels: Backend, broken: str, value: float) -> None:
    class Damaged:
        description = white_pixels.description

        def run(self, picture: np.ndarray) -> PatchMaps:
            maps = white_pixels.run(picture)
            changed = getattr(maps, broken).copy()
            changed[2, 3] = value
            return replace(maps, **{broken: changed})

    with pytest.raises(
        ModelFileError, match=r"crowd: .*white-pixels gave 1 values that are no finite numbers among 390"
    ):
        Counter(Damaged()).count(crowd(3), name="crowd")


def test_pixels_may_be_a_mirrored_view(onnx_file: Path, torch_file: Path, picture: np.ndarray) -> None:
    for file in (onnx_file, torch_file):
        counter = Counter(file)
        assert counter.count(picture[:, ::-1]).count == counter.count(picture[:, ::-1].copy()).count


def test_a_model_file_brings_its_backend(onnx_file: Path, torch_file: Path, white_pixels: Backend) -> None:
    assert Counter(onnx_file, backend="onnx").count(crowd(9)).count == 9
    assert Counter(str(onnx_file)).description == white_pixels.description
    assert Counter(torch_file, backend="torch").decode == "argmax"
    assert Counter(torch_file).description.name == "tiny"


def test_a_backend_that_does_not_read_the_file_is_refused(onnx_file: Path, torch_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"the backend torch reads \.safetensors files, this is \.onnx"):
        Counter(onnx_file, backend="torch")
    with pytest.raises(ModelFileError, match=r"the backend onnx reads \.onnx files, this is \.safetensors"):
        Counter(torch_file, backend="onnx")
    pickled = tmp_path / "model.pth"
    pickled.touch()
    with pytest.raises(ModelFileError, match=r"is \.onnx or \.safetensors, this one is \.pth"):
        Counter(pickled)


def test_a_device_that_is_not_there_is_refused(onnx_file: Path, torch_file: Path) -> None:
    for file in (onnx_file, torch_file):
        with pytest.raises(ValueError, match="tpu"):
            Counter(file, device="tpu")


def test_weights_without_torch_say_what_to_install(torch_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "uepnet.inference.torch_backend", raising=False)
    with pytest.raises(MissingExtraError, match=r"needs torch; install uepnet\[train\], or take an \.onnx model"):
        Counter(torch_file)


def test_counting_with_onnx_loads_neither_torch_nor_scipy(onnx_file: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, format="PNG")
    program = (
        "import sys; from uepnet.inference.counter import Counter; "
        f"Counter({str(onnx_file)!r}).count(sys.stdin.buffer.read()); "
        "print([name for name in ('torch', 'scipy', 'onnx', 'matplotlib', 'safetensors') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], input=file.getvalue(), capture_output=True, check=True)
    assert run.stdout.decode().strip() == "[]"
