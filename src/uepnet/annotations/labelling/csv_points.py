"""Points as CSV with the columns `picture`, `x` and `y`, one row a head.

A row with a picture's name and neither x nor y says that the picture holds no heads.
"""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.labelling.text import read_text, write_whole
from uepnet.errors import AnnotationError

COLUMNS = ("picture", "x", "y")


def read_csv(path: Path) -> dict[str, Float[np.ndarray, "heads 2"]]:
    """The points of every picture that the table names; further columns are allowed and not looked at."""
    rows = csv.DictReader(read_text(path).splitlines(), strict=True)
    points: dict[str, list[tuple[float, float]]] = {}
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise AnnotationError(
                f"{path}: the first line should name the columns picture, x and y, but it names "
                f"{', '.join(rows.fieldnames or ()) or 'nothing'}"
            )
        for row in rows:
            name, x, y = ((row[column] or "").strip() for column in COLUMNS)
            if not name:
                raise AnnotationError(f"{path}, line {rows.line_num}: the row names no picture")
            heads = points.setdefault(name, [])
            if x or y:
                heads.append((_number(x, path, rows.line_num), _number(y, path, rows.line_num)))
    except csv.Error as error:
        raise AnnotationError(f"{path}, line {rows.line_num}: this is no CSV ({error})") from error
    return {name: np.array(heads, dtype=np.float64).reshape(-1, 2) for name, heads in points.items()}


def write_csv(path: Path, points: Mapping[str, Float[np.ndarray, "heads 2"]]) -> None:
    """The table that `read_csv` reads back to the same numbers."""
    with write_whole(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for name, heads in points.items():
            table.writerows([name, x, y] for x, y in heads.tolist())
            if not len(heads):
                table.writerow([name, "", ""])


def _number(text: str, path: Path, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise AnnotationError(f"{path}, line {line}: '{text}' is no number of pixels")
    return value
