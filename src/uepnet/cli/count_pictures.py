"""The pictures of `uepnet count`: read ahead, counted, written, and shown in a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from uepnet.cli.adjusted import Adjusted
from uepnet.cli.count_jobs import Job
from uepnet.cli.interruption import sigterm_is_ctrl_c
from uepnet.cli.picture_progress import picture_bars
from uepnet.errors import PictureError, UepnetError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import UInt8

    from uepnet.cli.count_outcome import Outcomes
    from uepnet.inference.result import CountResult, ZoneCount
    from uepnet.reports.overlaps import SeenPictures

    Pixels = UInt8[np.ndarray, "height width 3"]

HELD_TOGETHER = 64.0
"""Megapixels of which several pictures may be in memory; where larger ones are allowed there is one at a time."""


@dataclass(frozen=True)
class PictureRow:
    """What the table on the terminal needs of a counted picture."""

    source: str
    count: float
    low: float | None
    high: float | None
    width: int
    height: int
    seconds: float
    zones: "tuple[ZoneCount, ...]"
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class PictureOutputs:
    """Where drawings and counts of pictures go, and whether a bar may be shown."""

    out: Path | None
    overlay: bool
    bar: bool


def count_pictures(
    jobs: Sequence[Job], adjusted: Adjusted, outputs: PictureOutputs, *, outcomes: "Outcomes", rows: list[PictureRow]
) -> None:
    """Count the pictures; `rows` has those that were counted, also where the rest is interrupted."""
    from uepnet.reports.overlaps import SeenPictures, sentences

    seen = SeenPictures()
    with sigterm_is_ctrl_c():
        for outcome in _outcomes(jobs, adjusted, outputs, seen):
            if isinstance(outcome, tuple):
                outcomes.failure(outcome[0].name, outcome[1])
            else:
                outcomes.counted(outcome.as_json())
                rows.append(_row(outcome))
    for sentence in sentences(seen):
        outcomes.warn(sentence)


def _row(result: "CountResult") -> PictureRow:
    return PictureRow(**{name: getattr(result, name) for name in PictureRow.__dataclass_fields__})


def _outcomes(
    jobs: Sequence[Job], adjusted: Adjusted, outputs: PictureOutputs, seen: "SeenPictures"
) -> "Iterator[CountResult | tuple[Job, UepnetError]]":
    """The result of each job, or the job with its error, as they come; both where only a file could not be written."""
    from uepnet.inference.one_by_one import one_by_one
    from uepnet.inference.output_names import output_names
    from uepnet.inference.pipeline import overlapped
    from uepnet.inference.saving import save_result

    counter = adjusted.counter

    def read(named: tuple[Job, str]) -> "Pixels":
        source = named[0].picture
        if isinstance(source, PictureError):
            raise source
        return counter.read(source)

    def write(named: tuple[Job, str], picture: "Pixels", result: "CountResult") -> None:
        seen.add(result.source, picture)
        if outputs.out is not None:
            save_result(result, picture if outputs.overlay else None, stem=outputs.out / named[1])

    names = output_names([job.name for job in jobs])
    with picture_bars(shown=outputs.bar) as progress:
        task = progress.add_task("counting", total=len(jobs), visible=len(jobs) > 1)
        tiles = progress.add_task("tiles", visible=False)

        def show_tile(done: int, of: int) -> None:
            progress.update(tiles, completed=done, total=of, visible=done < of)

        def count(named: tuple[Job, str], picture: "Pixels") -> "CountResult":
            return adjusted(counter.count(picture, name=named[0].name, on_tile=show_tile))

        run = one_by_one if counter.max_megapixels > HELD_TOGETHER else partial(overlapped, at_once=counter.at_once)
        for outcome in run(zip(jobs, names, strict=True), read=read, count=count, write=write):
            if outcome.result is not None:
                yield outcome.result
            if outcome.error is not None:
                yield outcome.job[0], outcome.error
            progress.advance(task)
