"""A folder of small pictures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

SIZE = (64, 40)
NAMES = ("gate.png", "morning/9.png", "morning/10.png")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three pictures of 64 x 40 pixels, two of them in a folder below."""
    folder = tmp_path / "own"
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", SIZE, "gray").save(path)
    return folder


@pytest.fixture
def write_picture() -> Callable[[Path], Path]:
    """Writes one more picture."""

    def write(path: Path) -> Path:
        Image.new("RGB", SIZE, "gray").save(path)
        return path

    return write
