"""UCF-QNRF (Idrees et al. 2018): `{Train,Test}/img_0001.jpg` and `img_0001_ann.mat` with the key `annPoints`.

Points outside the picture are dropped, as in all published figures. The publishers name no validation part; here it is
the numbers divisible by 10.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_root, pair_files
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.annotations.splits import number_divisible_by, part_of
from uepnet.pictures import picture_size
from uepnet.points import HeadPoints

NAME = "ucf-qnrf"


def open_ucf_qnrf(root: Path, split: str) -> DataSet:
    """UCF-QNRF: very large pictures of crowds from the web."""
    part = "Test" if split == "test" else "Train"
    folder = find_root(root, marker=part, name=NAME) / part
    entries = pair_files(folder, folder, names="img_[0-9]+", picture="{}.jpg", annotation="{}_ann.mat", data_set=NAME)
    if split != "test":
        entries = part_of(entries, split=split, validates=number_divisible_by(10))
    return DataSet(NAME, root, split, entries, None, read_points)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one .mat file that lie in the picture."""
    path = annotation_of(entry)
    points = as_points(variable(read_mat(path), "annPoints", path=path), path=path)
    width, height = picture_size(entry.picture)
    inside: Float[np.ndarray, "heads 2"] = points[HeadPoints(points, width=width, height=height).inside()]
    return inside
