"""Zones are laid onto a picture in its pixels, or refused where they were drawn for another one."""

from typing import Any

import pytest

from uepnet.errors import ZoneError
from uepnet.inference.zones.placing import PlacedZone, place_zones
from uepnet.inference.zones.region import area_in_pixels
from uepnet.inference.zones.zone_file import ZonePlan

SQUARE = [[10, 10], [50, 10], [50, 30], [10, 30]]
GROUND = [
    {"picture": [0, 0], "metres": [0, 0]},
    {"picture": [100, 0], "metres": [20, 0]},
    {"picture": [100, 60], "metres": [20, 12]},
    {"picture": [0, 60], "metres": [0, 12]},
]


def place(*, width: int = 100, height: int = 60, **said: Any) -> PlacedZone:
    content = {"units": "pixels", "zones": [{"name": "bar", "include": [SQUARE]}], **said}
    (placed,) = place_zones(ZonePlan.model_validate(content), source="x.jpg", width=width, height=height)
    return placed


def test_pixels_stay_pixels() -> None:
    placed = place(exclude=[[[10, 10], [20, 10], [20, 30], [10, 30]]])
    assert placed.include[0][1] == (50.0, 10.0)
    assert len(placed.exclude) == 1
    assert area_in_pixels(placed.region) == 600


def test_fractions_are_of_the_sides() -> None:
    zones = [{"name": "bar", "include": [[[0.1, 0.5], [0.2, 0.5], [0.2, 1.0], [0.1, 1.0]]]}]
    assert place(units="fractions", zones=zones).include[0][2] == (20.0, 60.0)
    assert place(units="fractions", zones=zones, width=300, height=7).include[0][2] == (60.0, 7.0)


def test_pixels_of_a_named_picture_are_scaled_to_another_size_of_the_same_shape() -> None:
    named = {"width": 100, "height": 60}
    assert place(picture=named).include[0][2] == (50.0, 30.0)
    assert place(picture=named, width=200, height=120).include[0][2] == (100.0, 60.0)
    assert place(picture=named, width=333, height=200).include[0][2] == pytest.approx((166.5, 100.0))
    with pytest.raises(
        ZoneError, match=r"x\.jpg: the zones were drawn on a picture of 100 x 60 .* this one is 60 x 100"
    ):
        place(picture=named, width=60, height=100)


def test_pixels_outside_the_picture_are_of_another_one() -> None:
    with pytest.raises(
        ZoneError, match=r"zone 'bar' has a corner at \(50, 10\), outside the picture of 40 x 60 pixels"
    ):
        place(width=40)
    assert area_in_pixels(place(width=49).region) == 39 * 20
    with pytest.raises(ZoneError, match="outside the picture"):
        place(exclude=[[[0, 0], [9, 0], [9, 99]]])


def test_a_zone_without_anything_left_is_refused() -> None:
    with pytest.raises(ZoneError, match="zone 'bar' has nothing left of it in the picture"):
        place(exclude=[SQUARE])


@pytest.mark.parametrize(("width", "height"), [(100, 60), (50, 30)])
def test_areas_come_from_the_ground_or_from_the_file(width: int, height: int) -> None:
    """40 x 20 of 100 x 60 pixels that are 20 x 12 metres."""
    named = {"picture": {"width": 100, "height": 60}, "ground": {"points": GROUND}}
    assert place(**named, width=width, height=height).area_m2 == pytest.approx(8 * 4)
    given = [{"name": "bar", "include": [SQUARE], "area_m2": 30, "density_limit": 2.0, "people_limit": 70}]
    placed = place(**named, zones=given, width=width, height=height)
    assert (placed.area_m2, placed.limit) == (30.0, 60.0)
    assert place().area_m2 is None


def test_the_ground_in_fractions() -> None:
    ground = [{**point, "picture": [point["picture"][0] / 100, point["picture"][1] / 60]} for point in GROUND]
    zones = [{"name": "bar", "include": [[[0.1, 0.1], [0.5, 0.1], [0.5, 0.6]]]}]
    placed = place(units="fractions", zones=zones, ground={"points": ground}, width=640, height=480)
    assert placed.area_m2 == pytest.approx(20 * 0.4 * 12 * 0.5 / 2)


def test_a_zone_beyond_the_horizon_is_refused_unless_it_has_an_area() -> None:
    far = [
        {"picture": [40, 20], "metres": [0, 40]}, {"picture": [60, 20], "metres": [10, 40]},
        {"picture": [90, 60], "metres": [10, 0]}, {"picture": [10, 60], "metres": [0, 0]},
    ]  # fmt: skip
    sky = {"name": "stand", "include": [[[0, 0], [99, 0], [50, 30]]]}
    with pytest.raises(ZoneError, match=r"x\.jpg: zone 'stand': .* horizon .* give its area_m2"):
        place(ground={"points": far}, zones=[sky])
    assert place(ground={"points": far}, zones=[{**sky, "area_m2": 7}]).area_m2 == 7


def test_outlines_that_would_take_minutes_are_refused() -> None:
    """Combs of 245 teeth, from left to right and from above to below."""
    comb = [[x / 2.45, (x % 2) * 50.0 + 3.0] for x in range(245)] + [[100.0, 59.0], [0.0, 59.0]]
    zones = [{"name": "a", "include": [comb, [[100 * y / 60, 0.6 * x] for x, y in comb]]}]
    place(zones=[{"name": "a", "include": [comb]}])
    with pytest.raises(ZoneError, match=r"x\.jpg: zone 'a': its 494 sides in 2 polygons .* draw it more simply"):
        place(zones=zones)


def test_an_area_that_no_zone_has_is_refused() -> None:
    tiny = [{**point, "metres": [along / 1000 for along in point["metres"]]} for point in GROUND]
    zones = [{"name": "bar", "include": [[[10, 10], [12, 10], [12, 12], [10, 12]]]}]
    with pytest.raises(ZoneError, match=r"'bar' has 1\.6e-07 square metres by the ground points"):
        place(ground={"points": [*tiny, {"picture": [5000, 0], "metres": [1, 0]}]}, zones=zones)
