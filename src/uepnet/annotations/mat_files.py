"""MATLAB files and arrays of points, with every way they can be wrong turned into an `AnnotationError`."""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from uepnet.annotations.mat_structure import check_mat
from uepnet.errors import AnnotationError


def read_mat(path: Path) -> dict[str, Any]:
    """The variables of a .mat file (versions 4 to 7.2) by name."""
    import scipy.io  # here, so that counting a picture does not load it

    if not path.is_file():
        raise AnnotationError(
            f"{path}: there is no such annotation file; every picture needs one, see the data set's layout"
        )
    try:
        check_mat(path.read_bytes())
        variables: dict[str, Any] = scipy.io.loadmat(path)
    except Exception as error:  # a damaged file can fail anywhere in SciPy's parser, with any exception
        raise AnnotationError(
            f"{path}: this is no MATLAB file of version 4 to 7.2 ({type(error).__name__}: {error}); "
            "fetch it again, or save it anew with -v7"
        ) from error
    return variables


def variable(variables: dict[str, Any], key: str, *, path: Path) -> Any:
    """One variable of a .mat file."""
    if key not in variables:
        found = ", ".join(sorted(name for name in variables if not name.startswith("__"))) or "nothing"
        raise AnnotationError(
            f"{path}: it holds {found}, but its heads should be under '{key}'; is this the right data set?"
        )
    return variables[key]


def as_points(values: Any, *, path: Path) -> Float[np.ndarray, "heads 2"]:
    """An annotation's numbers as points; any empty array means no heads."""
    points = as_numbers(values, path=path)
    if points.size == 0:
        return np.zeros((0, 2), dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise AnnotationError(f"{path}: the points should be rows of x and y, but their shape is {list(points.shape)}")
    return points


def as_numbers(values: Any, *, path: Path) -> Float[np.ndarray, "..."]:
    """An array of finite numbers of any type (uint8 too, which would overflow in a sum) as float64."""
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise AnnotationError(f"{path}: there should be numbers, but they are of the type {array.dtype}")
    numbers: Float[np.ndarray, ...] = array.astype(np.float64)
    broken = int((~np.isfinite(numbers)).sum())
    if broken:
        raise AnnotationError(f"{path}: {broken} of {numbers.size} numbers are not finite; correct the file")
    return numbers
