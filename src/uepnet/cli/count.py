"""`uepnet count`: how many people are in these pictures?"""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from uepnet.cli.printable import printable
from uepnet.errors import OutputError, PictureError, UepnetError
from uepnet.inference.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from jaxtyping import UInt8
    from rich.progress import Progress

    from uepnet.inference.counter import Counter
    from uepnet.inference.result import CountResult

    Pixels = UInt8[np.ndarray, "height width 3"]

STDIN = "-"
UNBROKEN = 1000
"""Characters of a table's line where there is no terminal, so that no name is broken for the program that reads it."""


@dataclass(frozen=True)
class Job:
    """One picture to count: a file, stdin where there is no file, or what is wrong with the source."""

    name: str
    file: Path | None = None
    problem: PictureError | None = None


def count(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="pictures, folders, 'patterns', - for stdin")
    ],
    *,
    model: Annotated[str, typer.Option(help="a bundled model's name, or a file (.onnx, .safetensors)")] = DEFAULT_MODEL,
    out: Annotated[Path | None, typer.Option(help="folder for one .count.json per picture, and overlays")] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="draw a heat map of each picture into --out")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line, nothing else on stdout")] = False,
    backend: Annotated[Literal["auto", "onnx", "torch"], typer.Option(help="what runs the model")] = "auto",
    device: Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="where it runs")] = "auto",
    decode: Annotated[
        Literal["mean", "argmax"] | None, typer.Option(help="how classes become a count; the model's own by default")
    ] = None,
    max_megapixels: Annotated[float, typer.Option(min=0.0, help="larger pictures are refused")] = 64.0,
) -> None:
    """Count the people in pictures. Pictures that cannot be counted are reported, the others counted, and the status is 1."""
    from uepnet.inference.counter import Counter

    if overlay and out is None:
        raise typer.BadParameter("say where the drawings go, as in --overlay --out DIR", param_hint="--overlay")
    counter = Counter(model, backend=backend, device=device, decode=decode, max_megapixels=max_megapixels)
    jobs = [job for source in sources for job in _jobs(source)]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    results: list[CountResult] = []
    failed = False
    try:
        for outcome in _outcomes(counter, jobs, out=out, overlay=overlay, bar=not (as_json and sys.stdout.isatty())):
            if isinstance(outcome, tuple):
                failed = True
            else:
                results.append(outcome)
            if as_json:
                print(json.dumps(_as_json(outcome)), flush=True)
            elif isinstance(outcome, tuple):
                print(printable(f"uepnet: error: {outcome[1]}"), file=sys.stderr)  # above the bar; `echo` would hit it
    finally:  # what is finished is shown even if the rest is interrupted
        if results and not as_json:
            _print_table(results, of=len(jobs))
    if failed:
        raise typer.Exit(1)


def _jobs(source: str) -> "Iterator[Job]":
    from uepnet.inference.sources import pictures_of

    if source == STDIN:
        yield Job(STDIN)
        return
    try:
        files = pictures_of(source)
    except PictureError as problem:
        yield Job(source, problem=problem)
        return
    for file in files:
        yield Job(str(file), file=file)


def _outcomes(
    counter: "Counter", jobs: "Sequence[Job]", *, out: Path | None, overlay: bool, bar: bool
) -> "Iterator[CountResult | tuple[Job, UepnetError]]":
    """The result of each job, or the job with its error, as they come; both where only a file could not be written."""
    from uepnet.inference.output_names import output_names

    with _progress(shown=bar and len(jobs) > 1) as progress:
        task = progress.add_task("counting", total=len(jobs))
        for job, name in zip(jobs, output_names([job.name for job in jobs]), strict=True):
            try:
                if job.problem is not None:
                    raise job.problem
                picture = counter.read(job.file if job.file is not None else _stdin())
                result = counter.count(picture, name=job.name)
                yield result
                if out is not None:
                    _save(result, picture if overlay else None, stem=out / name)
            except UepnetError as error:
                yield job, error
            progress.advance(task)


def _save(result: "CountResult", picture: "Pixels | None", *, stem: Path) -> None:
    """Write the count, and the heat map over the picture where there is one; `OutputError` if that cannot be done."""
    from uepnet.inference.overlay import draw_overlay
    from uepnet.whole_files import write_whole

    path = stem.with_name(f"{stem.name}.count.json")
    try:
        result.save_json(path)
        if picture is not None:
            path = stem.with_name(f"{stem.name}.overlay.jpg")
            drawing = io.BytesIO()
            draw_overlay(picture, result).save(drawing, format="JPEG", quality=92, subsampling=0)
            write_whole(path, drawing.getvalue())
    except OSError as error:
        raise OutputError(
            f"{result.source}: counted, but {path} cannot be written ({error.strerror}); name another --out"
        ) from error


def _stdin() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise PictureError("-: nothing is piped in; give a picture, as in `uepnet count - < photo.jpg`")
    content = sys.stdin.buffer.read()
    if not content:
        raise PictureError("-: standard input is empty; pipe a picture in, as in `uepnet count - < photo.jpg`")
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
    if any(result.warnings for result in results):
        table.add_column("warnings", overflow="fold")
    for result in results:
        spread = "" if result.low is None or result.high is None else f" ({result.low:,.0f} to {result.high:,.0f})"
        table.add_row(
            Text(printable(result.source)),
            f"{result.count:,.0f}{spread}",
            f"{result.width} x {result.height}",
            f"{result.seconds:.2f}",
            *[" ".join(result.warnings)][: len(table.columns) - 4],
        )
    console.print(table)
