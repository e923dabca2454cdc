"""Label Studio's JSON export: a list of tasks, with key points in percent of the picture's sides.

A task without annotation is not labelled yet and left out of the result (a `folder` then says that it is missing);
one whose annotation is empty holds no heads.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
from jaxtyping import Float
from pydantic import Field, RootModel

from uepnet.annotations.json_files import Pixels, Record, Side, as_array, load_json, shaped
from uepnet.annotations.text_files import whole_text
from uepnet.errors import AnnotationError

OTHER_SHAPES = ("rectangle", "polygon", "ellipse", "brush", "bitmask", "vector")
UPLOAD_PREFIX = re.compile(r"[0-9a-f]{8}-")


class Region(Record):
    """One answer of a person who labelled: a shape with its picture's size, or a word about the picture."""

    type: str = ""
    value: dict[str, Any] = Field(default_factory=dict)
    original_width: Side | None = None
    original_height: Side | None = None
    image_rotation: Annotated[float, Field(ge=0, le=0)] = 0.0


class KeyPoint(Record):
    """A point in percent of the picture's width and height."""

    x: Pixels
    y: Pixels


class Annotation(Record):
    """All answers of one person for one picture."""

    result: list[Region]
    was_cancelled: bool = False


class Task(Record):
    """One picture and what was answered about it."""

    data: dict[str, Any]
    annotations: list[Annotation]


class Export(RootModel[list[Task]]):
    """The whole file."""


def read_label_studio(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of every labelled task, in pixels; a picture uploaded to Label Studio has its own name back."""
    points: dict[str, Float[np.ndarray, "_ 2"]] = {}
    for task in shaped(load_json(path), Export, path=path, tool="a Label Studio export (JSON)").root:
        name = _picture_name(task.data, path)
        annotations = [annotation for annotation in task.annotations if not annotation.was_cancelled]
        if len(annotations) > 1 or (annotations and name in points):
            raise AnnotationError(f"{path}: '{name}' was labelled more than once; leave the annotation that is right")
        if annotations:
            points[name] = as_array([xy for region in annotations[0].result for xy in _points(region, path, name)])
    return points


def write_label_studio(
    path: Path,
    points: Mapping[str, Float[np.ndarray, "_ 2"]],
    *,
    sizes: Mapping[str, tuple[int, int]],
    label: str = "head",
) -> None:
    """The file that `read_label_studio` reads back; `sizes` are the pictures' widths and heights in pixels."""
    tasks = []
    for name, heads in points.items():
        width, height = sizes[name]
        region = {"type": "keypointlabels", "from_name": "heads", "to_name": "image", "image_rotation": 0}
        region |= {"original_width": width, "original_height": height}
        values = [{"x": x / width * 100.0, "y": y / height * 100.0, "width": 0.5} for x, y in heads.tolist()]
        result = [region | {"value": value | {"keypointlabels": [label]}} for value in values]
        tasks.append({"data": {"image": name}, "annotations": [{"result": result}]})
    with whole_text(path) as file:
        json.dump(tasks, file)


def _points(region: Region, path: Path, name: str) -> list[list[float]]:
    if region.type.startswith(OTHER_SHAPES):
        raise AnnotationError(f"{path}: '{name}' holds a shape that is no point ({region.type}); remove it")
    if not region.type.startswith("keypoint"):
        return []  # a choice, a rating, or the label of a point that is there itself
    if region.original_width is None or region.original_height is None:
        raise AnnotationError(
            f"{path}: '{name}' has a point without original_width and original_height; export it anew"
        )
    value = shaped(region.value, KeyPoint, path=path, tool=f"a key point of '{name}'")
    return [[value.x / 100.0 * region.original_width, value.y / 100.0 * region.original_height]]


def _picture_name(data: Mapping[str, Any], path: Path) -> str:
    source = data.get("image", next(iter(data.values())) if len(data) == 1 else None)
    if not isinstance(source, str) or not source:
        raise AnnotationError(f"{path}: a task names its picture under none of {', '.join(data)}; 'image' was expected")
    url = urlsplit(source)
    if not url.scheme and not source.startswith("/data/"):
        return source
    if "d" in parse_qs(url.query):
        return parse_qs(url.query)["d"][0]
    name = PurePosixPath(unquote(url.path)).name
    return UPLOAD_PREFIX.sub("", name, count=1) if url.path.startswith("/data/upload/") else name
