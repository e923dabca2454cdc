"""`uepnet data`: is what I train and measure on in order?"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.data_convert import convert
from uepnet.cli.options import Record

if TYPE_CHECKING:
    from rich.text import Text

    from uepnet.annotations.check.check import Check

MOST_TOLD = 20
"""Findings that are told one by one below the table."""
EXAMPLES = 3
"""Pictures that the table names of a kind of finding."""
COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}

data = typer.Typer(name="data", help="Look after annotated pictures.", no_args_is_help=True)


@data.callback()
def group() -> None:
    """Look after annotated pictures."""


data.command()(convert)


@data.command()
def check(
    data_sets: Annotated[
        list[str], typer.Argument(metavar="NAME:ROOT...", help="such as shanghaitech-a:/data/ShanghaiTech")
    ],
    *,
    split: Annotated[
        list[str] | None,
        typer.Option(help="train, val, test or all (train and val); all if not given; repeatable"),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="folder for a picture of every finding, its points ringed or its copies beside it"),
    ] = None,
    record: Record = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON object a finding and one of all, nothing else on stdout")
    ] = False,
) -> None:
    """Look for broken files, misplaced and doubled points, and pictures that repeat each other.

    Above all for training pictures that repeat a validation picture. Data sets named together are compared with each
    other. One broken file never hides the others. The exit status is 1 if there are errors; warnings and notes are for
    a person to look at.
    """
    from uepnet.annotations.check.check import check_data_sets

    with _progress("reading and comparing") as on_picture:
        checked = check_data_sets(data_sets, splits=split or ["all"], on_picture=on_picture)
    if as_json:
        for finding in checked.findings:
            print(json.dumps(finding.as_json()))
        print(json.dumps(checked.as_json()), flush=True)
    else:
        _print_table(checked)
    if pictures is not None:
        _draw(checked, pictures)
    if record is not None:
        _record(checked, record, data_sets=data_sets, splits=split or ["all"])
    if checked.of_severity("error"):
        raise typer.Exit(1)


@contextmanager
def _progress(what: str) -> "Iterator[Callable[[int, int], None]]":
    """A bar on stderr; none where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _print_table(checked: "Check") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from uepnet.annotations.check.finding import KINDS, SEVERITIES

    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    table = Table(box=None, pad_edge=False)
    for title in ("", "finding", "found", "such as", "what it means"):
        wraps = title in ("such as", "what it means")
        table.add_column(title, justify="right" if title == "found" else "left", overflow="fold", no_wrap=not wraps)
    for name, kind in KINDS.items():
        found = [finding for finding in checked.findings if finding.kind == name]
        if found:
            names = [finding.pictures[0].subject.label for finding in found[:EXAMPLES] if finding.pictures]
            more = ", ..." if len(found) > len(names) > 0 else ""
            severity = Text(kind.severity, style=COLOURS[kind.severity])
            table.add_row(severity, name, f"{len(found):,}", _text(", ".join(names) + more), kind.about)
    if checked.findings:
        console.print(table)
    told = [finding for finding in checked.findings if finding.severity == "error" or not finding.pictures]
    for finding in told[:MOST_TOLD]:
        console.print(_text(f"{finding.kind}: {finding.message}"), soft_wrap=True)
    if len(told) > MOST_TOLD:
        console.print(f"and {len(told) - MOST_TOLD:,} more like these; --json tells all findings")
    parts = ", ".join(f"{number:,} {part}" for part, number in checked.parts.items())
    pictures = _number(checked.pictures, "picture") + (f" ({parts})" if parts else "")
    seen = f"{pictures}, {_number(checked.heads, 'head')}"
    counts = ", ".join(_number(len(checked.of_severity(severity)), severity) for severity in SEVERITIES)
    console.print(f"{seen}: {counts}")


def _number(number: int, of: str) -> str:
    return f"{number:,} {of}{'' if number == 1 else 's'}"


def _text(line: str) -> "Text":
    """The line as it is: no part of a file's name is taken for a style, and none fails to be printed."""
    from rich.text import Text

    return Text(line.encode(errors="surrogateescape").decode(errors="replace"))


def _draw(checked: "Check", folder: Path) -> None:
    """One picture a finding, numbered in the order of the JSON, where there is a picture to draw."""
    from uepnet.annotations.check.drawings import draw_finding
    from uepnet.whole_files import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    with _progress("drawing") as on_picture:
        for number, finding in enumerate(checked.findings, start=1):
            drawing = draw_finding(finding)
            if drawing is not None:
                name = finding.pictures[0].subject.label.replace("/", "-")
                encoded = io.BytesIO()
                drawing.save(encoded, format="JPEG", quality=90)
                write_whole(folder / f"{number:04d}-{finding.kind}-{name}.jpg", encoded.getvalue())
            on_picture(number, len(checked.findings))


def _record(checked: "Check", path: Path, *, data_sets: list[str], splits: list[str]) -> None:
    """The figures with the command that gives them, without the folders of this machine."""
    from datetime import UTC, datetime

    from uepnet.laboratory.check_recording import check_as_result
    from uepnet.laboratory.results import command_line, write_result

    sets = " ".join(f"{text.partition(':')[0]}:ROOT" for text in data_sets)
    command = command_line(f"uepnet data check {sets}", {"split": splits, "json": True})
    write_result(path, check_as_result(checked, command=command, date=datetime.now(UTC)))
