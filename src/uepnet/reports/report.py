"""What a report is about: counted pictures with their drawings, what failed, and what counted them."""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from uepnet.description import ModelDescription
from uepnet.inference.overlay import draw_overlay
from uepnet.inference.result import CountResult

LONGEST_SIDE = 1400
"""Pixels of a drawing in a report of a few pictures: sharp on a page of paper."""
LONGEST_OF_MANY, MANY = 800, 8
"""Pixels in a report of more than `MANY` pictures, so that a hundred make a file that can be sent."""
TERMS = re.compile(r"^## (?:Terms|Licence|License)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class ReportedPicture:
    """One counted picture: `digest` is the SHA-256 of its file, `drawing` a JPEG, `area_m2` what it shows of the ground."""

    result: CountResult
    digest: str
    drawing: bytes
    drawing_size: tuple[int, int]
    area_m2: float | None = None


@dataclass(frozen=True)
class FailedPicture:
    """One that could not be counted, and why."""

    source: str
    message: str


@dataclass(frozen=True)
class ModelInReport:
    """What counted: `digest` is the SHA-256 of its file, `terms` what its card says on licences."""

    description: ModelDescription
    digest: str
    terms: str | None


@dataclass(frozen=True)
class Report:
    """Everything that a report says; `made` knows its time zone, `overlaps` are sentences on people counted twice."""

    pictures: tuple[ReportedPicture, ...]
    failed: tuple[FailedPicture, ...]
    model: ModelInReport
    made: datetime
    version: str
    overlaps: tuple[str, ...] = ()
    title: str | None = None

    def __post_init__(self) -> None:
        if not self.pictures:
            raise ValueError("a report needs at least one counted picture")
        if self.made.tzinfo is None:
            raise ValueError(f"the time {self.made} has no time zone; give one, such as UTC")


def report_picture(
    picture: UInt8[np.ndarray, "height width 3"],
    result: CountResult,
    *,
    digest: str,
    longest_side: int = LONGEST_SIDE,
    area_m2: float | None = None,
) -> ReportedPicture:
    """A counted picture ready for a report; its pixels are no longer needed after it."""
    drawing = draw_overlay(picture, result)
    drawing.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    jpeg = io.BytesIO()
    drawing.save(jpeg, format="JPEG", quality=85)
    return ReportedPicture(result, digest, jpeg.getvalue(), drawing.size, area_m2)


def model_in_report(description: ModelDescription, file: Path) -> ModelInReport:
    """The model, with the terms from the card beside its file, if there is one (`NAME.md`)."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    card = file.with_suffix(".md")
    found = TERMS.search(card.read_text(encoding="utf-8")) if card.is_file() else None
    return ModelInReport(description, digest, None if found is None else " ".join(found[1].split()))
