"""A trunk, an effort of seconds, and small data sets in the layouts of the large ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from PIL import Image

from tests.toys import toy_description, toy_file, toy_shape
from uepnet.description import TrainingData
from uepnet.laboratory.reproduce.presets import EFFORTS, Effort
from uepnet.laboratory.reproduce.trunk import Trunk, open_trunk

WIDTH, HEIGHT = 128, 96
TINY = Effort("cpu", steps=3, crops=4, crop=64, width=8, batch=2, encoder="resnet18")


@pytest.fixture(scope="session")
def trunk_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of ours with random weights, which says that it has seen UCF_CC_50."""
    description = toy_description(
        "seen",
        network=toy_shape(),
        trained_on=(
            TrainingData(data_set="ucf-cc-50", split="all", pictures=50, heads=1, digest="0"),
            TrainingData(data_set="shanghaitech-a", split="train", pictures=270, heads=1, digest="0"),
        ),
    )
    return toy_file(tmp_path_factory.mktemp("trunk"), description)


@pytest.fixture(scope="session")
def trunk(trunk_file: Path) -> Trunk:
    return open_trunk(str(trunk_file))


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Effort:
    """The preset cpu in seconds."""
    monkeypatch.setitem(EFFORTS, "cpu", TINY)
    return TINY


def draw(path: Path, rng: np.random.Generator, *, heads: int) -> np.ndarray:
    """A picture of noise, and where its heads are said to be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rng.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)).save(path)
    return rng.uniform((1, 1), (WIDTH - 1, HEIGHT - 1), (heads, 2))


def as_ucf_qnrf(root: Path) -> None:
    rng = np.random.default_rng(0)
    for number in range(1, 11):
        xy = draw(root / f"Train/img_{number:04d}.jpg", rng, heads=20)
        scipy.io.savemat(root / f"Train/img_{number:04d}_ann.mat", {"annPoints": xy})
    (root / "Test").mkdir()


def as_ucf_cc_50(root: Path) -> None:
    rng = np.random.default_rng(2)
    for number in range(1, 51):
        scipy.io.savemat(root / f"{number}_ann.mat", {"annPoints": draw(root / f"{number}.jpg", rng, heads=5)})


def as_nwpu(root: Path) -> None:
    rng = np.random.default_rng(1)
    for number in range(1, 9):
        xy = draw(root / f"images/{number:04d}.jpg", rng, heads=20 if number > 1 else 0)
        (root / "mats").mkdir(exist_ok=True)
        scipy.io.savemat(root / f"mats/{number:04d}.mat", {"annPoints": xy})
    (root / "train.txt").write_text("".join(f"{number:04d} 0 0\n" for number in range(1, 6)), encoding="utf-8")
    (root / "val.txt").write_text("0006 0 0\n0007 0 0\n", encoding="utf-8")


def as_worldexpo10(root: Path) -> None:
    rng = np.random.default_rng(2)
    for scene in ("100001", "100002"):
        for frame in range(4):
            name = f"{scene}_{frame}"
            xy = draw(root / f"train_frame/{name}.jpg", rng, heads=20)
            labels = root / f"train_label/{scene}"
            labels.mkdir(parents=True, exist_ok=True)
            scipy.io.savemat(labels / f"{name}.mat", {"point_position": xy})
        roi = {
            "maskVerticesXCoordinates": [[10.0], [100.0], [100.0]],
            "maskVerticesYCoordinates": [[5.0], [5.0], [90.0]],
        }
        scipy.io.savemat(labels / "roi.mat", roi)


LAYOUTS: dict[str, Callable[[Path], None]] = {"ucf-qnrf": as_ucf_qnrf, "nwpu": as_nwpu, "worldexpo10": as_worldexpo10}


@pytest.fixture(scope="session")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """`NAME:ROOT` of a small set in each layout."""
    found = {}
    for name, write in LAYOUTS.items():
        root = tmp_path_factory.mktemp(name)
        write(root)
        found[name] = f"{name}:{root}"
    return found
