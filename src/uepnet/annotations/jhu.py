"""JHU-Crowd++ (Sindagi et al. 2020): `{train,val,test}/images/ID.jpg` and `gt/ID.txt`, a row a head.

A row is `x y w h occlusion blur`; an empty file is a picture without heads. The publishers' validation part is ours. An
entry's name is "PART/ID", such as "train/0001".
"""

import math
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, find_root, pair_files
from uepnet.annotations.json_files import as_array
from uepnet.annotations.text_files import read_text
from uepnet.errors import AnnotationError

NAME = "jhu"
COLUMNS = 6
PARTS = {"train": ("train",), "val": ("val",), "test": ("test",), "all": ("train", "val")}


def open_jhu(root: Path, split: str) -> DataSet:
    """JHU-Crowd++: crowds in all weathers, and pictures without any."""
    top = find_root(root, marker=f"{PARTS[split][0]}/gt", name=NAME)
    entries = tuple(entry for part in PARTS[split] for entry in _part(top, part))
    return DataSet(NAME, root, split, entries, None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one text file."""
    path = annotation_of(entry)
    lines = enumerate(read_text(path).splitlines(), start=1)
    return as_array([_point(line, where=f"{path}, line {number}") for number, line in lines if line.strip()])


def _part(top: Path, part: str) -> list[Entry]:
    images = find_folder(top, [f"{part}/images"], name=NAME)
    truth = find_folder(top, [f"{part}/gt"], name=NAME)
    pairs = pair_files(images, truth, names="[0-9]+", picture="{}.jpg", annotation="{}.txt", data_set=NAME)
    return [Entry(f"{part}/{pair.name}", pair.picture, pair.annotation) for pair in pairs]


def _point(line: str, *, where: str) -> list[float]:
    try:
        numbers = [float(word) for word in line.split()]
    except ValueError:
        numbers = []
    if len(numbers) != COLUMNS or not all(map(math.isfinite, numbers)):
        raise AnnotationError(f"{where}: '{line.strip()[:60]}' should be six numbers: x y w h occlusion blur")
    return numbers[:2]
