"""All watched cameras in a table on the terminal, which is drawn anew as they change."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from uepnet.cli.count_table import spread
from uepnet.film.words import STATES
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.monitoring.messages import CameraNow

SECONDS = 0.25
"""From one drawing to the next."""


@contextmanager
def watch_table(*, shown: bool) -> "Iterator[Callable[[list[CameraNow]], None]]":
    """What to call with how the cameras stand, as often as one likes; on stderr, and nothing where that is no terminal."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield lambda _: None
        return
    drawn_at = -SECONDS
    above = sys.stdout.isatty()  # alerts stand above the table; those that go into a file stay there
    with Live(console=console, transient=True, auto_refresh=False, redirect_stdout=above) as live:

        def show(cameras: "list[CameraNow]") -> None:
            nonlocal drawn_at
            if time.monotonic() - drawn_at >= SECONDS:
                drawn_at = time.monotonic()
                live.update(_table(cameras), refresh=True)

        yield show


def _table(cameras: "list[CameraNow]") -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("camera", overflow="fold")
    table.add_column("people", justify="right", style="bold")
    table.add_column("alerts", style="bold red")
    table.add_column("state", style="dim", overflow="fold")
    for camera in cameras:
        table.add_row(
            Text(printable(camera.name)),
            "" if camera.people is None else f"{camera.people:,.0f}{spread(camera.low, camera.high)}",
            Text(printable(", ".join(camera.alerts))),
            Text(printable(camera.away or STATES[camera.state])),
        )
    return table
