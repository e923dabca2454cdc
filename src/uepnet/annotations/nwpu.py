"""NWPU-Crowd (Wang et al. 2020): pictures 0001-5109 in `images` or `images_part*`, heads in `mats` or `jsons`.

A .mat file holds `annPoints`, a .json file `points` and their number `human_num`; both may be empty. `train.txt` and
`val.txt` begin each line with a number; the publishers' validation part is ours. All other pictures are the test part:
their heads are not published, and they can only be counted.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, find_root, visible_files
from uepnet.annotations.json_files import Point, Record, as_array, load_json, shaped
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.annotations.text_files import read_text
from uepnet.errors import AnnotationError, DataSetError

NAME = "nwpu"
LISTS = {"train": ("train",), "val": ("val",), "all": ("train", "val")}


class NwpuFile(Record):
    """One file of `jsons`."""

    points: list[Point]
    human_num: int | None = None


def open_nwpu(root: Path, split: str) -> DataSet:
    """NWPU-Crowd: from empty to extremely crowded pictures from the web."""
    top = find_root(root, marker="train.txt", name=NAME)
    pictures = _pictures(top)
    listed = {part: _listed(top / f"{part}.txt") for part in ("train", "val")}
    twice = sorted(set(listed["train"]) & set(listed["val"]))
    if twice:
        raise DataSetError(f"{NAME}: train.txt and val.txt both list {', '.join(twice[:5])}; fetch the lists again")
    if split == "test":
        names = sorted(pictures.keys() - set(listed["train"]) - set(listed["val"]))
        return DataSet(NAME, root, split, tuple(Entry(name, pictures[name], None) for name in names), None, read_points)
    heads = find_folder(top, ["mats", "jsons"], name=NAME)
    names = sorted(name for part in LISTS[split] for name in listed[part])
    entries = (
        Entry(name, pictures.get(name, top / "images" / f"{name}.jpg"), heads / f"{name}.{heads.name[:-1]}")
        for name in names
    )
    return DataSet(NAME, root, split, tuple(entries), None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one .mat or .json file."""
    path = annotation_of(entry)
    if path.suffix == ".mat":
        return as_points(variable(read_mat(path), "annPoints", path=path), path=path)
    content = shaped(load_json(path), NwpuFile, path=path, tool="an annotation of NWPU-Crowd")
    if content.human_num not in (None, len(content.points)):
        raise AnnotationError(f"{path}: it declares {content.human_num} heads, but holds {len(content.points)} points")
    return as_array(content.points)


def _pictures(top: Path) -> dict[str, Path]:
    folders = [path for path in sorted(top.glob("images*")) if path.is_dir()]
    return {path.stem: path for folder in folders for path in visible_files(folder) if path.suffix == ".jpg"}


def _listed(path: Path) -> list[str]:
    return [line.split()[0] for line in read_text(path).splitlines() if line.strip()]
