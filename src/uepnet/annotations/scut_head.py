"""SCUT-HEAD (Peng et al. 2018): `JPEGImages/Part{A,B}_n.jpg` and `Annotations/Part{A,B}_n.xml`, boxes in VOC's XML.

The two parts may stand in one pair of folders or each in its own folder. Every object is a head, whatever its `name`
says (some are mistyped); a head's point is the centre of its box. A file without objects is a picture without heads. A
declared picture size of 0 x 0 says nothing; any other must be the picture's.

Validation: the numbers divisible by 50. Test: the pictures that `ImageSets/Main/test.txt` lists, where there is one.
"""

import math
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_root, pair_files
from uepnet.annotations.json_files import as_array
from uepnet.annotations.splits import no_test_part, number_divisible_by, part_of
from uepnet.annotations.text_files import read_text
from uepnet.annotations.xml_files import read_xml
from uepnet.errors import AnnotationError
from uepnet.pictures import picture_size

NAME = "scut-head"
PARTS = ("SCUT_HEAD_Part_A", "SCUT_HEAD_Part_B")


def open_scut_head(root: Path, split: str) -> DataSet:
    """SCUT-HEAD: classrooms (part A) and scenes from the web (part B), sparse."""
    parts = [root / part for part in PARTS if (root / part).is_dir()]
    folders = parts or [find_root(root, marker="JPEGImages", name=NAME)]
    entries = [
        entry
        for folder in folders
        for entry in pair_files(
            folder / "JPEGImages",
            folder / "Annotations",
            names="Part[AB]_[0-9]+",
            picture="{}.jpg",
            annotation="{}.xml",
            data_set=NAME,
        )
    ]
    lists = [folder / "ImageSets" / "Main" / "test.txt" for folder in folders]
    tested = {name for path in lists if path.is_file() for name in read_text(path).split()}
    if split == "test":
        if not tested:
            raise no_test_part(NAME, root, instead="its list ImageSets/Main/test.txt is not there")
        chosen = tuple(entry for entry in entries if entry.name in tested)
    else:
        others = [entry for entry in entries if entry.name not in tested]
        chosen = part_of(others, split=split, validates=number_divisible_by(50))
    return DataSet(NAME, root, split, chosen, None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The centres of the boxes of one XML file."""
    path = annotation_of(entry)
    root = read_xml(path)
    if root.tag != "annotation":
        raise AnnotationError(f"{path}: this is no VOC annotation, its outermost element is <{root.tag}>")
    declared = (_number(root, "size/width", path), _number(root, "size/height", path))
    if declared != (0.0, 0.0) and declared != picture_size(entry.picture):
        width, height = picture_size(entry.picture)
        raise AnnotationError(
            f"{path}: it is for a picture of {declared[0]:g} x {declared[1]:g} pixels, but {entry.picture.name} has "
            f"{width} x {height}; scale the boxes or restore the picture"
        )
    return as_array([_centre(head, path) for head in root.iterfind("object")])


def _centre(head: ET.Element, path: Path) -> list[float]:
    left, top, right, bottom = (_number(head, f"bndbox/{side}", path) for side in ("xmin", "ymin", "xmax", "ymax"))
    if right < left or bottom < top:
        raise AnnotationError(
            f"{path}: a head's box goes from ({left:g}, {top:g}) to ({right:g}, {bottom:g}); correct it"
        )
    return [(left + right) / 2, (top + bottom) / 2]


def _number(element: ET.Element, place: str, path: Path) -> float:
    text = element.findtext(place)
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise AnnotationError(f"{path}: <{element.tag}> should hold a number at {place}, but holds {text!r}")
    return number
