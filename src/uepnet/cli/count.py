"""`uepnet count`: how many people are in these pictures?"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from uepnet.cli.camera_option import camera_for
from uepnet.errors import PictureError, UepnetError
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from jaxtyping import UInt8
    from rich.progress import Progress

    from uepnet.inference.camera import Camera
    from uepnet.inference.counter import Counter
    from uepnet.inference.result import CountResult
    from uepnet.inference.zones.zone_file import ZonePlan
    from uepnet.reports.overlaps import SeenPictures

    Pixels = UInt8[np.ndarray, "height width 3"]

STDIN = "-"
MOST_PIPED = 1_000_000_000
"""Bytes that are read from standard input."""
HELD_TOGETHER = 64.0
"""Megapixels of which several pictures may be in memory; where larger ones are allowed there is one at a time."""
UNBROKEN = 1000
"""Characters of a table's line where there is no terminal, so that no name is broken for the program that reads it."""


@dataclass(frozen=True)
class Job:
    """One picture to count: a file, the bytes that came from stdin, or what is wrong with the source."""

    name: str
    picture: Path | bytes | PictureError


def count(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="pictures, folders, 'patterns', - for stdin")
    ],
    *,
    model: Annotated[str, typer.Option(help="a bundled model's name, or a file (.onnx, .safetensors)")] = DEFAULT_MODEL,
    zones: Annotated[
        Path | None, typer.Option(help="zone file: people, density and status of parts of the picture; docs/zones.md")
    ] = None,
    camera: Annotated[
        Path | None, typer.Option(help="the camera's correction, from `uepnet calibrate`; docs/cameras.md")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="all results in one .csv, .jsonl or .parquet file; docs/reports.md")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder for one .count.json per picture, and overlays")] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="draw a heat map of each picture into --out")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line, nothing else on stdout")] = False,
    backend: Annotated[Literal["auto", "onnx", "torch"], typer.Option(help="what runs the model")] = "auto",
    device: Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="where it runs")] = "auto",
    decode: Annotated[
        Literal["mean", "argmax"] | None, typer.Option(help="how classes become a count; the model's own by default")
    ] = None,
    coverage: Annotated[
        float | None,
        typer.Option(help="share of pictures whose true number is in the range; the model's own by default"),
    ] = None,
    max_megapixels: Annotated[
        float, typer.Option(min=0.0, max=500.0, help="larger pictures are refused; docs/limits.md says what they take")
    ] = 64.0,
) -> None:
    """Count the people in pictures. Pictures that cannot be counted are reported, the others counted, and the status is 1."""
    from uepnet.inference.counter import Counter
    from uepnet.inference.zones.zone_file import read_zones
    from uepnet.reports.overlaps import SeenPictures
    from uepnet.reports.tables import write_table

    _check_outputs(out=out, overlay=overlay, table=table)
    plan = None if zones is None else read_zones(zones)
    counter = Counter(
        model, backend=backend, device=device, decode=decode, coverage=coverage, max_megapixels=max_megapixels
    )
    correction = None if camera is None else camera_for(camera, counter=counter, model=model)
    jobs = [job for source in sources for job in _jobs(source)]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    results: list[CountResult] = []
    records: list[dict[str, object]] = []
    seen = SeenPictures()
    failed = False
    try:
        bar = not (as_json and sys.stdout.isatty())
        adjust = _Adjusted(counter, plan, correction, seen)
        for outcome in _outcomes(counter, jobs, adjust=adjust, out=out, overlay=overlay, bar=bar):
            records.append(_as_json(outcome))
            if isinstance(outcome, tuple):
                failed = True
            else:
                results.append(outcome)
            if as_json:
                print(json.dumps(records[-1]), flush=True)
            elif isinstance(outcome, tuple):
                print(printable(f"uepnet: error: {outcome[1]}"), file=sys.stderr)  # above the bar; `echo` would hit it
    finally:  # what is finished is written and shown even if the rest is interrupted
        try:
            if table is not None:
                write_table(table, records)
        finally:
            if results and not as_json:
                _print_table(results, of=len(jobs))
    _say_overlaps(seen)
    if failed:
        raise typer.Exit(1)


def _check_outputs(*, out: Path | None, overlay: bool, table: Path | None) -> None:
    """Refuse what could not be written, before anything is counted."""
    from uepnet.reports.tables import check_table

    if overlay and out is None:
        raise typer.BadParameter("say where the drawings go, as in --overlay --out DIR", param_hint="--overlay")
    if table is not None:
        check_table(table)


def _jobs(source: str) -> "Iterator[Job]":
    from uepnet.inference.sources import pictures_of

    if source == STDIN:
        yield Job(STDIN, _stdin())
        return
    try:
        files = pictures_of(source)
    except PictureError as problem:
        yield Job(source, problem)
        return
    for file in files:
        yield Job(str(file), file)


def _outcomes(
    counter: "Counter",
    jobs: "Sequence[Job]",
    *,
    adjust: "_Adjusted",
    out: Path | None,
    overlay: bool,
    bar: bool,
) -> "Iterator[CountResult | tuple[Job, UepnetError]]":
    """The result of each job, or the job with its error, as they come; both where only a file could not be written."""
    from uepnet.inference.one_by_one import one_by_one
    from uepnet.inference.output_names import output_names
    from uepnet.inference.pipeline import overlapped

    def read(named: tuple[Job, str]) -> "Pixels":
        source = named[0].picture
        if isinstance(source, PictureError):
            raise source
        return counter.read(source)

    def write(named: tuple[Job, str], picture: "Pixels", result: "CountResult") -> None:
        if out is not None:
            from uepnet.inference.saving import save_result

            save_result(result, picture if overlay else None, stem=out / named[1])

    names = output_names([job.name for job in jobs])
    with _progress(shown=bar) as progress:
        task = progress.add_task("counting", total=len(jobs), visible=len(jobs) > 1)
        tiles = progress.add_task("tiles", visible=False)

        def show_tile(done: int, of: int) -> None:
            progress.update(tiles, completed=done, total=of, visible=done < of)

        for outcome in (overlapped if counter.max_megapixels <= HELD_TOGETHER else one_by_one)(
            zip(jobs, names, strict=True),
            read=read,
            count=lambda named, picture: adjust(picture, counter.count(picture, name=named[0].name, on_tile=show_tile)),
            write=write,
        ):
            if outcome.result is not None:
                yield outcome.result
            if outcome.error is not None:
                yield outcome.job[0], outcome.error
            progress.advance(task)


@dataclass(frozen=True)
class _Adjusted:
    """What is done to each result after the model: its zones, the camera's correction, and a look at the picture."""

    counter: "Counter"
    plan: "ZonePlan | None"
    camera: "Camera | None"
    seen: "SeenPictures"

    def __call__(self, picture: "Pixels", result: "CountResult") -> "CountResult":
        from uepnet.inference.camera import corrected
        from uepnet.inference.zones.count_zones import count_zones

        self.seen.add(result.source, picture)
        if self.plan is not None:
            result = count_zones(result, self.plan, calibration=self.counter.calibration)
        return result if self.camera is None else corrected(result, self.camera)


def _say_overlaps(seen: "SeenPictures") -> None:
    """On stderr, what a sum over the pictures counts twice."""
    from uepnet.reports.overlaps import sentences

    for sentence in sentences(seen):
        print(f"uepnet: warning: {sentence}", file=sys.stderr)


def _stdin() -> bytes | PictureError:
    """Read here and not in the thread that reads files: a pipe that never ends could not be left with Ctrl-C there."""
    if sys.stdin is None or sys.stdin.isatty():
        return PictureError("-: nothing is piped in; give a picture, as in `uepnet count - < photo.jpg`")
    content = sys.stdin.buffer.read(MOST_PIPED + 1)
    if len(content) > MOST_PIPED:
        return PictureError(f"-: more than {MOST_PIPED / 1e9:.0f} GB come from standard input; no picture is so large")
    if not content:
        return PictureError("-: standard input is empty; pipe a picture in, as in `uepnet count - < photo.jpg`")
    return content


def _as_json(outcome: "CountResult | tuple[Job, UepnetError]") -> dict[str, object]:
    if not isinstance(outcome, tuple):
        return outcome.as_json()
    job, error = outcome
    return {"source": job.name, "error": {"kind": error.kind, "message": str(error)}}


def _progress(*, shown: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
        disable=not (shown and console.is_terminal),
    )


def _print_table(results: "Sequence[CountResult]", *, of: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from uepnet.cli.zone_rows import COLUMNS, add_zone_rows

    console = Console()
    if not console.is_terminal:
        console.width = UNBROKEN
    table = Table(show_footer=of > 1, box=None, pad_edge=False)
    total = f"{sum(result.count for result in results):,.0f}"
    table.add_column(
        "picture", footer=f"{of} pictures" if len(results) == of else f"only {len(results)} of {of}", overflow="fold"
    )
    table.add_column("people", footer=total, justify="right", style="bold")
    table.add_column("size", justify="right")
    table.add_column("seconds", footer=f"{sum(result.seconds for result in results):.2f}", justify="right")
    zone_columns = COLUMNS if any(result.zones for result in results) else ()
    for column in zone_columns:
        table.add_column(column)
    if any(result.warnings for result in results):
        table.add_column("warnings", overflow="fold")
    for result in results:
        spread = "" if result.low is None or result.high is None else f" ({result.low:,.0f} to {result.high:,.0f})"
        table.add_row(
            Text(printable(result.source)),
            f"{result.count:,.0f}{spread}",
            f"{result.width} x {result.height}",
            f"{result.seconds:.2f}",
            *[""] * len(zone_columns),
            *[Text(printable(" ".join(result.warnings)))][: len(table.columns) - 4 - len(zone_columns)],
        )
        add_zone_rows(table, result.zones)
    console.print(table)
    if of > 1 and console.is_terminal:
        console.print(
            "The sum is presence in the pictures: whoever is in several counts in each; it is no flow.", style="dim"
        )
