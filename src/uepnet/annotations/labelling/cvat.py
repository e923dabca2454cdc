"""CVAT's XML, "CVAT for images 1.1": `<image name="..."><points label="head" points="x1,y1;x2,y2"/></image>`.

An image without points holds no heads. All points must carry one label, and there may be no other shapes: which of
several would be the heads is for the person who labelled them to say.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import as_array
from uepnet.annotations.text_files import whole_text
from uepnet.annotations.xml_files import read_xml
from uepnet.errors import AnnotationError

TAG = "tag"  # a word about the whole image, the one child of <image> that is no shape
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_cvat(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of every image that the file names."""
    root = read_xml(path)
    if root.tag != "annotations" or root.find("track") is not None:
        raise AnnotationError(f"{path}: this is no 'CVAT for images' file; export the task in that format")
    labels = {shape.get("label", "") for shape in root.iterfind("image/points")}
    if len(labels) > 1:
        raise AnnotationError(
            f"{path}: the points are labelled {', '.join(sorted(labels))}; leave those of the heads alone"
        )
    points: dict[str, Float[np.ndarray, "_ 2"]] = {}
    for image in root.iterfind("image"):
        name = image.get("name", "")
        if not name or name in points:
            raise AnnotationError(f"{path}: an image has {f'the name {name} of another' if name else 'no name'}")
        others = sorted({shape.tag for shape in image} - {"points", TAG})
        if others:
            raise AnnotationError(
                f"{path}: '{name}' holds shapes that are no points ({', '.join(others)}); remove them"
            )
        points[name] = as_array([point for shape in image.iterfind("points") for point in _pairs(shape, path, name)])
    return points


def write_cvat(path: Path, points: Mapping[str, Float[np.ndarray, "_ 2"]], *, label: str = "head") -> None:
    """The file that `read_cvat` reads back to the same numbers, one `<points>` a head."""
    root = ET.Element("annotations")
    ET.SubElement(root, "version").text = "1.1"
    for number, (name, heads) in enumerate(points.items()):
        if not name or NOT_IN_XML.search(name):
            raise ValueError(f"XML cannot hold the picture's name {name!r}; rename the picture")
        image = ET.SubElement(root, "image", id=str(number), name=name)
        for x, y in heads.tolist():
            ET.SubElement(
                image, "points", label=label, source="manual", occluded="0", points=f"{x!r},{y!r}", z_order="0"
            )
    ET.indent(root)
    with whole_text(path) as file:
        ET.ElementTree(root).write(file, encoding="unicode", xml_declaration=True)


def _pairs(shape: ET.Element, path: Path, name: str) -> list[list[float]]:
    text = shape.get("points", "")
    try:
        pairs = [[float(number) for number in pair.split(",")] for pair in text.split(";")]
        if any(len(pair) != 2 for pair in pairs) or not np.isfinite(pairs).all():
            raise ValueError(text)
    except ValueError as error:
        raise AnnotationError(f"{path}: '{name}' has points '{text[:60]}', which should read x1,y1;x2,y2") from error
    return pairs
