"""Points as one text file a picture: a line "x y" a head; an empty file says that the picture holds no heads."""

import math
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.labelling.text import read_text, write_whole
from uepnet.errors import AnnotationError


def read_text_points(path: Path) -> Float[np.ndarray, "heads 2"]:
    """The points of one picture; x and y are parted by blanks or a comma."""
    points = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip():
            points.append(_point(line, where=f"{path}, line {number}"))
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def write_text_points(path: Path, points: Float[np.ndarray, "heads 2"]) -> None:
    """The file that `read_text_points` reads back to the same numbers."""
    with write_whole(path) as file:
        file.writelines(f"{x!r} {y!r}\n" for x, y in points.tolist())


def _point(line: str, *, where: str) -> tuple[float, float]:
    try:
        x, y = (float(word) for word in line.replace(",", " ").split())
    except ValueError as error:
        raise AnnotationError(f"{where}: '{line.strip()[:60]}' should be two numbers, x and y in pixels") from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise AnnotationError(f"{where}: '{line.strip()[:60]}' is no point in a picture")
    return x, y
