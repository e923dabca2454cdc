"""LabelMe's JSON, one file a picture: shapes of the type "point"; a file without shapes says that there are no heads."""

import json
import posixpath
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import Point, Record, as_array, load_json, shaped
from uepnet.annotations.text_files import whole_text
from uepnet.errors import AnnotationError


class Shape(Record):
    """A shape that was drawn; one of the type "point" has one point."""

    label: str
    points: list[Point]
    shape_type: str


class LabelMeFile(Record):
    """The whole file; the picture's path is as from the file's folder."""

    shapes: list[Shape]
    imagePath: str  # noqa: N815 - LabelMe's spelling


def read_labelme(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of one LabelMe file, or of all those in a folder and below, by the pictures' paths from there."""
    if not path.is_dir():
        return dict([_read_file(path, root=path.parent)])
    points: dict[str, Float[np.ndarray, "_ 2"]] = {}
    for file in sorted(path.rglob("*.json")):
        name, heads = _read_file(file, root=path)
        if name in points:
            raise AnnotationError(f"{file}: '{name}' has a LabelMe file already; leave the one that is right")
        points[name] = heads
    return points


def write_labelme(
    folder: Path,
    points: Mapping[str, Float[np.ndarray, "_ 2"]],
    *,
    sizes: Mapping[str, tuple[int, int]],
    label: str = "head",
) -> None:
    """One file a picture, as `read_labelme` reads them back; `sizes` are the pictures' widths and heights in pixels."""
    files = {name: PurePosixPath(name).with_suffix(".json") for name in points}
    if len(set(files.values())) < len(files):
        raise ValueError(
            "two pictures differ in their suffix alone, but LabelMe names its file by the rest; rename one"
        )
    for name, heads in points.items():
        shapes: list[dict[str, object]] = [
            {"label": label, "points": [xy], "shape_type": "point", "group_id": None, "flags": {}}
            for xy in heads.tolist()
        ]
        width, height = sizes[name]
        content: dict[str, object] = {
            "version": "5.5.0",
            "flags": {},
            "shapes": shapes,
            "imagePath": PurePosixPath(name).name,
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
        }
        file = folder / files[name]
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole_text(file) as text:
            json.dump(content, text)


def _read_file(path: Path, *, root: Path) -> tuple[str, Float[np.ndarray, "_ 2"]]:
    content = shaped(load_json(path), LabelMeFile, path=path, tool="a LabelMe file")
    others = sorted({shape.shape_type for shape in content.shapes} - {"point"})
    labels = sorted({shape.label for shape in content.shapes})
    if others:
        raise AnnotationError(f"{path}: it holds shapes that are no points ({', '.join(others)}); remove them")
    if len(labels) > 1:
        raise AnnotationError(f"{path}: the points are labelled {', '.join(labels)}; leave those of the heads alone")
    folder = path.parent.relative_to(root).as_posix()
    name = posixpath.normpath(posixpath.join(folder, content.imagePath.replace("\\", "/")))
    return name, as_array([point for shape in content.shapes for point in shape.points])
