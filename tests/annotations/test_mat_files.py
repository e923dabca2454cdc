"""MATLAB files: what they hold, and every way in which they can be wrong."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.mat_files import as_numbers, as_points, read_mat, variable
from uepnet.errors import AnnotationError

PATH = Path("some.mat")


def test_variables_are_read_by_name(tmp_path: Path, write_mat: Callable[..., Path], points: np.ndarray) -> None:
    path = write_mat(tmp_path / "a.mat", {"annPoints": points})
    assert variable(read_mat(path), "annPoints", path=path).tolist() == points.tolist()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"gone\.mat: there is no such annotation file"):
        read_mat(tmp_path / "gone.mat")


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 200, b"\x89HDF\r\n\x1a\n" + b"\0" * 600])
def test_a_file_that_is_no_mat_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mat"
    path.write_bytes(content)
    with pytest.raises(AnnotationError, match=r"broken\.mat: .*(no MATLAB file|it holds nothing)"):
        variable(read_mat(path), "annPoints", path=path)


def test_damage_anywhere_gives_points_or_an_annotation_error(
    tmp_path: Path, write_mat: Callable[..., Path], points: np.ndarray
) -> None:
    path = write_mat(tmp_path / "a.mat", {"annPoints": points})
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    rng = np.random.default_rng(3)
    outcomes = set()
    for _ in range(150):
        damaged = whole.copy()
        damaged[rng.integers(124, len(whole), 3)] = rng.integers(0, 256, 3)
        path.write_bytes(damaged[: rng.integers(130, len(whole) + 1)].tobytes())
        try:
            as_points(variable(read_mat(path), "annPoints", path=path), path=path)
            outcomes.add("points")
        except AnnotationError:
            outcomes.add("error")
    assert "error" in outcomes


def test_a_wrong_key_is_told_with_those_found(tmp_path: Path, write_mat: Callable[..., Path]) -> None:
    path = write_mat(tmp_path / "a.mat", {"loc": np.zeros((1, 2)), "count": 1})
    with pytest.raises(AnnotationError, match=r"a\.mat: it holds count, loc, .* under 'annPoints'"):
        variable(read_mat(path), "annPoints", path=path)


@pytest.mark.parametrize("empty", [np.zeros((0, 2)), np.zeros((0, 0)), np.array([]), np.zeros((1, 0))])
def test_any_empty_array_means_no_heads(empty: np.ndarray) -> None:
    assert as_points(empty, path=PATH).shape == (0, 2)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "<f8", ">f8"])
def test_numbers_of_any_type_become_float64(dtype: str) -> None:
    points = as_points(np.array([[200, 100]], dtype=dtype), path=PATH)
    assert points.dtype == np.float64
    assert points.tolist() == [[200.0, 100.0]]


def test_a_sum_of_uint8_does_not_overflow() -> None:
    assert as_numbers(np.array([200, 200], dtype=np.uint8), path=PATH).sum() == 400


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 2, 2)])
def test_another_shape_is_told(shape: tuple[int, ...]) -> None:
    with pytest.raises(AnnotationError, match=r"some\.mat: .*shape is \[" + ", ".join(map(str, shape))):
        as_points(np.ones(shape), path=PATH)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_counted(value: float) -> None:
    with pytest.raises(AnnotationError, match=r"some\.mat: 1 of 4 numbers are not finite"):
        as_points(np.array([[1, 2], [3, value]]), path=PATH)


@pytest.mark.parametrize("values", [np.array(["a"]), np.array([{}], dtype=object), np.array([1j])])
def test_what_is_no_number_is_told(values: np.ndarray) -> None:
    with pytest.raises(AnnotationError, match="there should be numbers"):
        as_points(values, path=PATH)
