"""Made-up photographs, and a small ShanghaiTech of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from jaxtyping import Float, UInt8
from PIL import Image

Photograph = Callable[..., UInt8[np.ndarray, "height width 3"]]
WriteSet = Callable[..., str]


@pytest.fixture(scope="session")
def photograph() -> Photograph:
    """A picture as rich as a photograph at every size of detail; another seed is another scene."""

    def make(seed: int, *, width: int = 240, height: int = 160) -> UInt8[np.ndarray, "height width 3"]:
        random = np.random.default_rng(seed)
        scene = np.zeros((height, width, 3))
        for cells in (3, 6, 12, 24, 48):
            noise = random.uniform(-1, 1, (cells, cells, 3)).astype(np.float32)
            for channel in range(3):
                layer = Image.fromarray(noise[:, :, channel]).resize((width, height), Image.Resampling.BICUBIC)
                scene[:, :, channel] += np.asarray(layer)
        return np.clip(128 + 45 * scene, 0, 255).astype(np.uint8)

    return make


@pytest.fixture
def heads() -> Float[np.ndarray, "heads 2"]:
    """Twelve heads, well apart in a picture of 240 x 160 pixels."""
    columns, rows = np.meshgrid(np.arange(30.0, 240.0, 55.0), np.arange(30.0, 160.0, 50.0))
    return np.stack([columns.ravel(), rows.ravel()], axis=1) + 0.25


@pytest.fixture
def write_set(tmp_path: Path) -> WriteSet:
    """Writes pictures and heads as ShanghaiTech A by their numbers (those divisible by 10 validate); gives NAME:ROOT."""

    def write(
        pictures: Mapping[int, UInt8[np.ndarray, "height width 3"]],
        heads: Mapping[int, Float[np.ndarray, "heads 2"]],
        *,
        part: str = "train",
        declared: Mapping[int, int] | None = None,
    ) -> str:
        folder = tmp_path / "ShanghaiTech" / "part_A_final" / f"{part}_data"
        for name in ("images", "ground-truth"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for number, pixels in pictures.items():
            Image.fromarray(pixels).save(folder / "images" / f"IMG_{number}.jpg", quality=95, subsampling=0)
        for number, points in heads.items():
            inner = np.zeros((1, 1), dtype=[("location", object), ("number", object)])
            inner["location"][0, 0], inner["number"][0, 0] = points, (declared or {}).get(number, len(points))
            info = np.empty((1, 1), dtype=object)
            info[0, 0] = inner
            scipy.io.savemat(folder / "ground-truth" / f"GT_IMG_{number}.mat", {"image_info": info})
        return f"shanghaitech-a:{tmp_path / 'ShanghaiTech'}"

    return write
