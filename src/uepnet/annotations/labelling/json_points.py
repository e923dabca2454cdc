"""Points as our own JSON: `{"picture.jpg": [[x, y], ...]}`; an empty list says that the picture holds no heads."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic import RootModel

from uepnet.annotations.json_files import Point, as_array, load_json, shaped
from uepnet.annotations.text_files import whole_text


class Table(RootModel[dict[str, list[Point]]]):
    """The whole file."""


def read_json(path: Path) -> dict[str, Float[np.ndarray, "_ 2"]]:
    """The points of every picture that the file names."""
    table = shaped(load_json(path), Table, path=path, tool='a table {"picture.jpg": [[x, y], ...]}')
    return {name: as_array(points) for name, points in table.root.items()}


def write_json(path: Path, points: Mapping[str, Float[np.ndarray, "_ 2"]]) -> None:
    """The file that `read_json` reads back to the same numbers."""
    with whole_text(path) as file:
        json.dump({name: heads.tolist() for name, heads in points.items()}, file)
