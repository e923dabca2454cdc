"""The right reader for a file of points, by its suffix and, for JSON, by its content."""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import load_json
from uepnet.annotations.labelling.coco import read_coco
from uepnet.annotations.labelling.csv_points import read_csv
from uepnet.annotations.labelling.cvat import read_cvat
from uepnet.annotations.labelling.json_points import read_json
from uepnet.annotations.labelling.label_studio import read_label_studio
from uepnet.annotations.labelling.labelme import read_labelme
from uepnet.errors import AnnotationError

SUFFIXES = (".csv", ".xml", ".json")


def read_points_file(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of every picture that a CSV, CVAT, Label Studio, LabelMe, COCO or our own JSON file names."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise AnnotationError(f"{path}: files of points end with {', '.join(SUFFIXES)}")
    if suffix != ".json":
        return read_csv(path) if suffix == ".csv" else read_cvat(path)
    content = load_json(path)
    if isinstance(content, list):
        return read_label_studio(path)
    names = set(content) if isinstance(content, dict) else set()
    if "shapes" in names:
        return read_labelme(path)
    return read_coco(path) if {"images", "annotations"} <= names else read_json(path)
