"""The legend lists the zones below the drawing, at any width and however many there are."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from uepnet.inference.caption import PAPER, unit_of
from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zone_legend import MOST_ROWS, ROW, draw_legend
from uepnet.inference.zone_style import STYLES

ZONE = ZoneCount("bar", 54.6, 40.2, 71.0, density=1.4, level="constrained", status="over", limit=50.0)


def legend(result: CountResult, *zones: ZoneCount, width: int = 1024) -> np.ndarray:
    drawing = Image.new("RGB", (width, 100), "#000000")
    return np.asarray(draw_legend(drawing, replace(result, zones=zones), unit=unit_of(drawing)))[100:]


def test_without_zones_there_is_no_legend(result: CountResult) -> None:
    assert len(legend(result)) == 0


def test_a_row_for_each_zone_up_to_many(result: CountResult) -> None:
    unit = unit_of(Image.new("RGB", (1024, 100)))
    heights = [len(legend(result, *[ZONE] * number)) for number in (1, 2, MOST_ROWS, MOST_ROWS + 1, 500)]
    rows = [round((height / unit - 1) / ROW, 1) for height in heights]
    assert rows == [1, 2, MOST_ROWS, MOST_ROWS + 1, MOST_ROWS + 1]


@pytest.mark.parametrize(
    "change", [{"name": "gate"}, {"count": 80.0}, {"low": 30.0}, {"density": 3.0}, {"limit": 51.0}]
)
def test_what_the_zone_has_is_told(result: CountResult, change: dict[str, Any]) -> None:
    assert not np.array_equal(legend(result, ZONE), legend(result, replace(ZONE, **change)))


@pytest.mark.parametrize("width", [480, 1024, 2048])
def test_long_words_stay_in_their_columns(result: CountResult, width: int) -> None:
    """Before each column some columns of pixels stay empty, and so does the right edge."""
    long = replace(
        ZONE, name="W" * 100, count=123456.0, low=100000.0, high=200000.0, level="involuntary contact", limit=1e6
    )
    rows = legend(result, long, replace(long, name="i" * 100), width=width)
    background = np.array([int(PAPER[at : at + 2], 16) for at in (1, 3, 5)])
    empty = (rows == background).all(axis=(0, 2))
    unit = unit_of(Image.new("RGB", (width, 100)))
    for begin in (0.36, 0.57, 0.83):
        assert empty[int(begin * width) - unit // 3 : int(begin * width) - 1].all()
    assert empty[-unit // 3 :].all()


def test_the_line_is_that_of_the_zone(result: CountResult) -> None:
    colours = legend(result, ZONE).reshape(-1, 3).tolist()
    over = [int(STYLES["over"].colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert over in colours
