"""A folder of small pictures, no two alike."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

NAMES = ("gate.png", "morning/9.png", "morning/10.png")


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(len(path.name)).integers(0, 256, size=(5, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((64, 40), Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three pictures of 64 x 40 pixels, two of them in a folder below."""
    for name in NAMES:
        write(tmp_path / "own" / name)
    return tmp_path / "own"


@pytest.fixture
def write_picture() -> Callable[[Path], Path]:
    """Writes one more picture."""
    return write
