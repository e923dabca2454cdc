"""Points as our own JSON: `{"picture.jpg": [[x, y], ...]}`; an empty list says that the picture holds no heads."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from uepnet.annotations.labelling.text import read_text, write_whole
from uepnet.errors import AnnotationError


def read_json(path: Path) -> dict[str, Float[np.ndarray, "heads 2"]]:
    """The points of every picture that the file names."""
    content = load_json(path)
    if not isinstance(content, dict):
        raise AnnotationError(
            f'{path}: it should be an object {{"picture.jpg": [[x, y], ...]}}, but is a {_kind(content)}'
        )
    return {name: points_of(rows, where=f"{path}, '{name}'") for name, rows in content.items()}


def write_json(path: Path, points: Mapping[str, Float[np.ndarray, "heads 2"]]) -> None:
    """The file that `read_json` reads back to the same numbers."""
    with write_whole(path) as file:
        json.dump({name: heads.tolist() for name, heads in points.items()}, file)


def load_json(path: Path) -> Any:
    """The content of a JSON file; a name that occurs twice in one object, NaN and infinity are refused."""
    try:
        return json.loads(read_text(path), object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{path}: this is no JSON ({error})") from error


def points_of(rows: Any, *, where: str) -> Float[np.ndarray, "heads 2"]:
    """A JSON list of [x, y] as points; `where` names it in the error."""
    if not isinstance(rows, list):
        raise AnnotationError(f"{where}: the points should be a list of [x, y], but are a {_kind(rows)}")
    for row in rows:
        if not isinstance(row, list) or len(row) != 2 or not all(_is_number(value) for value in row):
            raise AnnotationError(f"{where}: a point should be [x, y] in pixels, but one is {str(row)[:60]}")
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _kind(value: Any) -> str:
    return type(value).__name__


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)}' occurs twice")
    return content


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of pixels")
