"""`uepnet count`: how many people are in these pictures, films and cameras?"""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import BackendName, Coverage, DecodeChoice, Device, MaxMegapixels, ModelName
from uepnet.inference.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from uepnet.cli.count_films import FilmRow
    from uepnet.cli.count_pictures import PictureRow
    from uepnet.film.naming import FilmSource


def count(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="pictures, folders, 'patterns', films, a camera's address, - for stdin"
        ),
    ],
    *,
    model: ModelName = DEFAULT_MODEL,
    zones: Annotated[
        Path | None, typer.Option(help="zone file: people, density and status of parts of the picture; docs/zones.md")
    ] = None,
    camera: Annotated[
        Path | None, typer.Option(help="the camera's correction, from `uepnet calibrate`; docs/cameras.md")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="all results in one .csv, .jsonl or .parquet file; docs/reports.md")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="folder for a .count.json per picture, a timeline per film, and drawings")
    ] = None,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="draw a heat map of each picture or film into --out")
    ] = False,
    every: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="films: count a frame every so many seconds; 1 by default")
    ] = None,
    fps: Annotated[float | None, typer.Option(help="films: the same as frames per second")] = None,
    at_most: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", help="films and cameras: stop after so many seconds")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line, nothing else on stdout")] = False,
    backend: BackendName = "auto",
    device: Device = "auto",
    decode: DecodeChoice = None,
    coverage: Coverage = None,
    max_megapixels: MaxMegapixels = 64.0,
) -> None:
    """Count the people in pictures and films. What cannot be counted is reported, the rest counted, and the status is 1."""
    from uepnet.cli.adjusted import adjusted_by
    from uepnet.cli.count_films import FilmWishes, count_films
    from uepnet.cli.count_jobs import sorted_sources
    from uepnet.cli.count_outcome import Outcomes
    from uepnet.cli.count_pictures import HELD_TOGETHER, PictureOutputs, count_pictures
    from uepnet.inference.counter import Counter
    from uepnet.reports.tables import write_table

    if overlay and out is None:
        raise typer.BadParameter("say where the drawings go, as in --overlay --out DIR", param_hint="--overlay")
    seconds = _seconds_between(every, fps, at_most=at_most)
    pictures, films = sorted_sources(sources)
    _refuse_two_cameras(films)
    _refuse_table(table, out=out)
    opened = partial(Counter, model, backend=backend, device=device, decode=decode, coverage=coverage)
    one_a_core = len(pictures) > 1 and not films and max_megapixels <= HELD_TOGETHER
    counter = opened(max_megapixels=max_megapixels, threads=1 if one_a_core else None)
    adjusted = adjusted_by(counter, zones=zones, camera=camera, model=model)
    if out is not None:
        _make_out(out)  # once the files that are named have been read, so that a typing error leaves no folder behind
    bar = not (as_json and sys.stdout.isatty())
    outcomes = Outcomes(as_json=as_json, keep=table is not None)
    picture_rows: list[PictureRow] = []
    film_rows: list[FilmRow] = []
    try:
        count_pictures(pictures, adjusted, PictureOutputs(out, overlay, bar), outcomes=outcomes, rows=picture_rows)
        count_films(films, adjusted, FilmWishes(seconds, at_most, out, overlay, bar), outcomes=outcomes, rows=film_rows)
    finally:  # what is finished is written and shown even if the rest is interrupted
        try:
            if table is not None:
                write_table(table, outcomes.records)
        finally:
            if not as_json:
                _print_tables(picture_rows, film_rows, pictures=len(pictures))
    if outcomes.failed:
        raise typer.Exit(1)


def _refuse_table(table: Path | None, *, out: Path | None) -> None:
    """Refuse a table that could not be written, before anything is opened or made; it may lie in an `out` to come."""
    from uepnet.reports.tables import check_form, check_table

    if table is not None:
        new = out is not None and not out.exists() and table.parent.absolute() == out.absolute()
        (check_form if new else check_table)(table)


def _make_out(out: Path) -> None:
    from uepnet.errors import OutputError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{out}: the folder for the results cannot be made ({error.strerror}); name another --out"
        ) from error


def _seconds_between(every: float | None, fps: float | None, *, at_most: float | None) -> float:
    """The seconds from one counted frame to the next."""
    if every is not None and fps is not None:
        raise typer.BadParameter("--every and --fps say the same thing; give one of them", param_hint="--fps")
    for value, name in ((every, "--every"), (fps, "--fps"), (at_most, "--for")):
        if value is not None and not 0 < value < float("inf"):
            raise typer.BadParameter(f"this is a number above 0, not {value:g}", param_hint=name)
    if fps is not None:
        return 1.0 / fps
    return 1.0 if every is None else every


def _refuse_two_cameras(films: "list[FilmSource]") -> None:
    """A camera has no end, so what comes after it would never be counted."""
    live = [film.name for film in films if film.live]
    if len(live) > 1 or (live and not films[-1].live):
        raise typer.BadParameter(
            f"{live[0]} never ends; give one camera, as the last source, or watch several with `uepnet watch`",
            param_hint="SOURCE",
        )


def _print_tables(picture_rows: "list[PictureRow]", film_rows: "list[FilmRow]", *, pictures: int) -> None:
    from uepnet.cli.count_table import print_films, print_pictures

    if picture_rows:
        print_pictures(picture_rows, of=pictures)
    if film_rows:
        print_films(film_rows)
