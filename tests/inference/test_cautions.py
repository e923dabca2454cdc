"""Pictures whose count should be doubted are noticed, ordinary ones are not."""

import numpy as np
import pytest

from uepnet.inference.cautions import cautions


def scene(width: int, height: int, *, mean: float = 110.0, spread: float = 45.0) -> np.ndarray:
    values = np.random.default_rng(0).normal(mean, spread, (height, width, 3))
    pixels: np.ndarray = np.clip(values, 0, 255).astype(np.uint8)
    return pixels


@pytest.mark.parametrize(("width", "height"), [(64, 64), (1024, 768), (3000, 70)])
def test_an_ordinary_picture_has_none(width: int, height: int) -> None:
    assert cautions(scene(width, height)) == ()


@pytest.mark.parametrize(("width", "height"), [(63, 500), (500, 63), (1, 1)])
def test_a_tiny_picture(width: int, height: int) -> None:
    assert f"only {width} x {height} pixels" in cautions(scene(width, height))[0]


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_colour(value: int) -> None:
    assert cautions(np.full((100, 100, 3), value, dtype=np.uint8)) == (
        "The picture is almost of one colour; there is nothing in it to count.",
    )


def test_a_night_picture() -> None:
    (caution,) = cautions(scene(200, 200, mean=4.0, spread=10.0))
    assert "very dark" in caution


def test_a_tiny_picture_of_one_colour_has_both() -> None:
    assert len(cautions(np.zeros((8, 8, 3), dtype=np.uint8))) == 2
