"""Drawn scenes as a data set of files: a folder of pictures and one table of their heads."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from uepnet.errors import DataSetError
from uepnet.scenes.empty import KINDS, draw_empty
from uepnet.scenes.render import draw_scene
from uepnet.whole_files import whole_folder

TABLE = "heads.csv"
COLUMNS = ("picture", "x", "y")

QUALITY = 88
"""Of the JPEG files."""

OnPicture = Callable[[str], None]

Drawing = tuple[str, UInt8[np.ndarray, "_ _ 3"], list[list[float]]]
"""The name of a file, its pixels, and x and y of its heads."""


def write_scenes(  # noqa: PLR0913  # what a caller may choose, each with a default
    folder: Path,
    *,
    seeds: range,
    width: int = 1024,
    height: int = 768,
    heads: int | None = None,
    quality: int = QUALITY,
    on_picture: OnPicture = lambda _: None,
) -> None:
    """Write one JPEG per seed (`scene_000007.jpg`) and `heads.csv` with a row `picture,x,y` per head, in pixels.

    A picture without heads has one row with its name alone, as the data set layout `folder` wants it. The folder appears
    whole or not at all; `on_picture` is told the name of each finished file. Raises `DataSetError` when the folder is there
    already or cannot be written.
    """
    scenes = ((seed, draw_scene(seed=seed, width=width, height=height, heads=heads)) for seed in seeds)
    drawings = ((f"scene_{seed:06d}.jpg", scene.pixels, scene.heads.xy.tolist()) for seed, scene in scenes)
    _write(folder, drawings, seeds=seeds, quality=quality, on_picture=on_picture)


def write_empty(
    folder: Path,
    *,
    seeds: range,
    width: int = 1024,
    height: int = 768,
    kinds: Sequence[str] = KINDS,
    on_picture: OnPicture = lambda _: None,
) -> None:
    """Write one JPEG per seed (`empty_000007.jpg`) with nobody in it, and `heads.csv` that says so; as `write_scenes`."""
    pictures = ((seed, draw_empty(seed, width=width, height=height, kinds=kinds)) for seed in seeds)
    drawings = ((f"empty_{seed:06d}.jpg", pixels, list[list[float]]()) for seed, pixels in pictures)
    _write(folder, drawings, seeds=seeds, quality=QUALITY, on_picture=on_picture)


def _write(folder: Path, drawings: Iterable[Drawing], *, seeds: range, quality: int, on_picture: OnPicture) -> None:
    if len(seeds) == 0:
        raise ValueError(f"no scene to write: {seeds} holds no seed")
    if folder.exists():
        raise DataSetError(f"{folder}: there is something already; name a new folder or remove this one")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with whole_folder(folder) as unfinished:
            table = io.StringIO()
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow(COLUMNS)
            for name, pixels, points in drawings:
                Image.fromarray(pixels).save(unfinished / name, quality=quality)
                writer.writerows([(name, x, y) for x, y in points] or [(name, "", "")])
                on_picture(name)
            (unfinished / TABLE).write_text(table.getvalue(), encoding="utf-8")
    except OSError as error:
        raise DataSetError(f"{folder}: the scenes cannot be written ({error})") from error
