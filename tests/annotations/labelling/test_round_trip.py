"""What is written for a labelling tool is read back as it was, whatever the names and points."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from uepnet.annotations.labelling.coco import read_coco, write_coco
from uepnet.annotations.labelling.csv_points import read_csv, write_csv
from uepnet.annotations.labelling.cvat import read_cvat, write_cvat
from uepnet.annotations.labelling.formats import read_heads
from uepnet.annotations.labelling.json_points import read_json, write_json
from uepnet.annotations.labelling.label_studio import read_label_studio, write_label_studio
from uepnet.annotations.labelling.labelme import read_labelme, write_labelme
from uepnet.annotations.labelling.text_points import read_text_points, write_text_points

Table = Mapping[str, np.ndarray]

NAMES = st.text("aé漢 ,;\"'<>&%#?=+-_.0", min_size=1, max_size=8).map(lambda stem: f"in {stem}x/{stem}x.jpg")
POINTS = arrays(np.float64, st.tuples(st.integers(0, 5), st.just(2)), elements=st.floats(-1e5, 1e5))
TABLES = st.dictionaries(NAMES, POINTS, max_size=4)


def sizes_of(table: Table) -> dict[str, tuple[int, int]]:
    return {name: (640 + index, 481) for index, name in enumerate(table)}


TOOLS: dict[str, tuple[str, Callable[[Path, Table], None], Callable[[Path], Table]]] = {
    "csv": ("heads.csv", write_csv, read_csv),
    "json": ("heads.json", write_json, read_json),
    "cvat": ("heads.xml", write_cvat, read_cvat),
    "coco": ("heads.json", lambda path, table: write_coco(path, table, sizes=sizes_of(table)), read_coco),
    "labelme": ("folder", lambda path, table: write_labelme(path, table, sizes=sizes_of(table)), read_labelme),
}


@pytest.mark.parametrize("tool", TOOLS)
@given(table=TABLES)
def test_names_and_points_come_back_exactly(tool: str, table: Table) -> None:
    file_name, write, read = TOOLS[tool]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file_name
        if tool == "labelme":
            path.mkdir()
        write(path, table)
        result = read(path)
        if tool != "labelme" and table:
            assert {name: points.tolist() for name, points in read_heads(path).items()} == {
                name: points.tolist() for name, points in result.items()
            }
    assert {name: points.tolist() for name, points in result.items()} == {
        name: points.tolist() for name, points in table.items()
    }


@given(table=TABLES)
def test_label_studio_s_percents_come_back_as_pixels(table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "heads.json"
        write_label_studio(path, table, sizes=sizes_of(table))
        result = read_heads(path)
        assert list(result) == list(read_label_studio(path)) == list(table)
    for name, points in table.items():
        np.testing.assert_allclose(result[name], points, rtol=1e-12, atol=1e-9)


@given(points=POINTS)
def test_a_text_file_comes_back_exactly(points: np.ndarray) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        write_text_points(path, points)
        assert read_text_points(path).tolist() == points.tolist()
