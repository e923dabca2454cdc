"""Labels stand in their zones, on the picture, and not on each other."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uepnet.inference.result import ZoneCount
from uepnet.inference.zone_labels import Box, place_labels

VIEW = (800, 600)
FORMS = [(160, 60), (60, 24), (24, 24)]


def zone(left: float, top: float, right: float, lower: float) -> ZoneCount:
    corners = ((left, top), (right, top), (right, lower), (left, lower))
    return ZoneCount("z", 1.0, None, None, include=(corners,))


def apart(first: Box, second: Box) -> bool:
    return first[0] >= second[2] or second[0] >= first[2] or first[1] >= second[3] or second[1] >= first[3]


def test_a_large_zone_has_its_label_at_the_top_of_its_middle() -> None:
    (placed,) = place_labels([zone(100, 100, 700, 500)], [FORMS], view=VIEW, scale=(1.0, 1.0))
    left, top, right, lower = placed.box
    assert (placed.form, right - left, lower - top) == (0, 160, 60)
    assert (left + right) / 2 == pytest.approx(400, abs=10)
    assert 90 <= top <= 115


@pytest.mark.parametrize(
    ("size", "form"), [((400, 300), 0), ((170, 100), 1), ((80, 60), 1), ((26, 26), 2), ((5, 5), 2)]
)
def test_the_smaller_the_zone_the_less_its_label_says(size: tuple[int, int], form: int) -> None:
    (placed,) = place_labels([zone(300, 200, 300 + size[0], 200 + size[1])], [FORMS], view=VIEW, scale=(1.0, 1.0))
    assert placed.form == form


def test_positions_are_those_of_the_picture_times_the_scale() -> None:
    (placed,) = place_labels([zone(25, 25, 175, 125)], [FORMS], view=VIEW, scale=(4.0, 4.0))
    assert placed == place_labels([zone(100, 100, 700, 500)], [FORMS], view=VIEW, scale=(1.0, 1.0))[0]


def test_what_is_excluded_is_no_place() -> None:
    """Nor, without any outline, is there any other than the whole picture's."""
    hole = ((110.0, 101.0), (690.0, 101.0), (690.0, 400.0), (110.0, 400.0))
    ring = ZoneCount("z", 1.0, None, None, include=zone(100, 100, 700, 500).include, exclude=(hole,))
    (placed,) = place_labels([ring], [FORMS], view=VIEW, scale=(1.0, 1.0))
    assert placed.box[1] > 395
    (placed,) = place_labels([ZoneCount("z", 1.0, None, None)], [FORMS], view=VIEW, scale=(1.0, 1.0))
    assert placed.form == 0
    assert placed.box[1] < 10


corner = st.tuples(st.integers(0, 700), st.integers(0, 500), st.integers(20, 300), st.integers(20, 300))


@settings(max_examples=15)
@given(st.lists(corner, min_size=1, max_size=8))
def test_labels_are_on_the_picture_and_apart(places: list[tuple[int, int, int, int]]) -> None:
    """As far as there is room: with at most eight zones that are larger than a tag each, there may be none."""
    zones = [zone(x, y, min(800, x + wide), min(600, y + tall)) for x, y, wide, tall in places]
    placed = place_labels(zones, [FORMS] * len(zones), view=VIEW, scale=(1.0, 1.0))
    for label in placed:
        left, top, right, lower = label.box
        assert 0 <= left < right <= 800
        assert 0 <= top < lower <= 600
    touching = [pair for pair in itertools.combinations(placed, 2) if not apart(pair[0].box, pair[1].box)]
    assert all(FORMS[-1] in [(box[2] - box[0], box[3] - box[1]) for box in (a.box, b.box)] for a, b in touching)


def test_two_zones_at_the_same_place_have_two_labels() -> None:
    placed = place_labels([zone(100, 100, 700, 500)] * 3, [FORMS] * 3, view=VIEW, scale=(1.0, 1.0))
    assert [label.form for label in placed] == [0, 0, 0]
    assert all(apart(a.box, b.box) for a, b in itertools.combinations(placed, 2))
