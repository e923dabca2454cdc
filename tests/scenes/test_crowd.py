"""People and things on the canvas: points, sizes and who hides whom."""

import numpy as np
import pytest

from uepnet.scenes.crowd import Person, Sheet
from uepnet.scenes.paper import Sprite
from uepnet.scenes.people import Daylight, Pose, draw_person

LIGHT = Daylight(x=0.4, hardness=0.5, gloom=0.06)


def _sprite(facing: str = "front", headwear: str = "none", arms: str = "down") -> Sprite:
    pose = Pose(facing=facing, headwear=headwear, hair="short", arms=arms, foreshortening=0.9)
    return draw_person(np.random.default_rng(1), pose, LIGHT, scale=24)


def _person(x: float, y: float, size: float = 12, *, mirrored: bool = False) -> Person:
    colours = np.linspace(0.2, 0.8, 18, dtype=np.float32).reshape(6, 3)
    return Person(x=x, y=y, size=size, broad=1.0, sprite=0, mirrored=mirrored, colours=colours, haze=0.0)


def _sheet() -> Sheet:
    return Sheet(np.full((120, 160, 3), 0.5, dtype=np.float32), far=0.0)


@pytest.mark.parametrize("facing", ["front", "side", "back"])
@pytest.mark.parametrize("headwear", ["none", "cap", "brim", "hood", "scarf", "beanie", "helmet"])
def test_the_point_is_in_the_middle_of_the_head(facing: str, headwear: str) -> None:
    sheet = _sheet()
    sheet.add_person(_person(70.0, 40.0, 24), _sprite(facing, headwear), veil=(0, 0, 0))
    (point,), _ = sheet.heads()
    rows, columns = np.nonzero(sheet.owner == 1)
    assert abs(point[0] - 70) <= 1
    assert abs(point[1] - 40) <= 1
    assert abs(np.median(columns) + 0.5 - point[0]) < 24 * 0.25
    assert abs(np.median(rows) + 0.5 - point[1]) < 24 * 0.45


@pytest.mark.parametrize("size", [4, 9, 30])
def test_a_head_is_as_high_as_its_size(size: int) -> None:
    sheet = _sheet()
    sheet.add_person(_person(80.0, 50.0, size), _sprite(), veil=(0, 0, 0))
    rows = np.unique(np.nonzero(sheet.owner == 1)[0])
    assert len(rows) == pytest.approx(size, abs=max(1.5, 0.12 * size))


def test_mirroring_keeps_the_point_on_the_head() -> None:
    sheet = _sheet()
    sheet.add_person(_person(80.0, 50.0, 20, mirrored=True), _sprite("side", arms="one up"), veil=(0, 0, 0))
    (point,), _ = sheet.heads()
    columns = np.nonzero(sheet.owner == 1)[1]
    assert abs(np.median(columns) + 0.5 - point[0]) < 5


def test_who_stands_before_another_hides_the_head() -> None:
    sheet = _sheet()
    for y in (40.0, 41.0):
        sheet.add_person(_person(80.0, y), _sprite(), veil=(0, 0, 0))
    assert sheet.heads()[1].tolist() == [False, True]


def test_who_stands_beside_another_hides_nobody() -> None:
    sheet = _sheet()
    for x in (60.0, 100.0):
        sheet.add_person(_person(x, 40.0), _sprite(), veil=(0, 0, 0))
    assert sheet.heads()[1].tolist() == [True, True]


@pytest.mark.parametrize(("covered", "seen"), [(0.5, True), (0.95, False)])
def test_a_thing_hides_the_head_when_little_of_it_is_left(covered: float, seen: bool) -> None:
    sheet = _sheet()
    sheet.add_person(_person(80.0, 50.0, 30), _sprite(), veil=(0, 0, 0))
    rows = np.unique(np.nonzero(sheet.owner == 1)[0])
    sheet.add_thing(np.ones((round(len(rows) * covered), 80, 4), dtype=np.float32), left=40, top=int(rows[0]))
    assert sheet.heads()[1].tolist() == [seen]


def test_somebody_outside_the_picture_is_not_seen() -> None:
    sheet = _sheet()
    sheet.add_person(_person(-400.0, 50.0), _sprite(), veil=(0, 0, 0))
    assert sheet.heads()[1].tolist() == [False]


def test_nobody_is_nobody() -> None:
    points, seen = _sheet().heads()
    assert points.shape == (0, 2)
    assert seen.shape == (0,)


def test_shadows_fall_on_the_ground_and_not_on_what_is_behind_the_crowd() -> None:
    sheet = Sheet(np.full((60, 60, 3), 0.5, dtype=np.float32), far=30.0)
    sheet.shadow(x=30, y=30, rx=20, ry=20, depth=0.5)
    assert (sheet.canvas[:27] == 0.5).all()
    assert sheet.canvas[35, 30, 0] < 0.35
