"""Mall (Chen et al. 2012): 2000 frames of one camera, `frames/seq_000001.jpg`, and `mall_gt.mat` with all heads.

The file holds `frame[0, i]['loc'][0, 0]`, the points of frame i + 1, and `count`, their numbers as uint8. Frames 1-800
train and the others test. Validation: frames 721-800, together because frames one after the other are nearly the same.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_root, pair_files
from uepnet.annotations.mat_files import as_numbers, as_points, read_mat, variable
from uepnet.annotations.splits import last_number, part_of
from uepnet.errors import AnnotationError

NAME = "mall"
TRAINING_FRAMES = 800
FIRST_VALIDATED = 721


def open_mall(root: Path, split: str) -> DataSet:
    """Mall: a corridor of a shopping centre; the one file of points is read here."""
    top = find_root(root, marker="mall_gt.mat", name=NAME)
    truth = top / "mall_gt.mat"
    variables = read_mat(truth)
    frames = np.asarray(variable(variables, "frame", path=truth)).ravel()
    counts = as_numbers(variable(variables, "count", path=truth), path=truth).ravel()
    if len(frames) != len(counts):
        raise AnnotationError(f"{truth}: it holds the points of {len(frames)} frames, but the counts of {len(counts)}")
    found = pair_files(top / "frames", top, names="seq_[0-9]+", picture="{}.jpg", annotation="{}.mat", data_set=NAME)
    pictures = {last_number(entry.name): entry.picture for entry in found}
    numbers = sorted(pictures.keys() | set(range(1, len(frames) + 1)))
    entries = tuple(
        Entry(f"seq_{number:06d}", pictures.get(number, top / "frames" / f"seq_{number:06d}.jpg"), truth)
        for number in numbers
        if (number > TRAINING_FRAMES) == (split == "test")
    )
    if split != "test":
        entries = part_of(entries, split=split, validates=lambda entry: last_number(entry.name) >= FIRST_VALIDATED)
    return DataSet(NAME, root, split, entries, None, partial(_read_points, frames, counts))


def _read_points(frames: Any, counts: Float[np.ndarray, " frames"], entry: Entry) -> Float[np.ndarray, "heads 2"]:
    path = annotation_of(entry)
    number = last_number(entry.name)
    if not 1 <= number <= len(frames):
        raise AnnotationError(f"{path}: it holds {len(frames)} frames, but there is a picture {entry.picture.name}")
    try:
        location = frames[number - 1]["loc"][0, 0]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise AnnotationError(
            f"{path}: frame {number} should hold points under 'loc', but it does not ({error})"
        ) from error
    points = as_points(location, path=path)
    if counts[number - 1] != len(points):
        raise AnnotationError(
            f"{path}: it declares {counts[number - 1]:g} heads in frame {number}, but holds {len(points)} points"
        )
    return points
