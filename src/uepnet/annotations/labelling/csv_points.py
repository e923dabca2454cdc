"""Points as CSV with the columns `picture`, `x` and `y`, one row a head.

A row with a picture's name and neither x nor y says that the picture holds no heads. A fourth column `unfinished` holds
`yes` in every row of a picture whose heads are not all marked yet: what stands there is kept, but is no annotation.
"""

import csv
import io
import math
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import as_array
from uepnet.annotations.text_files import read_text, whole_text
from uepnet.errors import AnnotationError

COLUMNS = ("picture", "x", "y")
UNFINISHED = "unfinished"
YES = "yes"

Table = dict[str, Float[np.ndarray, "_ 2"]]


def read_csv(path: Path) -> Table:
    """The points of every finished picture that the table names; further columns are allowed and not looked at."""
    points, unfinished = read_csv_in_work(path)
    return {name: heads for name, heads in points.items() if name not in unfinished}


def read_csv_in_work(path: Path) -> tuple[Table, frozenset[str]]:
    """The points of every picture that the table names, and the names of those that are unfinished."""
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True, skipinitialspace=True)
    points: dict[str, list[list[float]]] = {}
    states: dict[str, str] = {}
    try:
        found = rows.fieldnames or ()
        if any(list(found).count(column) != 1 for column in COLUMNS):
            raise AnnotationError(
                f"{path}: the first line should name the columns picture, x and y, but it is {','.join(found)[:80]!r}"
            )
        for row in rows:
            where = f"{path}, line {rows.line_num}"
            name = _add(points, row, where=where)
            state = (row.get(UNFINISHED) or "").strip()
            if state not in ("", YES) or states.setdefault(name, state) != state:
                raise AnnotationError(
                    f"{where}: the column {UNFINISHED} holds '{state[:60]}'; it is {YES} in every row of a picture, or empty in all"
                )
    except csv.Error as error:
        raise AnnotationError(f"{path}, line {rows.line_num}: this is no CSV ({error})") from error
    unfinished = frozenset(name for name, state in states.items() if state)
    return {name: as_array(heads) for name, heads in points.items()}, unfinished


def write_csv(
    path: Path, points: Mapping[str, Float[np.ndarray, "_ 2"]], *, unfinished: Collection[str] = frozenset()
) -> None:
    """The table that `read_csv_in_work` reads back to the same numbers; the fourth column only where it is needed."""
    with whole_text(path) as file:
        file.write(",".join((*COLUMNS, UNFINISHED) if unfinished else COLUMNS) + "\n")
        for name, heads in points.items():
            if not fits_in_csv(name):
                raise ValueError(
                    f"a picture's name in a CSV neither begins nor ends with a blank nor holds a carriage return, but one is "
                    f"{name!r}"
                )
            first = _quoted(name)
            last = (f",{YES}\n" if name in unfinished else ",\n") if unfinished else "\n"
            file.writelines(f"{first},{x!r},{y!r}{last}" for x, y in heads.tolist())
            if not len(heads):
                file.write(f"{first},,{last}")


def fits_in_csv(name: str) -> bool:
    r"""Whether a picture's name comes back from a CSV as it was.

    >>> [fits_in_csv(name) for name in ("gate, 1.jpg", " gate.jpg", "gate\r.jpg")]
    [True, False, False]
    """
    return bool(name) and name == name.strip() and "\r" not in name and "\0" not in name


def _quoted(name: str) -> str:
    """A name as it stands in a CSV; made once for all rows of a picture, which makes writing five times as fast."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([name])  # both ends of lines, since it quotes what ends a line
    return text.getvalue().removesuffix("\r\n")


def _add(points: dict[str, list[list[float]]], row: Mapping[str, str | None], *, where: str) -> str:
    """Add the row's head, if it holds one, and give its picture back."""
    name, x, y = ((row[column] or "").strip() for column in COLUMNS)
    if not name:
        raise AnnotationError(f"{where}: the row names no picture")
    heads = points.setdefault(name, [])
    if x or y:
        heads.append([_number(x, where=where), _number(y, where=where)])
    return name


def _number(text: str, *, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise AnnotationError(f"{where}: '{text[:60]}' is no number of pixels")
    return value
