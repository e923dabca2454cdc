"""Points as one text file a picture: a line "x y" a head; an empty file says that the picture holds no heads."""

import math
from pathlib import Path

import numpy as np
from jaxtyping import Float

from uepnet.annotations.json_files import as_array
from uepnet.annotations.text_files import read_text, whole_text
from uepnet.errors import AnnotationError


def read_text_points(path: Path) -> Float[np.ndarray, "heads 2"]:
    """The points of one picture; x and y are parted by blanks or a comma."""
    lines = enumerate(read_text(path).splitlines(), start=1)
    return as_array([_point(line, where=f"{path}, line {number}") for number, line in lines if line.strip()])


def write_text_points(path: Path, points: Float[np.ndarray, "heads 2"]) -> None:
    """The file that `read_text_points` reads back to the same numbers."""
    with whole_text(path) as file:
        file.writelines(f"{x!r} {y!r}\n" for x, y in points.tolist())


def _point(line: str, *, where: str) -> list[float]:
    try:
        point = [float(word) for word in line.replace(",", " ").split()]
    except ValueError:
        point = []
    if len(point) != 2 or not all(map(math.isfinite, point)):
        raise AnnotationError(f"{where}: '{line.strip()[:60]}' should be two numbers, x and y in pixels")
    return point
