"""A data set whose heads are red pixels, and a backend that counts red pixels: what is counted is known exactly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.toys import toy_description
from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.inference.backends import PatchMaps

PATCH = 8
RED = (255, 0, 0)

Xy = list[tuple[float, float]]
WriteDataSet = Callable[[dict[str, tuple[int, int, Xy]]], DataSet]


class RedDots:
    """One person a red pixel by the mean decode, two by argmax; it remembers the sizes of the pictures that it ran on."""

    def __init__(self, name: str = "red-dots") -> None:
        self.sizes: list[tuple[int, int]] = []
        self.description = toy_description(name)

    def run(self, picture: np.ndarray) -> PatchMaps:
        height, width = picture.shape[:2]
        self.sizes.append((width, height))
        rows, columns = -(-height // PATCH), -(-width // PATCH)
        red = np.zeros((rows * PATCH, columns * PATCH), dtype=np.float32)
        red[:height, :width] = (picture == RED).all(axis=2)
        mean = red.reshape(rows, PATCH, columns, PATCH).sum(axis=(1, 3))
        return PatchMaps(mean=mean, argmax=2 * mean, variance=mean / 4)


@pytest.fixture
def red_dots() -> RedDots:
    return RedDots()


@pytest.fixture
def write_data_set(tmp_path: Path) -> WriteDataSet:
    """Writes a folder of pictures, each given by its width, height and heads, and opens all of it."""

    def write(pictures: dict[str, tuple[int, int, Xy]]) -> DataSet:
        root = tmp_path / "pictures"
        root.mkdir()
        for name, (width, height, xy) in pictures.items():
            pixels = np.full((height, width, 3), 90, dtype=np.uint8)
            for x, y in xy:
                if 0 <= x < width and 0 <= y < height:
                    pixels[int(y), int(x)] = RED
            (root / name).parent.mkdir(exist_ok=True)
            Image.fromarray(pixels).save(root / f"{name}.png")
            (root / f"{name}.txt").write_text("".join(f"{x} {y}\n" for x, y in xy), encoding="utf-8")
        return open_data_set(f"folder:{root}", split="all")

    return write


@pytest.fixture
def three_pictures(write_data_set: WriteDataSet) -> DataSet:
    """An empty place, a pair and a row of ten, one of whom stands outside the picture."""
    return write_data_set(
        {
            "a": (30, 20, []),
            "b": (70, 130, [(3.5, 4.5), (60.5, 100.5)]),
            "c": (100, 40, [(10.0 * step + 0.5, 20.5) for step in range(1, 11)]),
        }
    )


@pytest.fixture(scope="session")
def red_dots_class() -> type[RedDots]:
    return RedDots
