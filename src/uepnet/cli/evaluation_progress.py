"""The bar that shows how far an evaluation is, and the error so far."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uepnet.annotations.data_set import DataSet
from uepnet.cli.picture_progress import picture_bars
from uepnet.description import Decode

if TYPE_CHECKING:
    from uepnet.evaluation.rows import PictureRow


@contextmanager
def progress(data_set: DataSet, *, model: str, decode: Decode) -> "Iterator[Callable[[PictureRow], None]]":
    """A bar on stderr, and what to tell of each measured picture; no bar where stderr is no terminal."""
    with picture_bars(shown=True, above_stdout=sys.stdout.isatty()) as bars:
        bar = bars.add_task(f"{model} on {data_set.name}", total=len(data_set))
        off: list[float] = []

        def on_picture(row: "PictureRow") -> None:
            off.append(abs(row.count(decode) - row.truth))
            described = f"{model} on {data_set.name}, MAE {sum(off) / len(off):.1f}"
            bars.update(bar, advance=1, description=described)

        yield on_picture
