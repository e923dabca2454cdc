"""The zones of a counted picture as rows below it in a table."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from uepnet.inference.result import ZoneCount
from uepnet.printable import printable

COLOURS = {"ok": "green", "near limit": "yellow", "may be over": "bold yellow", "over": "bold red"}
"""Beside the words, never instead of them."""
COLUMNS = ("people per m²", "status")


def add_zone_rows(table: Table, zones: Sequence[ZoneCount]) -> None:
    """A row for each zone in a table of picture, people, size, seconds and `COLUMNS`: its size is in square metres."""
    for zone in zones:
        spread = "" if zone.low is None or zone.high is None else f" ({zone.low:,.0f} to {zone.high:,.0f})"
        limit = "" if zone.limit is None else f"{zone.status}, limit {zone.limit_in_words()}"
        table.add_row(
            Text(f"  {printable(zone.name)}"),
            f"{zone.count:,.0f}{spread}",
            "" if zone.area_m2 is None else f"{zone.area_m2:,.1f} m²",
            "",
            "" if zone.density is None else f"{zone.density_in_words()}, {zone.level}",
            Text(limit, style=COLOURS.get(zone.status or "", "")),
        )
