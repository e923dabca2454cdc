"""Label Studio's export as the tool writes it, and what is refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from uepnet.annotations.labelling.label_studio import read_label_studio
from uepnet.errors import AnnotationError

REGION = {
    "original_width": 600,
    "original_height": 403,
    "image_rotation": 0,
    "value": {"x": 50.0, "y": 10.0, "width": 0.3, "keypointlabels": ["head"]},
    "id": "aBcD",
    "from_name": "kp-1",
    "to_name": "img-1",
    "type": "keypointlabels",
    "origin": "manual",
}
TASK: dict[str, Any] = {
    "id": 1,
    "annotations": [{"id": 3, "completed_by": 1, "was_cancelled": False, "result": [REGION], "lead_time": 9.9}],
    "file_upload": "0d1f2a3b-gate.jpg",
    "data": {"image": "/data/upload/1/0d1f2a3b-gate.jpg"},
    "predictions": [],
    "meta": {},
}


def read(tmp_path: Path, *tasks: Any) -> dict[str, list[list[float]]]:
    path = tmp_path / "project.json"
    path.write_text(json.dumps(list(tasks)), encoding="utf-8")
    return {name: points.tolist() for name, points in read_label_studio(path).items()}


def changed(change: dict[str, Any] | None = None, *, region: dict[str, Any] | None = None) -> dict[str, Any]:
    task = copy.deepcopy(TASK) | (change or {})
    if region is not None:
        task["annotations"][0]["result"][0] |= region
    return task


def test_percents_become_pixels(tmp_path: Path) -> None:
    assert read(tmp_path, TASK) == {"gate.jpg": [[300.0, pytest.approx(40.3)]]}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/data/upload/1/0d1f2a3b-gate.jpg", "gate.jpg"),
        ("/data/upload/1/gate.jpg", "gate.jpg"),
        ("/data/upload/1/0d1f2a3b-my%20gate.jpg", "my gate.jpg"),
        ("/data/local-files/?d=pictures/morning/gate.jpg", "pictures/morning/gate.jpg"),
        ("https://example.org/pictures/0d1f2a3b-gate.jpg?size=big", "0d1f2a3b-gate.jpg"),
        ("s3://bucket/pictures/gate.jpg", "gate.jpg"),
        ("morning/gate.jpg", "morning/gate.jpg"),
    ],
)
@pytest.mark.parametrize("key", ["image", "photo"])
def test_the_picture_s_own_name_comes_back(tmp_path: Path, source: str, name: str, key: str) -> None:
    assert list(read(tmp_path, changed({"data": {key: source}}))) == [name]


def test_no_annotation_is_not_labelled_and_an_empty_one_is_no_heads(tmp_path: Path) -> None:
    assert read(tmp_path, changed({"annotations": []})) == {}
    assert read(tmp_path, changed({"annotations": [{"result": [], "was_cancelled": True}]})) == {}
    assert read(tmp_path, changed({"annotations": [{"result": []}]})) == {"gate.jpg": []}


def test_words_about_the_picture_and_the_labels_of_points_are_no_points(tmp_path: Path) -> None:
    task = changed()
    task["annotations"][0]["result"] += [
        {"type": "choices", "value": {"choices": ["night"]}},
        REGION | {"type": "labels", "value": {"x": 50.0, "y": 10.0, "labels": ["head"]}},
        REGION | {"type": "keypoint", "value": {"x": 0, "y": 100}},
    ]
    assert read(tmp_path, task) == {"gate.jpg": [[300.0, pytest.approx(40.3)], [0.0, 403.0]]}


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (changed({"annotations": TASK["annotations"] * 2}), "'gate.jpg' was labelled more than once"),
        (changed(region={"type": "rectanglelabels"}), r"a shape that is no point \(rectanglelabels\)"),
        (changed(region={"image_rotation": 90}), "image_rotation"),
        (changed(region={"original_width": None}), "without original_width"),
        (changed(region={"original_width": 0}), "original_width"),
        (changed(region={"value": {"x": "50", "y": 10.0}}), "a key point of 'gate.jpg' holds: at x"),
        (changed(region={"value": {"x": 50.0}}), "at y"),
        (changed({"data": {}}), "names its picture under none"),
        (changed({"data": {"a": "1.jpg", "b": "2.jpg"}}), "under none of a, b"),
        (changed({"data": {"image": 7}}), "names its picture under none of image"),
        ({"image": "gate.jpg", "kp": []}, "not what a Label Studio export"),
        ("gate.jpg", "not what a Label Studio export"),
    ],
)
def test_something_else_is_an_annotation_error(tmp_path: Path, task: Any, message: str) -> None:
    with pytest.raises(AnnotationError, match=rf"project\.json: .*{message}"):
        read(tmp_path, task)


def test_two_tasks_of_one_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="more than once"):
        read(tmp_path, TASK, TASK)
