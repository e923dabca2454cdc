"""Small pictures and MATLAB files in the layouts' places."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from PIL import Image

WritePicture = Callable[..., Path]
WriteMat = Callable[[Path, Mapping[str, Any]], Path]


@pytest.fixture
def write_picture() -> WritePicture:
    """Writes a grey picture of 40 x 30 pixels, or of another size."""

    def write(path: Path, *, width: int = 40, height: int = 30) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (width, height), "gray").save(path)
        return path

    return write


@pytest.fixture
def write_mat() -> WriteMat:
    """Writes a .mat file of named variables."""

    def write(path: Path, variables: Mapping[str, Any]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        scipy.io.savemat(path, dict(variables))
        return path

    return write


@pytest.fixture
def points() -> np.ndarray:
    """Three heads in a picture of 40 x 30 pixels."""
    return np.array([[1.5, 2.25], [20.0, 10.0], [39.0, 29.0]])
