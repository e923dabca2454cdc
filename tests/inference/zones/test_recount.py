"""A zone with another count has the density, level and status of that count."""

import pytest

from uepnet.inference.result import ZoneCount
from uepnet.inference.zones.recount import recounted


def test_density_level_and_status_follow_the_count() -> None:
    zone = ZoneCount("stage", 10.0, 8.0, 12.0, area_m2=20.0, limit=50.0, colour="#ff0000", variance=3.0)
    other = recounted(zone, count=60.0, low=50.0, high=75.0)
    assert (other.count, other.low, other.high) == (60.0, 50.0, 75.0)
    assert other.density == pytest.approx(3.0)
    assert (other.level, other.status) == ("reduced speed", "over")
    assert (other.name, other.limit, other.colour, other.variance) == ("stage", 50.0, "#ff0000", 3.0)


def test_the_end_of_the_range_decides_where_the_count_does_not() -> None:
    zone = ZoneCount("stage", 0.0, None, None, limit=50.0)
    assert recounted(zone, count=40.0, low=30.0, high=51.0).status == "may be over"
    assert recounted(zone, count=40.0, low=30.0, high=50.0).status == "ok"


def test_without_an_area_there_is_no_density() -> None:
    other = recounted(ZoneCount("gate", 0.0, None, None), count=40.0, low=None, high=None)
    assert (other.density, other.level, other.status) == (None, None, None)


def test_a_count_a_hair_below_0_is_on_the_lowest_level() -> None:
    other = recounted(ZoneCount("gate", 0.0, None, None, area_m2=10.0), count=-0.01, low=0.0, high=1.0)
    assert other.level == "free"
