"""A bar that counts pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def picture_progress(what: str, *, pictures: int) -> Iterator[Callable[[object], None]]:
    """A bar on stderr, and what to call after each picture; no bar where stderr is no terminal."""
    with picture_bars(shown=True) as bars:
        bar = bars.add_task(what, total=pictures)
        yield lambda _: bars.update(bar, advance=1)


def picture_bars(*, shown: bool, above_stdout: bool = False) -> "Progress":
    """Bars on stderr with the time left, which vanish; none where stderr is no terminal.

    With `above_stdout` what is printed meanwhile is put above the bars, which is for lines to the same terminal.
    """
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
        redirect_stdout=above_stdout,
        disable=not (shown and console.is_terminal),
    )
