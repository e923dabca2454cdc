"""The tables that `uepnet count` shows of pictures and films."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from uepnet.cli.zone_rows import COLUMNS, add_zone_rows
from uepnet.film.words import clock_time
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.cli.count_films import FilmRow
    from uepnet.cli.count_pictures import PictureRow

UNBROKEN = 1000
"""Characters of a table's line where there is no terminal, so that no name is broken for the program that reads it."""


def print_pictures(rows: "Sequence[PictureRow]", *, of: int) -> None:
    """A row for each picture and its zones, and the sum below several."""
    console = _console()
    table = Table(show_footer=of > 1, box=None, pad_edge=False)
    total = f"{sum(row.count for row in rows):,.0f}"
    table.add_column(
        "picture", footer=f"{of} pictures" if len(rows) == of else f"only {len(rows)} of {of}", overflow="fold"
    )
    table.add_column("people", footer=total, justify="right", style="bold")
    table.add_column("size", justify="right")
    table.add_column("seconds", footer=f"{sum(row.seconds for row in rows):.2f}", justify="right")
    zone_columns = COLUMNS if any(row.zones for row in rows) else ()
    for column in zone_columns:
        table.add_column(column)
    if any(row.warnings for row in rows):
        table.add_column("warnings", overflow="fold")
    for row in rows:
        table.add_row(
            Text(printable(row.source)),
            f"{row.count:,.0f}{spread(row.low, row.high)}",
            f"{row.width} x {row.height}",
            f"{row.seconds:.2f}",
            *[""] * len(zone_columns),
            *[Text(printable(" ".join(row.warnings)))][: len(table.columns) - 4 - len(zone_columns)],
        )
        add_zone_rows(table, row.zones)
    console.print(table)
    if of > 1 and console.is_terminal:
        console.print(
            "The sum is presence in the pictures: whoever is in several counts in each; it is no flow.", style="dim"
        )


def print_films(rows: "Sequence[FilmRow]") -> None:
    """A row for each film: how long, how often counted, the most people and when, and the mean."""
    table = Table(box=None, pad_edge=False)
    table.add_column("film", overflow="fold")
    for name in ("length", "frames", "counted", "people on average"):
        table.add_column(name, justify="right")
    table.add_column("at most", justify="right", style="bold")
    table.add_column("at", justify="right")
    for row in rows:
        peak = row.peak
        table.add_row(
            Text(printable(row.source)),
            clock_time(row.length),
            f"{row.frames:,}",
            f"{row.counted:,}",
            "" if row.counted == 0 else f"{row.total / row.counted:,.0f}",
            "" if peak is None else f"{peak.count:,.0f}{spread(peak.low, peak.high)}",
            "" if peak is None else clock_time(row.peak_at),
        )
    _console().print(table)


def spread(low: float | None, high: float | None) -> str:
    """A range beside its count, nothing without one."""
    return "" if low is None or high is None else f" ({low:,.0f} to {high:,.0f})"


def _console() -> Console:
    console = Console()
    if not console.is_terminal:
        console.width = UNBROKEN
    return console
