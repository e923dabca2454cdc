"""The files of labelling tools that a data set's heads can be written as, by name."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet
from uepnet.annotations.labelling.coco import write_coco
from uepnet.annotations.labelling.csv_points import write_csv
from uepnet.annotations.labelling.cvat import write_cvat
from uepnet.annotations.labelling.json_points import write_json
from uepnet.annotations.labelling.label_studio import write_label_studio
from uepnet.annotations.labelling.labelme import write_labelme

Points = Mapping[str, Float[np.ndarray, "_ 2"]]
Sizes = Mapping[str, tuple[int, int]]
"""Width and height of each picture in pixels."""

FORMATS: dict[str, Callable[[Path, Points, Sizes], None]] = {
    "csv": lambda path, points, _sizes: write_csv(path, points),
    "json": lambda path, points, _sizes: write_json(path, points),
    "cvat": lambda path, points, _sizes: write_cvat(path, points),
    "label-studio": lambda path, points, sizes: write_label_studio(path, points, sizes=sizes),
    "labelme": lambda path, points, sizes: write_labelme(path, points, sizes=sizes),
    "coco": lambda path, points, sizes: write_coco(path, points, sizes=sizes),
}
"""`labelme` writes a folder with a file per picture, the others one file. All can be read back by the layout `folder`."""


def write_heads(data_set: DataSet, path: Path, *, form: str) -> None:
    """Write the heads of all the data set's pictures, under the pictures' file names, in the format `form`.

    Raises `ValueError` for an unknown format and for two pictures of the same file name, and the `UepnetError` of a
    picture or annotation that cannot be read.
    """
    if form not in FORMATS:
        raise ValueError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
    heads = {}
    for entry in data_set.entries:
        if entry.picture.name in heads:
            raise ValueError(f"{data_set.name} has two pictures named {entry.picture.name}; a labelling file holds one")
        heads[entry.picture.name] = data_set.heads(entry)
    points = {name: found.xy for name, found in heads.items()}
    FORMATS[form](path, points, {name: (found.width, found.height) for name, found in heads.items()})
