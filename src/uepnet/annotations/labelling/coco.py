"""COCO key points: `images`, `annotations` with `keypoints` [x, y, v, ...], and `categories` that name them.

A category with one key point gives that, one with several gives the one named "head". An image without annotations
holds no heads.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic import Field

from uepnet.annotations.json_files import Pixels, Record, as_array, load_json, shaped
from uepnet.annotations.text_files import whole_text
from uepnet.errors import AnnotationError

NOT_LABELLED = 0  # COCO's visibility of a key point that nobody set


class Image(Record):
    """A picture that was labelled, with or without heads."""

    id: int
    file_name: str


class Category(Record):
    """What an annotation can be of; a person has one key point, or several."""

    id: int
    name: str = ""
    keypoints: list[str] = Field(default_factory=list)


class Annotation(Record):
    """One person: x, y and visibility of every key point of the category, one after the other."""

    image_id: int
    category_id: int
    keypoints: list[Pixels] = Field(default_factory=list)
    iscrowd: int = 0


class CocoFile(Record):
    """The whole file."""

    images: list[Image]
    annotations: list[Annotation]
    categories: list[Category]


def read_coco(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The heads of every image that the file names."""
    content = shaped(load_json(path), CocoFile, path=path, tool="a COCO key point file")
    names = {image.id: image.file_name for image in content.images}
    heads: dict[str, list[list[float]]] = {name: [] for name in names.values()}
    if not len(names) == len(heads) == len(content.images):
        raise AnnotationError(f"{path}: two images have the same id or the same name; leave one of them")
    places = {category.id: _place_of_the_head(category) for category in content.categories}
    for annotation in content.annotations:
        if annotation.image_id not in names:
            raise AnnotationError(f"{path}: an annotation is for the image {annotation.image_id}, which is not listed")
        name = names[annotation.image_id]
        place = places.get(annotation.category_id)
        if place is None:
            raise AnnotationError(
                f"{path}: '{name}' holds an annotation of the category {annotation.category_id}, which has no key point "
                "named 'head', nor a single one; name the head's key point so"
            )
        x, y, visibility = (annotation.keypoints[3 * place :] + [0.0, 0.0, NOT_LABELLED])[:3]
        if annotation.iscrowd or visibility == NOT_LABELLED:
            what = "a region of several people" if annotation.iscrowd else "a person whose head is not labelled"
            raise AnnotationError(f"{path}: '{name}' holds {what}; label every head by a key point")
        heads[name].append([x, y])
    return {name: as_array(points) for name, points in heads.items()}


def write_coco(
    path: Path, points: Mapping[str, Float[np.ndarray, "_ 2"]], *, sizes: Mapping[str, tuple[int, int]]
) -> None:
    """The file that `read_coco` reads back to the same numbers; `sizes` are widths and heights in pixels."""
    images = []
    annotations: list[dict[str, object]] = []
    for image_id, (name, heads) in enumerate(points.items(), start=1):
        width, height = sizes[name]
        images.append({"id": image_id, "file_name": name, "width": width, "height": height})
        for x, y in heads.tolist():
            person = {"id": len(annotations) + 1, "image_id": image_id, "category_id": 1, "iscrowd": 0}
            annotations.append(person | {"keypoints": [x, y, 2], "num_keypoints": 1, "bbox": [x, y, 0, 0], "area": 0})
    categories = [{"id": 1, "name": "person", "supercategory": "person", "keypoints": ["head"], "skeleton": []}]
    with whole_text(path) as file:
        json.dump({"images": images, "annotations": annotations, "categories": categories}, file)


def _place_of_the_head(category: Category) -> int | None:
    if len(category.keypoints) == 1:
        return 0
    return category.keypoints.index("head") if "head" in category.keypoints else None
