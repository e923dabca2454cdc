"""Bars of the rows of `uepnet reproduce`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uepnet.laboratory.reproduce.row_progress import RowProgress


@contextmanager
def row_bars() -> "Iterator[RowProgress]":
    """Bars on stderr for reading pictures, keeping features and learning a row; none where stderr is no terminal."""
    from uepnet.cli.picture_progress import picture_bars
    from uepnet.laboratory.reproduce.row_progress import RowProgress

    with picture_bars(shown=True, above_stdout=sys.stdout.isatty()) as bars:
        reading = bars.add_task("reading pictures", total=None, visible=False)
        keeping = bars.add_task("features of crops", total=None, visible=False)
        learning = bars.add_task("learning", total=None, visible=False)

        class Shown(RowProgress):
            def on_picture(self, done: int, total: int) -> None:
                bars.update(reading, completed=done, total=total, visible=done < total)

            def on_features(self, done: int, total: int) -> None:
                bars.update(keeping, completed=done, total=total, visible=done < total)

            def on_row(self, name: str, steps: int) -> None:
                bars.reset(learning, description=f"learning {name}", total=steps, visible=True)

            def on_step(self, step: int, loss: float) -> None:  # noqa: ARG002  # a loss says nothing across targets
                bars.update(learning, completed=step)

        yield Shown()
