"""A set of annotated pictures, whatever its files look like."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from uepnet.errors import AnnotationError, DataSetError
from uepnet.pictures import picture_size, read_picture
from uepnet.points import HeadPoints

SPLITS = ("train", "val", "test", "all")
"""train: the training part without its validation pictures; val: those, by a rule fixed for good; all: both; test."""

MAX_MEGAPIXELS = 256.0
"""The largest picture that a data set may hold; UCF-QNRF goes up to 67 megapixels."""


@dataclass(frozen=True)
class Entry:
    """One picture of a data set and the file of its heads, neither read yet.

    `annotation` is None where the data set publishes no heads for the picture.
    """

    name: str
    picture: Path
    annotation: Path | None


def annotation_of(entry: Entry) -> Path:
    """The file of an entry's heads; `AnnotationError` where none is published."""
    if entry.annotation is None:
        raise AnnotationError(f"{entry.picture}: no heads are published for this picture; it can only be counted")
    return entry.annotation


@dataclass(frozen=True)
class DataSet:
    """The pictures of one split, in a fixed order; nothing is read until it is asked for.

    `fixed_sigma` is the Gaussian's width in pixels that the field uses for this data set, None for geometry-adaptive.
    `read_points` gives an entry's points in pixels of its upright picture (see `HeadPoints`). `known_wrong` names the
    entries whose annotation was found to be wrong; they stay in the set, and training may leave them out by `without`.
    `unfinished` names pictures of the folder that are in no split, since their annotation says of itself that it is
    unfinished. `read_roi`, where a data set has it, gives the corners of the region to which truth and prediction are restricted.
    """

    name: str
    root: Path
    split: str
    entries: tuple[Entry, ...]
    fixed_sigma: float | None
    read_points: Callable[[Entry], Float[np.ndarray, "heads 2"]]
    known_wrong: frozenset[str] = frozenset()
    read_roi: Callable[[Entry], Float[np.ndarray, "corners 2"]] | None = None
    unfinished: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.entries:
            raise DataSetError(
                f"{self.name}: the '{self.split}' part of {self.root} holds no picture; choose another split"
            )

    def __len__(self) -> int:
        return len(self.entries)

    def heads(self, entry: Entry) -> HeadPoints:
        """The heads of one picture; `AnnotationError` or `PictureError` where a file is not as it should be."""
        width, height = picture_size(entry.picture)
        return HeadPoints(self.read_points(entry), width=width, height=height)

    def pixels(self, entry: Entry) -> UInt8[np.ndarray, "height width 3"]:
        """The upright picture in eight-bit RGB; `PictureError` where it cannot be read."""
        return read_picture(entry.picture, max_megapixels=MAX_MEGAPIXELS)

    def digest(self) -> str:
        """SHA-256 over the names and points of all entries in their order: which data a figure was made with."""
        digest = hashlib.sha256()
        for entry in self.entries:
            points = np.ascontiguousarray(self.read_points(entry), dtype="<f8")
            digest.update(f"{entry.name}\0{len(points)}\0".encode())
            digest.update(points.tobytes())
        return digest.hexdigest()

    def only(self, names: Collection[str]) -> "DataSet":
        """The named pictures alone, in the order of this data set; a name that is not here is a `ValueError`."""
        self._expect(names)
        return replace(self, entries=tuple(entry for entry in self.entries if entry.name in names))

    def without(self, names: Collection[str]) -> "DataSet":
        """All but the named pictures; a name that is not here is a `ValueError`."""
        self._expect(names)
        return replace(self, entries=tuple(entry for entry in self.entries if entry.name not in names))

    def _expect(self, names: Collection[str]) -> None:
        unknown = sorted(set(names) - {entry.name for entry in self.entries})
        if unknown:
            raise ValueError(f"{self.name} '{self.split}' holds no picture named {', '.join(unknown)}")
