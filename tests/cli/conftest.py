"""A model file that counts red pixels, and pictures whose heads are red pixels, for the commands that measure."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.red_dots import write_red_dots_model


@pytest.fixture(scope="session")
def red_dots_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person a red pixel by the mean decode, two by argmax."""
    return write_red_dots_model(tmp_path_factory.mktemp("model") / "red-dots.onnx", name="red-dots")


@pytest.fixture(scope="session")
def write_red_dots() -> Callable[[Path, dict[str, int]], Path]:
    """Writes a folder of pictures with points and gives it back; see `write_pictures`."""
    return write_pictures


def write_pictures(root: Path, heads: dict[str, int]) -> Path:
    """Pictures of 64 x 40 pixels with so many heads each, one of them a pixel that is not red."""
    root.mkdir(parents=True)
    for name, number in heads.items():
        pixels = np.full((40, 64, 3), 90, dtype=np.uint8)
        pixels[20, 1 : 2 * number : 2] = (255, 0, 0)
        if number:
            pixels[20, 1] = 90
        Image.fromarray(pixels).save(root / f"{name}.png")
        points = "".join(f"{x + 0.5} 20.5\n" for x in range(1, 2 * number, 2))
        (root / f"{name}.txt").write_text(points, encoding="utf-8")
    return root
