"""A finding: what is wrong, how bad it is, and with which pictures and points."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float

from uepnet.annotations.check.subject import Reading

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Kind:
    """How bad a kind of finding is, and what it means."""

    severity: Severity
    about: str


KINDS: dict[str, Kind] = {
    "unopened-data-set": Kind("error", "the folder is not laid out as the data set's name promises"),
    "unreadable-picture": Kind("error", "the picture is missing, broken or no picture"),
    "annotation-without-picture": Kind("error", "there is an annotation file, but not its picture"),
    "picture-without-annotation": Kind("error", "there is a picture, but not its annotation"),
    "refused-annotation": Kind("error", "the annotation is broken or contradicts itself, as by a wrong declared count"),
    "implausible-density": Kind("error", "the points lie closer together than heads can"),
    "leaked-picture": Kind("error", "a picture to validate or test on repeats one of another part"),
    "stray-annotation": Kind("warning", "a file among the annotations belongs to no picture"),
    "points-outside": Kind("warning", "points lie outside the picture"),
    "duplicate-points": Kind("warning", "points have the same place as another"),
    "repeated-picture": Kind("warning", "pictures of one part repeat each other"),
    "near-duplicate-points": Kind("note", "points are so close together that one head may have two"),
    "unusual-count": Kind("note", "the number of heads is far from those of the other pictures"),
    "unfinished": Kind("note", "pictures are left out, since their annotation is said to be unfinished"),
    "known-wrong": Kind("note", "the annotation was looked at and found to be wrong"),
}
"""All kinds, the worst first."""


def _no_points() -> Float[np.ndarray, "points 2"]:
    return np.zeros((0, 2))


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at; `points` are the suspicious ones of the first picture, in its pixels."""

    kind: str
    message: str
    pictures: tuple[Reading, ...] = ()
    points: Float[np.ndarray, "points 2"] = field(default_factory=_no_points)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no kind of finding '{self.kind}'; the known ones are {', '.join(KINDS)}")

    @property
    def severity(self) -> Severity:
        """error, warning or note."""
        return KINDS[self.kind].severity

    def as_json(self) -> dict[str, object]:
        """One object of `uepnet data check --json`."""
        return {
            "severity": self.severity,
            "kind": self.kind,
            "message": self.message,
            "pictures": [_picture_as_json(picture) for picture in self.pictures],
            "points": self.points.tolist(),
        }


def _picture_as_json(picture: Reading) -> dict[str, object]:
    subject = picture.subject
    return {
        "data_set": subject.data_set.name,
        "part": subject.part,
        "name": subject.entry.name,
        "file": str(subject.entry.picture),
        "heads": None if picture.heads is None else len(picture.heads),
    }
