"""The files of labelling tools that a data set's heads can be written as, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class LabellingForm:
    """How heads are written for one tool, and what the file is called that a browser is given.

    A form that is `sized` says how large each picture is; the others can be written without sizes. One that is a
    `folder` has a file a picture, and its download is an archive of them.
    """

    write: Callable[[Path, Points, Sizes], None]
    download: str
    sized: bool = False
    folder: bool = False


FORMS: dict[str, LabellingForm] = {
    "csv": LabellingForm(lambda path, points, _sizes: write_csv(path, points), "heads.csv"),
    "json": LabellingForm(lambda path, points, _sizes: write_json(path, points), "heads.json"),
    "cvat": LabellingForm(lambda path, points, _sizes: write_cvat(path, points), "cvat.xml"),
    "label-studio": LabellingForm(
        lambda path, points, sizes: write_label_studio(path, points, sizes=sizes), "label-studio.json", sized=True
    ),
    "labelme": LabellingForm(
        lambda path, points, sizes: write_labelme(path, points, sizes=sizes), "labelme.zip", sized=True, folder=True
    ),
    "coco": LabellingForm(lambda path, points, sizes: write_coco(path, points, sizes=sizes), "coco.json", sized=True),
}
"""All can be read back by the layout `folder`."""


def form_named(name: str) -> LabellingForm:
    """The form of this name; `ValueError` with the known names for another.

    >>> form_named("voc")
    Traceback (most recent call last):
    ValueError: there is no form 'voc'; there are csv, json, cvat, label-studio, labelme, coco
    """
    if name not in FORMS:
        raise ValueError(f"there is no form {name[:40]!r}; there are {', '.join(FORMS)}")
    return FORMS[name]


def write_heads(data_set: DataSet, path: Path, *, form: str) -> None:
    """Write the heads of all the data set's pictures, under the pictures' file names, in the form of this name.

    Raises `ValueError` for an unknown form and for two pictures of the same file name, and the `UepnetError` of a
    picture or annotation that cannot be read.
    """
    known = form_named(form)
    heads = {}
    for entry in data_set.entries:
        if entry.picture.name in heads:
            raise ValueError(f"{data_set.name} has two pictures named {entry.picture.name}; a labelling file holds one")
        heads[entry.picture.name] = data_set.heads(entry)
    points = {name: found.xy for name, found in heads.items()}
    known.write(path, points, {name: (found.width, found.height) for name, found in heads.items()})
