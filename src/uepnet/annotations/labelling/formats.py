"""The files of labelling tools that heads are read from and written to, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet
from uepnet.annotations.json_files import load_json
from uepnet.annotations.labelling.coco import read_coco, write_coco
from uepnet.annotations.labelling.csv_points import read_csv, write_csv
from uepnet.annotations.labelling.cvat import read_cvat, write_cvat
from uepnet.annotations.labelling.json_points import read_json, write_json
from uepnet.annotations.labelling.label_studio import read_label_studio, write_label_studio
from uepnet.annotations.labelling.labelme import read_labelme, write_labelme
from uepnet.errors import AnnotationError

Points = Mapping[str, Float[np.ndarray, "_ 2"]]
Sizes = Mapping[str, tuple[int, int]]
"""Width and height of each picture in pixels."""


@dataclass(frozen=True)
class LabellingForm:
    """How heads are read and written for one tool, what its files end with, and what the file is called that a browser is given.

    Of the forms in JSON, each but our own knows its files by what they hold (`known_by`). A form that is `sized` says how
    large each picture is; the others can be written without sizes. One that is a `folder` has a file a picture, and its
    download is an archive of them.
    """

    read: Callable[[Path], Points]
    write: Callable[[Path, Points, Sizes], None]
    ending: str
    download: str
    known_by: Callable[[Any], bool] = lambda _content: False
    sized: bool = False
    folder: bool = False


FORMS: dict[str, LabellingForm] = {
    "csv": LabellingForm(read_csv, lambda path, points, _sizes: write_csv(path, points), ".csv", "heads.csv"),
    "json": LabellingForm(read_json, lambda path, points, _sizes: write_json(path, points), ".json", "heads.json"),
    "cvat": LabellingForm(read_cvat, lambda path, points, _sizes: write_cvat(path, points), ".xml", "cvat.xml"),
    "label-studio": LabellingForm(
        read_label_studio,
        lambda path, points, sizes: write_label_studio(path, points, sizes=sizes),
        ".json",
        "label-studio.json",
        known_by=lambda content: isinstance(content, list),
        sized=True,
    ),
    "labelme": LabellingForm(
        read_labelme,
        lambda path, points, sizes: write_labelme(path, points, sizes=sizes),
        ".json",
        "labelme.zip",
        known_by=lambda content: _has(content, "shapes"),
        sized=True,
        folder=True,
    ),
    "coco": LabellingForm(
        read_coco,
        lambda path, points, sizes: write_coco(path, points, sizes=sizes),
        ".json",
        "coco.json",
        known_by=lambda content: _has(content, "images", "annotations"),
        sized=True,
    ),
}
"""All can be read back by the layout `folder`."""

ENDINGS = tuple(dict.fromkeys(form.ending for form in FORMS.values()))
"""Of files of points."""


def _has(content: Any, *names: str) -> bool:
    return isinstance(content, dict) and set(names) <= set(content)


def read_heads(path: Path) -> Points:
    """The points of every picture that the file of any of these forms names; for JSON its content says which form it is."""
    ending = path.suffix.lower()
    forms = [form for form in FORMS.values() if form.ending == ending]
    if not forms:
        raise AnnotationError(f"{path}: files of points end with {', '.join(ENDINGS)}")
    if len(forms) == 1:
        return forms[0].read(path)
    content = load_json(path)
    return next((form for form in forms if form.known_by(content)), FORMS["json"]).read(path)


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
