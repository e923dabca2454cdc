"""A bar that counts pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def picture_progress(what: str, *, pictures: int) -> Iterator[Callable[[object], None]]:
    """A bar on stderr, and what to call after each picture; no bar where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task(what, total=pictures)
        yield lambda _: bars.update(bar, advance=1)
