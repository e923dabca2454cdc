"""Good MATLAB files pass, and those that would end SciPy's process do not."""

import io
import struct
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from uepnet.annotations.mat_files import read_mat
from uepnet.annotations.mat_structure import DEEPEST, check_mat
from uepnet.errors import AnnotationError


def saved(variables: dict[str, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    scipy.io.savemat(cast(Any, file), variables, **options)  # the stubs know no open files
    return file.getvalue()


def cell(*content: Any) -> np.ndarray:
    made = np.empty((1, len(content)), dtype=object)
    made[0, :] = content
    return made


POINTS = np.array([[1.0, 2.0], [3.0, 4.0]])
GOOD: dict[str, dict[str, Any]] = {
    "points": {"annPoints": POINTS},
    "none": {"annPoints": np.zeros((0, 0))},
    "integers": {"a": np.array([[1, 2]], dtype=np.uint16), "b": np.array([[2**60]], dtype=np.int64)},
    "complex": {"a": np.array([[1 + 2j]])},
    "text": {"a": "words", "b": ["x", "longer"]},
    "cells of structures": {"image_info": cell({"location": POINTS, "number": 2}, cell(), np.zeros((0, 0)))},
    "structures": {
        "frame": np.array([[(POINTS, "a")], [(POINTS[:1], "b")]], dtype=[("loc", object), ("name", object)])
    },
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", GOOD)
def test_what_scipy_writes_passes(name: str, packed: bool) -> None:
    check_mat(saved(GOOD[name], do_compression=packed))


def test_other_versions_are_left_to_scipy() -> None:
    check_mat(saved(GOOD["points"], format="4"))
    check_mat(b"too short to be one")


def test_a_value_of_no_type_is_refused(tmp_path: Path) -> None:
    """SciPy looks such a type up without asking whether there is one, and ends the process."""
    whole = saved(GOOD["points"])
    values = whole.rindex(struct.pack("<II", 9, 32))
    for kind in (0, 8, 10, 11, 14, 99):
        (tmp_path / "a.mat").write_bytes(whole[:values] + struct.pack("<I", kind) + whole[values + 4 :])
        with pytest.raises(AnnotationError, match=f"32 bytes cannot be values of type {kind}"):
            read_mat(tmp_path / "a.mat")


def test_bytes_put_in_anywhere_are_no_crash(tmp_path: Path) -> None:
    whole = saved(GOOD["cells of structures"])
    for place in range(128, len(whole), 4):
        (tmp_path / "a.mat").write_bytes(whole[:place] + b"\xd8\x7f\x10\x80" + whole[place:])
        try:
            read_mat(tmp_path / "a.mat")
        except AnnotationError as error:
            assert "a.mat" in str(error)  # noqa: PT017


def test_depth_is_limited() -> None:
    nested: Any = POINTS
    for _ in range(DEEPEST - 1):
        nested = cell(nested)
    check_mat(saved({"a": nested}))
    with pytest.raises(ValueError, match=f"more than {DEEPEST} matrices within one another"):
        check_mat(saved({"a": cell(nested)}))


def test_more_cells_than_there_is_room_for_are_refused() -> None:
    whole = saved({"a": cell(1.0)})
    place = whole.index(struct.pack("<IIii", 5, 8, 1, 1)) + 8
    with pytest.raises(ValueError, match="there should be 4611686014132420609 matrices"):
        check_mat(whole[:place] + struct.pack("<ii", 2**31 - 1, 2**31 - 1) + whole[place + 8 :])


def test_a_matrix_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = saved({"a": np.zeros((500, 500))}, do_compression=True)
    assert len(whole) < 5000
    check_mat(whole)
    monkeypatch.setattr("uepnet.annotations.mat_structure.LARGEST", 1_000_000)
    with pytest.raises(ValueError, match="more than 1 MB when it is unpacked"):
        check_mat(whole)


def test_sparse_matrices_are_refused() -> None:
    with pytest.raises(ValueError, match="sparse"):
        check_mat(saved({"a": scipy.sparse.csc_matrix(POINTS)}))


@pytest.mark.real_data
def test_the_files_of_the_data_sets_pass(shared_data: Path) -> None:
    files = sorted(shared_data.rglob("*.mat"))[::40]
    assert files
    for file in files:
        check_mat(file.read_bytes())
