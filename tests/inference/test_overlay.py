"""The overlay shows people where the map has them, leaves the rest as it is, and says the count at any size."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from uepnet.inference.caption import NARROWEST
from uepnet.inference.heat_colours import heat_colours
from uepnet.inference.heat_scale import STRONGEST
from uepnet.inference.overlay import DIMMED, LONGEST_SIDE, draw_heat, draw_overlay
from uepnet.inference.result import CountResult


def empty(width: int, height: int, *, count: float = 0.0) -> CountResult:
    count_map = np.zeros((-(-height // 8), -(-width // 8)), dtype=np.float32)
    return CountResult(
        "x", count, None, None, None, (), "tiny", width, height, 0.1, (), count_map, variance_map=count_map, patch=8
    )  # fmt: skip


def grey(width: int, height: int, value: int = 100) -> np.ndarray:
    return np.full((height, width, 3), value, dtype=np.uint8)


@pytest.mark.parametrize(
    ("size", "view"),
    [
        ((1024, 768), (1024, 768)),
        ((481, 100), (481, 100)),
        ((40, 30), (480, 360)),
        ((1, 1), (480, 480)),
        ((1, 300), (2, 480)),
        ((5000, 300), (2048, 123)),
        ((300, 4096), (150, 2048)),
    ],
)
def test_the_view_is_of_a_size_to_look_at(size: tuple[int, int], view: tuple[int, int]) -> None:
    drawing = draw_overlay(grey(*size), empty(*size))
    assert drawing.mode == "RGB"
    assert drawing.width == max(view[0], NARROWEST)
    assert view[1] < drawing.height < view[1] + 0.15 * LONGEST_SIDE
    picture = np.asarray(drawing)[: view[1], (drawing.width - view[0]) // 2 :][:, : view[0]]
    assert (picture == round(100 * DIMMED)).all()


def test_heat_is_where_the_people_are(result: CountResult) -> None:
    """In a picture shown twice as large as it is, whose last patches hang over its edges."""
    width, height = result.width, result.height
    drawing = np.asarray(draw_overlay(grey(width, height), result))[: round(height * 480 / width)].astype(int)
    changed = np.abs(drawing - round(100 * DIMMED)).sum(axis=2) > 60
    scale = 480 / width
    for row, column in ((3, 5), (10, 20)):
        assert changed[round((row + 0.5) * 8 * scale), round((column + 0.5) * 8 * scale)]
    assert changed[-2, -2]
    far = np.ones_like(changed)
    for row, column in ((3, 5), (10, 20), (18, 25)):
        top, left = round((row - 3) * 8 * scale), round((column - 3) * 8 * scale)
        far[max(0, top) : round((row + 4) * 8 * scale), max(0, left) : round((column + 4) * 8 * scale)] = False
    assert far.sum() > 0.5 * far.size
    assert not changed[far].any()


def test_heat_is_centred_on_its_patch() -> None:
    """To a tenth of a patch, at the right edge of a picture whose last column of patches hangs over it."""
    count_map = np.zeros((10, 26), dtype=np.float32)
    count_map[5, 24] = 1.0
    crowd = replace(empty(203, 80), count_map=count_map)
    heat = np.asarray(draw_overlay(grey(203, 80), crowd))[: round(80 * 480 / 203)].astype(float)
    heat = np.abs(heat - round(100 * DIMMED)).sum(axis=2)
    rows = np.indices(heat.shape)[0]
    scale = 480 / 203
    assert (heat * rows).sum() / heat.sum() == pytest.approx(5.5 * 8 * scale, abs=0.8 * scale)
    near = heat[:, round(24.5 * 8 * scale) - 9 : round(24.5 * 8 * scale) + 10]
    assert np.abs(near.sum(axis=0)[::-1] - near.sum(axis=0)).max() < 0.1 * near.sum(axis=0).max()


def test_the_scale_is_in_people_per_100_by_100_pixels() -> None:
    """Half a person on each 10 x 10 pixels everywhere is 50, the end of its scale, in the last colour."""
    crowd = replace(empty(600, 400), count_map=np.full((50, 75), 0.5 * 0.64, dtype=np.float32))
    drawing = np.asarray(draw_overlay(grey(600, 400), crowd))[200, 300].astype(int)
    expected = (1 - STRONGEST) * 100 * DIMMED + STRONGEST * heat_colours()[-1].astype(float)
    assert np.abs(drawing - expected).max() <= 1


def test_more_people_are_lighter(result: CountResult) -> None:
    drawing = np.asarray(draw_overlay(grey(result.width, result.height), result)).astype(int)
    scale = 480 / result.width
    few, many = (
        drawing[round((row + 0.5) * 8 * scale), round((column + 0.5) * 8 * scale)].sum()
        for row, column in ((3, 5), (10, 20))
    )
    assert many > few + 60


def strip(drawing: Image.Image, height: int) -> np.ndarray:
    return np.asarray(drawing)[height:]


def test_the_strip_tells_the_count() -> None:
    one, same, other = (
        strip(draw_overlay(grey(600, 400), empty(600, 400, count=count)), 400) for count in (312.0, 312.4, 313.0)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_long_words_are_made_to_fit() -> None:
    """Between the words and the scale some columns stay empty."""
    long = replace(
        empty(1024, 400, count=123456.0),
        low=100000.0,
        high=200000.0,
        coverage=0.9,
        model="a-model-with-a-long-name" * 3,
    )
    row = strip(draw_overlay(grey(1024, 400), long), 400).astype(int)
    unit = round(1024 / 52)
    gap = row[:, 1024 - 20 * unit + unit // 2 : 1024 - 19 * unit]
    assert (gap == row[0, 0]).all()
    assert (row[:, : 1024 - 21 * unit] != row[0, 0]).any()


def test_a_result_of_another_picture_is_refused(result: CountResult) -> None:
    with pytest.raises(ValueError, match=r"of 203 x 150 pixels, this one is 150 x 203"):
        draw_overlay(grey(150, 203), result)


@pytest.mark.parametrize("model", ["a" * 1_000_000, "two\nlines \x1b[2J", "", "ü" * 190])
def test_whatever_the_model_is_called_there_is_a_strip(result: CountResult, model: str) -> None:
    picture = grey(result.width, result.height)
    usual = draw_overlay(picture, replace(result, model="model"))
    drawing = draw_overlay(picture, replace(result, model=model))
    assert drawing.size == usual.size
    assert not np.array_equal(np.asarray(drawing), np.asarray(usual))


def test_the_heat_alone_is_that_of_the_overlay(result: CountResult) -> None:
    width, height = result.width, result.height
    heat, _ = draw_heat(result)
    ground = Image.new("RGBA", heat.size, (round(100 * DIMMED),) * 3)
    drawing = np.asarray(draw_overlay(grey(width, height), result)).astype(int)
    left = (drawing.shape[1] - heat.width) // 2
    shown = drawing[: heat.height, left : left + heat.width]
    assert np.abs(np.asarray(Image.alpha_composite(ground, heat))[..., :3] - shown).max() <= 2
    assert draw_heat(result, longest=100)[0].width == 100
