"""ShanghaiTech parts A and B (Zhang et al. 2016).

`part_{A,B}[_final]/{train,test}_data/{images/IMG_n.jpg, ground-truth/GT_IMG_n.mat}`; some copies spell `ground_truth`.
A .mat file says `image_info[0,0][0,0]`: the points (x, y) and their number. Validation: the numbers divisible by 10.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, pair_files
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.annotations.splits import number_divisible_by, part_of
from uepnet.errors import AnnotationError, DataSetError

FIXED_SIGMA = {"A": None, "B": 15.0}
KNOWN_WRONG = {"A": frozenset[str](), "B": frozenset({"IMG_108"})}
"""In the training parts, found by drawing the points: those of B's IMG_108 belong to another picture (they lie on the
pavement and on a parasol, not on heads). B's 202, 217, 296 and 396, called suspect elsewhere, fit their pictures but for
a head or a few (a point on a shoe in 217, people on posters in 296, a missed child in 202 and some heads in 396)."""


def open_part_a(root: Path, split: str) -> DataSet:
    """ShanghaiTech A: dense, from the web, pictures of many sizes."""
    return _open_part("A", root, split)


def open_part_b(root: Path, split: str) -> DataSet:
    """ShanghaiTech B: streets of Shanghai, all 1024 x 768."""
    return _open_part("B", root, split)


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """The points of one GT_IMG_n.mat as they are in the file; its declared number must agree."""
    path = annotation_of(entry)
    info = variable(read_mat(path), "image_info", path=path)
    try:
        location, number = info[0, 0][0, 0]
        declared = int(np.asarray(number).item())
    except (IndexError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{path}: 'image_info' should hold points and their number, but it does not ({error})"
        ) from error
    points = as_points(location, path=path)
    if declared != len(points):
        raise AnnotationError(
            f"{path}: it declares {declared} heads, but holds {len(points)} points; correct one of them"
        )
    return points


def _open_part(letter: str, root: Path, split: str) -> DataSet:
    name = f"shanghaitech-{letter.lower()}"
    other = "B" if letter == "A" else "A"
    if f"part_{other}" in (root / ".").resolve().name:
        raise DataSetError(f"{name}: {root} is part {other}; give the folder that holds part_{letter}_final")
    parts = (f"part_{letter}_final", f"part_{letter}")
    parents = (".", *parts, *(f"ShanghaiTech/{part}" for part in parts))
    data = f"{'test' if split == 'test' else 'train'}_data"
    folder = find_folder(root, [f"{parent}/{data}" for parent in parents], name=name)
    images = find_folder(folder, ["images"], name=name)
    truth = find_folder(folder, ["ground-truth", "ground_truth"], name=name)
    entries = pair_files(images, truth, names=r"IMG_[0-9]+", picture="{}.jpg", annotation="GT_{}.mat", data_set=name)
    if split != "test":
        entries = part_of(entries, split=split, validates=number_divisible_by(10))
    wrong = KNOWN_WRONG[letter].intersection(entry.name for entry in entries if split != "test")
    return DataSet(name, root, split, entries, FIXED_SIGMA[letter], read_points, known_wrong=wrong)
