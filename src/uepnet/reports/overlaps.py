"""Pictures that show the same people twice: copies, and overlapping views of one place, among many pictures.

Every picture is compared with the few before it, which were probably taken just before, and the likeliest pairs among
all others, found by their coarse luminance, are compared too. So the work grows with the number of pictures, and two
overlapping views far apart in the list that look different in light are not found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, Int8, UInt8
from PIL import Image

from uepnet.inference.likeness import Fit, best_fit, sketch, spectra, thinned
from uepnet.printable import printable

SAME_PLACE = 0.28
"""Likeness from which two views are of one place. Between pictures of ShanghaiTech, different places stayed below 0.22, and
artificial overlaps of 45 to 80 %, turned by up to 2 degrees and in other light, above 0.32."""
COPY, WHOLE = 0.9, 0.95
"""Likeness, and part of the view that is shared, from which two pictures are copies."""
BEFORE = 3
"""How many pictures before it each is compared with."""
FURTHER = 2
"""How many of the likeliest pairs further apart are compared, per picture."""
COARSE, ALIKE = 16, 0.8
"""Cells along a side of the coarse luminance, and the correlation from which two are alike at a glance."""
ROWS = 256
NAMED = 3
"""Pictures that a sentence names."""


@dataclass(frozen=True)
class Overlap:
    """Two pictures, by their places in the order seen, and how well they fit."""

    first: int
    second: int
    fit: Fit

    @property
    def copy(self) -> bool:
        """Whether they are one picture twice."""
        return self.fit.likeness >= COPY and self.fit.shared >= WHOLE


@dataclass
class SeenPictures:
    """Pictures as they go by; 12 kilobytes are kept of each."""

    names: list[str] = field(default_factory=list)
    _sketches: list[Int8[np.ndarray, "_ _"]] = field(default_factory=list)
    _coarse: list[Float32[np.ndarray, " _"]] = field(default_factory=list)

    def add(self, name: str, picture: UInt8[np.ndarray, "height width 3"]) -> None:
        """Keep a picture's sketch."""
        self.names.append(name)
        self._sketches.append(sketch(picture))
        self._coarse.append(_coarse(picture))

    def overlaps(self) -> tuple[Overlap, ...]:
        """All pairs that were compared and fit."""
        found = []
        known = {}
        for first, second in sorted(self._pairs()):
            for place in (first, second):
                if place not in known:
                    known[place] = spectra(self._sketches[place])
            fit = best_fit(known[first], known[second])
            if fit.likeness >= SAME_PLACE:
                found.append(Overlap(first, second, fit))
            known = {place: value for place, value in known.items() if place >= first}
        return tuple(found)

    def _pairs(self) -> set[tuple[int, int]]:
        number = len(self.names)
        near = {(first, second) for second in range(number) for first in range(max(0, second - BEFORE), second)}
        return near | set(_alike(self._coarse, at_most=FURTHER * number))


def sentences(seen: SeenPictures) -> tuple[str, ...]:
    """A sentence for every group of pictures that overlap, in the order of the pictures."""
    overlaps = seen.overlaps()
    said = []
    for group in _groups(overlaps):
        names = [printable(seen.names[place]) for place in group]
        named = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        if all(overlap.copy for overlap in overlaps if overlap.first in group):
            said.append(f"{named}: the same picture several times; its people are in the sum as often.")
        else:
            said.append(
                f"{named}: views of the same place that overlap; who stands in several of them is counted several times."
            )
    return tuple(said)


def _coarse(picture: UInt8[np.ndarray, "height width 3"]) -> Float32[np.ndarray, " _"]:
    """The luminance on a coarse grid as a vector of length 1 whose products are Pearson's correlations."""
    grey = thinned(picture).resize((COARSE, COARSE), Image.Resampling.BOX, reducing_gap=2.0).convert("L")
    values = np.asarray(grey, dtype=np.float32).ravel()
    values = values - values.mean()
    vector: Float32[np.ndarray, " _"] = (values / max(float(np.linalg.norm(values)), 1e-6)).astype(np.float32)
    return vector


def _alike(coarse: Sequence[Float32[np.ndarray, " _"]], *, at_most: int) -> list[tuple[int, int]]:
    """The pairs further apart than `BEFORE` that are most alike at a glance."""
    if len(coarse) <= BEFORE + 1:
        return []
    vectors = np.stack(coarse)
    found: list[tuple[float, int, int]] = []
    for start in range(0, len(vectors), ROWS):
        likeness = vectors[start : start + ROWS] @ vectors.T
        firsts, seconds = np.nonzero(likeness >= ALIKE)
        found += [
            (float(likeness[first, second]), start + int(first), int(second))
            for first, second in zip(firsts, seconds, strict=True)
            if second - (start + first) > BEFORE
        ]
        found = sorted(found, reverse=True)[:at_most]
    return [(first, second) for _, first, second in found]


def _groups(overlaps: Sequence[Overlap]) -> list[list[int]]:
    """The places linked by overlaps, directly or through others, each group in order."""
    group_of: dict[int, list[int]] = {}
    for overlap in overlaps:
        one, other = (group_of.setdefault(place, [place]) for place in (overlap.first, overlap.second))
        if one is not other:
            one += other
            group_of |= dict.fromkeys(other, one)
    unique = {id(group): sorted(group) for group in group_of.values()}
    return sorted(unique.values())
