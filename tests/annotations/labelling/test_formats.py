"""A data set's heads out into every form, and back through the layout `folder`; which reader takes which file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.labelling.formats import FORMS, read_heads, write_heads
from uepnet.errors import AnnotationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one without heads."""
    root = tmp_path / "photos"
    root.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 30)).save(root / name)
    (root / "heads.csv").write_text("picture,x,y\na.png,1.5,2\na.png,30,20.25\nb.png,,\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("form", FORMS)
def test_heads_come_back(folder: Path, tmp_path: Path, form: str) -> None:
    data_set = open_data_set(f"folder:{folder}", split="all")
    path = tmp_path / FORMS[form].download
    write_heads(data_set, path, form=form)
    (folder / "heads.csv").unlink()
    for file in path.iterdir() if FORMS[form].folder else [path]:
        file.rename(folder / file.name)
    again = open_data_set(f"folder:{folder}", split="all")
    for entry, old in zip(again.entries, data_set.entries, strict=True):
        expected = np.array([[1.5, 2], [30, 20.25]]) if old.name == "a.png" else np.zeros((0, 2))
        assert again.heads(entry).xy == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if not form.sized])
def test_a_form_that_is_not_sized_is_written_without_sizes(tmp_path: Path, form: str) -> None:
    path = tmp_path / FORMS[form].download
    FORMS[form].write(path, {"a.png": np.array([[1.5, 2.0]])}, {})
    assert read_heads(path)["a.png"].tolist() == [[1.5, 2.0]]


def test_an_unknown_form_lists_the_known_ones(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label-studio"):
        write_heads(open_data_set(f"folder:{folder}", split="all"), tmp_path / "x", form="voc")


def test_two_pictures_of_one_name_are_refused(tmp_path: Path) -> None:
    for part in ("morning", "evening"):
        (tmp_path / "photos" / part).mkdir(parents=True)
        Image.new("RGB", (40, 30)).save(tmp_path / "photos" / part / "a.png")
        (tmp_path / "photos" / part / "a.txt").write_text("1 2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.png"):
        write_heads(open_data_set(f"folder:{tmp_path / 'photos'}", split="all"), tmp_path / "x.csv", form="csv")


@pytest.mark.parametrize(
    ("file_name", "text"),
    [
        ("a.csv", "picture,x,y\na.jpg,1,2\n"),
        ("a.CSV", "picture,x,y\na.jpg,1,2\n"),
        ("a.xml", '<annotations><image name="a.jpg"><points points="1,2"/></image></annotations>'),
        ("a.json", '{"a.jpg": [[1, 2]]}'),
        ("a.json", '{"imagePath": "a.jpg", "shapes": [{"label": "", "shape_type": "point", "points": [[1, 2]]}]}'),
        (
            "a.json",
            '{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "keypoints": ["head"]}],'
            '"annotations": [{"image_id": 1, "category_id": 1, "keypoints": [1, 2, 2]}]}',
        ),
        (
            "a.json",
            '[{"data": {"image": "a.jpg"}, "annotations": [{"result": [{"type": "keypoint", "original_width": 100,'
            '"original_height": 100, "value": {"x": 1, "y": 2}}]}]}]',
        ),
    ],
)
def test_the_content_decides(tmp_path: Path, file_name: str, text: str) -> None:
    (tmp_path / file_name).write_text(text)
    points = read_heads(tmp_path / file_name)
    assert {name: each.tolist() for name, each in points.items()} == {"a.jpg": [[1.0, 2.0]]}


@pytest.mark.parametrize("text", ["3", "null", '"a"', '{"images": 3}'])
def test_json_of_no_tool_is_an_annotation_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(AnnotationError, match=r"a\.json"):
        read_heads(tmp_path / "a.json")


def test_another_suffix_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"\.csv, \.json, \.xml"):
        read_heads(tmp_path / "a.yaml")
