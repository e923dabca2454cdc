"""The whole check: every picture is read alone, so that a broken one hides nothing about the others."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from uepnet.annotations.check.count_checks import check_counts
from uepnet.annotations.check.finding import KINDS, SEVERITIES, Finding, Severity
from uepnet.annotations.check.fingerprint import fingerprint
from uepnet.annotations.check.point_checks import check_points
from uepnet.annotations.check.repeats import find_repeats
from uepnet.annotations.check.stray_files import find_stray_files
from uepnet.annotations.check.subject import Reading, Subject, open_subjects
from uepnet.errors import AnnotationError, PictureError, UepnetError
from uepnet.points import HeadPoints

OnPicture = Callable[[int, int], None]
"""Called with the number of pictures read, and of all."""


@dataclass(frozen=True)
class Check:
    """What was looked at, and what was found, the worst first."""

    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]

    @property
    def pictures(self) -> int:
        """The number of pictures, those that cannot be read too."""
        return len(self.readings)

    @property
    def parts(self) -> dict[str, int]:
        """How many of the pictures train, validate and test, without the parts that have none."""
        numbers = Counter(reading.subject.part for reading in self.readings)
        return {part: numbers[part] for part in ("train", "val", "test") if numbers[part]}

    @property
    def heads(self) -> int:
        """The number of heads that could be read."""
        return sum(len(reading.heads) for reading in self.readings if reading.heads is not None)

    def of_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def as_json(self) -> dict[str, object]:
        """The last line of `uepnet data check --json`."""
        counts = {f"{severity}s": len(self.of_severity(severity)) for severity in SEVERITIES}
        return {"summary": {"pictures": self.pictures, "parts": self.parts, "heads": self.heads, **counts}}


def check_data_sets(
    data_sets: Sequence[str], *, splits: Sequence[str] = ("all",), on_picture: OnPicture | None = None
) -> Check:
    """Checks the data sets named "NAME:ROOT" by themselves and against each other.

    `splits` are some of `SPLITS`; "all" is the training set, each picture under the part that it belongs to. A split
    that is none of them is a `ValueError`; all else that is wrong is a finding.
    """
    findings: list[Finding] = []
    subjects: list[Subject] = []
    for text in dict.fromkeys(data_sets):
        try:
            opened = open_subjects(text, splits=splits)
            subjects += opened
            findings += _unfinished(text, opened)
            findings += find_stray_files(text)
        except UepnetError as error:
            findings.append(Finding("unopened-data-set", str(error)))
    readings: list[Reading] = []
    for number, subject in enumerate(subjects, start=1):
        reading, found = read_subject(subject)
        readings.append(reading)
        findings += [*found, *check_points(reading)]
        if on_picture is not None:
            on_picture(number, len(subjects))
    findings += [*check_counts(readings), *find_repeats(readings)]
    order = list(KINDS)
    return Check(tuple(readings), tuple(sorted(findings, key=lambda finding: order.index(finding.kind))))


def _unfinished(text: str, subjects: Sequence[Subject]) -> list[Finding]:
    """One finding for all pictures that a data set leaves out."""
    names = subjects[0].data_set.unfinished if subjects else ()
    if not names:
        return []
    many = f"{', '.join(names[:3])}{', ...' if len(names) > 3 else ''}"
    return [
        Finding(
            "unfinished", f"{text}: unfinished and left out: {len(names)} ({many}); finish them with uepnet annotate"
        )
    ]


def read_subject(subject: Subject) -> tuple[Reading, list[Finding]]:
    """What can be read of a picture and of its heads, each for itself, and what could not be read."""
    entry, bare = subject.entry, Reading(subject)
    annotated = entry.annotation is not None and entry.annotation.is_file()
    if annotated and not entry.picture.is_file():
        message = f"{entry.annotation}: its picture {entry.picture} is not there; fetch it, or remove the annotation"
        return bare, [Finding("annotation-without-picture", message, (bare,))]
    pixels, findings = _read_pixels(bare)
    points, missing = _read_points(bare, annotated=annotated)
    findings += [finding for finding in missing if finding.kind not in {found.kind for found in findings}]
    if pixels is None:
        return bare, findings
    height, width = pixels.shape[:2]
    heads = None if points is None else HeadPoints(points, width=width, height=height)
    reading = Reading(subject, heads, fingerprint(pixels))
    if entry.name in subject.data_set.known_wrong:
        message = f"{subject.label}: its annotation is known to be wrong; a training should leave it out"
        findings.append(Finding("known-wrong", message, (reading,)))
    return reading, findings


def _read_pixels(reading: Reading) -> tuple[UInt8[np.ndarray, "height width 3"] | None, list[Finding]]:
    subject = reading.subject
    try:
        return subject.data_set.pixels(subject.entry), []
    except PictureError as error:
        return None, [Finding("unreadable-picture", str(error), (reading,))]


def _read_points(reading: Reading, *, annotated: bool) -> tuple[Float[np.ndarray, "heads 2"] | None, list[Finding]]:
    entry = reading.subject.entry
    if not annotated:
        if entry.annotation is None and reading.subject.part == "test":
            return None, []  # a test part may keep its heads to itself
        where = "it is not mentioned in any file" if entry.annotation is None else f"there is no {entry.annotation}"
        message = f"{entry.picture}: its heads are missing, {where}; add them, or say there that it holds none"
        return None, [Finding("picture-without-annotation", message, (reading,))]
    try:
        return reading.subject.data_set.read_points(entry), []
    except AnnotationError as error:
        return None, [Finding("refused-annotation", str(error), (reading,))]
    except PictureError as error:  # some readers compare with the picture's size
        return None, [Finding("unreadable-picture", str(error), (reading,))]
