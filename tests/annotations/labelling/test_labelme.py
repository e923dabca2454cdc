"""LabelMe's files as the tool writes them, and what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from uepnet.annotations.labelling.labelme import read_labelme, write_labelme
from uepnet.errors import AnnotationError

SHAPE: dict[str, Any] = {
    "label": "head",
    "points": [[10.5, 20.25]],
    "group_id": None,
    "description": "",
    "shape_type": "point",
    "flags": {},
    "mask": None,
}
FILE: dict[str, Any] = {
    "version": "5.5.0",
    "flags": {},
    "shapes": [SHAPE, SHAPE | {"points": [[1, 2]]}],
    "imagePath": "gate.jpg",
    "imageData": None,
    "imageHeight": 480,
    "imageWidth": 640,
}


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_one_file(tmp_path: Path) -> None:
    points = read_labelme(write(tmp_path / "gate.json", FILE))
    assert {name: each.tolist() for name, each in points.items()} == {"gate.jpg": [[10.5, 20.25], [1.0, 2.0]]}


@pytest.mark.parametrize(
    ("image_path", "name"),
    [
        ("gate.jpg", "labels/gate.jpg"),
        ("../images/gate.jpg", "images/gate.jpg"),
        (r"..\images\gate.jpg", "images/gate.jpg"),
    ],
)
def test_a_folder_of_files_names_pictures_from_there(tmp_path: Path, image_path: str, name: str) -> None:
    write(tmp_path / "labels" / "gate.json", FILE | {"imagePath": image_path, "shapes": []})
    points = read_labelme(tmp_path)
    assert {name: len(each) for name, each in points.items()} == {name: 0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shapes": [SHAPE | {"shape_type": "rectangle", "points": [[1, 2], [3, 4]]}]}, r"no points \(rectangle\)"),
        ({"shapes": [SHAPE, SHAPE | {"label": "car"}]}, "labelled car, head"),
        ({"shapes": [SHAPE | {"points": [[1, 2, 3]]}]}, "shapes -> 0 -> points -> 0"),
        ({"shapes": None}, "at shapes"),
        ({"imagePath": 3}, "at imagePath"),
    ],
)
def test_something_else_is_an_annotation_error(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "gate.json", FILE | change)
    with pytest.raises(AnnotationError, match=rf"gate\.json: .*{message}"):
        read_labelme(path)


def test_two_files_of_one_picture_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.json", FILE)
    write(tmp_path / "b.json", FILE)
    with pytest.raises(AnnotationError, match=r"b\.json: 'gate\.jpg' has a LabelMe file already"):
        read_labelme(tmp_path)


def test_pictures_that_would_share_a_file_are_refused(tmp_path: Path) -> None:
    table = dict.fromkeys(("a.jpg", "a.png"), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="differ in their suffix alone"):
        write_labelme(tmp_path, table, sizes=dict.fromkeys(table, (4, 3)))
