"""Points as CSV with the columns `picture`, `x` and `y`, one row a head.

A row with a picture's name and neither x nor y says that the picture holds no heads.
"""

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import as_array
from uepnet.annotations.text_files import read_text, whole_text
from uepnet.errors import AnnotationError

COLUMNS = ("picture", "x", "y")


def read_csv(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of every picture that the table names; further columns are allowed and not looked at."""
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True, skipinitialspace=True)
    points: dict[str, list[list[float]]] = {}
    try:
        found = rows.fieldnames or ()
        if any(list(found).count(column) != 1 for column in COLUMNS):
            raise AnnotationError(
                f"{path}: the first line should name the columns picture, x and y, but it is {','.join(found)[:80]!r}"
            )
        for row in rows:
            _add(points, row, where=f"{path}, line {rows.line_num}")
    except csv.Error as error:
        raise AnnotationError(f"{path}, line {rows.line_num}: this is no CSV ({error})") from error
    return {name: as_array(heads) for name, heads in points.items()}


def write_csv(path: Path, points: Mapping[str, Float[np.ndarray, "_ 2"]]) -> None:
    """The table that `read_csv` reads back to the same numbers."""
    with whole_text(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for name, heads in points.items():
            if not name or name != name.strip():
                raise ValueError(f"a picture's name in a CSV neither begins nor ends with a blank, but one is {name!r}")
            table.writerows([name, x, y] for x, y in heads.tolist())
            if not len(heads):
                table.writerow([name, "", ""])


def _add(points: dict[str, list[list[float]]], row: Mapping[str, str | None], *, where: str) -> None:
    name, x, y = ((row[column] or "").strip() for column in COLUMNS)
    if not name:
        raise AnnotationError(f"{where}: the row names no picture")
    heads = points.setdefault(name, [])
    if x or y:
        heads.append([_number(x, where=where), _number(y, where=where)])


def _number(text: str, *, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise AnnotationError(f"{where}: '{text[:60]}' is no number of pixels")
    return value
