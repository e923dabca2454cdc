"""Beijing-BRT (Ding et al. 2018): `{train,test}/frame/NAME.jpg` (360 x 640) and `ground_truth/NAME.mat`, key `loc`.

Points outside the frame are kept as they are. Validation: every tenth frame in sorted order, from the first.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, find_root, pair_files
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.annotations.splits import every_tenth, part_of

NAME = "beijing-brt"


def open_beijing_brt(root: Path, split: str) -> DataSet:
    """Beijing-BRT: bus stations seen from above, by day and by night."""
    part = "test" if split == "test" else "train"
    folder = find_root(root, marker=f"{part}/frame", name=NAME) / part
    truth = find_folder(folder, ["ground_truth"], name=NAME)
    entries = pair_files(folder / "frame", truth, names=".+", picture="{}.jpg", annotation="{}.mat", data_set=NAME)
    if split != "test":
        validated = every_tenth(entry.name for entry in entries)
        entries = part_of(entries, split=split, validates=lambda entry: entry.name in validated)
    return DataSet(NAME, root, split, entries, None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one .mat file, as they are there."""
    path = annotation_of(entry)
    return as_points(variable(read_mat(path), "loc", path=path), path=path)
