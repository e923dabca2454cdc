"""COCO key points as tools write them, and what is refused."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from uepnet.annotations.labelling.coco import read_coco, write_coco
from uepnet.errors import AnnotationError

FILE: dict[str, Any] = {
    "info": {"year": 2026},
    "licenses": [],
    "images": [
        {"id": 10, "file_name": "gate.jpg", "width": 640, "height": 480},
        {"id": 11, "file_name": "empty.jpg", "width": 640, "height": 480},
    ],
    "annotations": [
        {
            "id": 1,
            "image_id": 10,
            "category_id": 1,
            "keypoints": [9, 9, 1, 10.5, 20, 2],
            "num_keypoints": 2,
            "bbox": [],
        },
        {"id": 2, "image_id": 10, "category_id": 2, "keypoints": [1, 2, 1], "iscrowd": 0},
    ],
    "categories": [
        {"id": 1, "name": "person", "keypoints": ["neck", "head"], "skeleton": [[1, 2]]},
        {"id": 2, "name": "head", "keypoints": ["centre"], "skeleton": []},
    ],
}


def read(tmp_path: Path, content: Any) -> dict[str, list[list[float]]]:
    path = tmp_path / "coco.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return {name: points.tolist() for name, points in read_coco(path).items()}


def test_the_head_among_several_key_points_and_a_single_one(tmp_path: Path) -> None:
    assert read(tmp_path, FILE) == {"gate.jpg": [[10.5, 20.0], [1.0, 2.0]], "empty.jpg": []}


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "image not listed": (lambda file: file["images"].pop(0), "for the image 10, which is not listed"),
    "same id": (lambda file: file["images"].append({"id": 11, "file_name": "b.jpg"}), "same id or the same name"),
    "same name": (lambda file: file["images"].append({"id": 12, "file_name": "gate.jpg"}), "same id or the same name"),
    "no head": (
        lambda file: file["categories"][0].update(keypoints=["nose", "neck"]),
        "the category 1, which has no key",
    ),
    "no category": (lambda file: file["categories"].pop(0), "the category 1, which has no key point"),
    "boxes alone": (lambda file: file["annotations"][1].pop("keypoints"), "a person whose head is not labelled"),
    "not set": (lambda file: file["annotations"][1].update(keypoints=[0, 0, 0]), "a person whose head is not labelled"),
    "cut short": (lambda file: file["annotations"][0].update(keypoints=[9, 9, 1, 5]), "head is not labelled"),
    "a crowd": (lambda file: file["annotations"][1].update(iscrowd=1), "a region of several people"),
    "no number": (
        lambda file: file["annotations"][1].update(keypoints=["1", 2, 2]),
        "annotations -> 1 -> keypoints -> 0",
    ),
    "no images": (lambda file: file.pop("images"), "at images"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_something_else_is_an_annotation_error(tmp_path: Path, change: str) -> None:
    content = copy.deepcopy(FILE)
    alter, message = CHANGES[change]
    alter(content)
    with pytest.raises(AnnotationError, match=rf"coco\.json: .*{message}"):
        read(tmp_path, content)


def test_what_is_written_says_the_sizes(tmp_path: Path) -> None:
    write_coco(tmp_path / "a.json", {"a.jpg": np.array([[1.0, 2.0]])}, sizes={"a.jpg": (40, 30)})
    content = json.loads((tmp_path / "a.json").read_text())
    assert content["images"] == [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 30}]
    assert content["annotations"][0]["keypoints"] == [1.0, 2.0, 2]
