"""WorldExpo'10 (Zhang et al. 2015): frames of 108 cameras, with a region of interest and a perspective map each.

`{train,test}_label/SCENE/FRAME.mat` with the key `point_position` and `roi.mat` beside them,
`{train,test}_perspective/SCENE.mat` with the key `pMap`; the frames in `{train,test}_frame`, in folders by scene or not.
An entry's name is "SCENE/FRAME". Published figures count inside the region alone, and are given by scene.

Validation: every tenth of the training scenes in sorted order, from the first (frames of one scene are too much alike).
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.annotations.folders import find_folder, find_root, in_number_order, visible_files
from uepnet.annotations.mat_files import as_numbers, as_points, read_mat, variable
from uepnet.annotations.splits import every_tenth, part_of
from uepnet.errors import AnnotationError, DataSetError

NAME = "worldexpo10"
FIXED_SIGMA = 5.0
ROI = "roi"


def open_worldexpo10(root: Path, split: str) -> DataSet:
    """WorldExpo'10: surveillance cameras at the Shanghai World Expo."""
    part = "test" if split == "test" else "train"
    top = find_root(root, marker=f"{part}_label", name=NAME)
    frames = find_folder(top, [f"{part}_frame"], name=NAME)
    labels = {
        f"{path.parent.name}/{path.stem}": path
        for path in sorted((top / f"{part}_label").glob("*/*.mat"))
        if path.stem != ROI and not path.name.startswith(".")
    }
    pictures = _pictures(frames, labels)
    entries = tuple(
        Entry(name, pictures.get(name, frames / f"{name}.jpg"), labels.get(name, top / f"{part}_label" / f"{name}.mat"))
        for name in sorted(labels.keys() | pictures.keys(), key=in_number_order)
    )
    if split != "test":
        validated = every_tenth({scene_of(entry) for entry in entries})
        entries = part_of(entries, split=split, validates=lambda entry: scene_of(entry) in validated)
    return DataSet(NAME, root, split, entries, FIXED_SIGMA, read_points, read_roi=read_roi)


def scene_of(entry: Entry) -> str:
    """The camera's number, such as "104207"."""
    return entry.name.split("/")[0]


def read_points(entry: Entry) -> Float[np.ndarray, "heads 2"]:
    """All points of one frame, those outside the region of interest too."""
    path = annotation_of(entry)
    return as_points(variable(read_mat(path), "point_position", path=path), path=path)


def read_roi(entry: Entry) -> Float[np.ndarray, "corners 2"]:
    """The corners of the scene's region of interest, in pixels."""
    path = annotation_of(entry).with_name(f"{ROI}.mat")
    variables = read_mat(path)
    axes = [as_numbers(variable(variables, f"maskVertices{axis}Coordinates", path=path), path=path) for axis in "XY"]
    if axes[0].size != axes[1].size or axes[0].size < 3:
        raise AnnotationError(
            f"{path}: a region has as many x as y, at least 3, but this has {axes[0].size} and {axes[1].size}"
        )
    corners: Float[np.ndarray, "corners 2"] = np.stack([axis.ravel() for axis in axes], axis=1)
    return corners


def read_perspective(entry: Entry) -> Float[np.ndarray, "height width"]:
    """The scene's perspective map: at each pixel the number of pixels that a metre takes up there."""
    label = annotation_of(entry)
    part = label.parents[1].name.removesuffix("_label")
    path = label.parents[2] / f"{part}_perspective" / f"{scene_of(entry)}.mat"
    values = as_numbers(variable(read_mat(path), "pMap", path=path), path=path)
    if values.ndim != 2 or not (values > 0).all():
        raise AnnotationError(f"{path}: a perspective map has rows and columns of positive numbers, but this has not")
    return values


def _pictures(frames: Path, labels: dict[str, Path]) -> dict[str, Path]:
    """The frames by "SCENE/FRAME"; a frame outside the scenes' folders belongs to the scene that labels it."""
    nested = {f"{path.parent.name}/{path.stem}": path for path in sorted(frames.glob("*/*.jpg"))}
    by_frame = {name.split("/")[1]: name for name in labels}
    for path in visible_files(frames):
        if path.suffix == ".jpg":
            if path.stem not in by_frame:
                raise DataSetError(f"{NAME}: {path} has no label in any scene; move it away, or fetch the labels again")
            nested[by_frame[path.stem]] = path
    return nested
