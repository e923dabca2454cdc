"""Zones are counted exactly: the whole is the whole, parts add up, and ranges, densities and states follow."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uepnet.description import RangeCalibration
from uepnet.inference.ranges import count_range
from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zones.count_zones import count_zones
from uepnet.inference.zones.zone_file import ZonePlan

CALIBRATION = RangeCalibration(
    decode="mean", coverage=0.5, patches=2.0, shared=0.1, floor=0.5, scores=(-1.5, -0.5, 0.5, 1.0, 1.5)
)
WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]


def zones_of(result: CountResult, *zones: dict[str, Any], **more: Any) -> tuple[ZoneCount, ...]:
    plan = ZonePlan.model_validate({"units": "fractions", "zones": zones, **more})
    return count_zones(result, plan, calibration=CALIBRATION).zones


def test_the_whole_picture_has_the_whole_count(crowd: CountResult) -> None:
    drawn, left_out = zones_of(crowd, {"name": "drawn", "include": [WHOLE]}, {"name": "left out"})
    assert drawn.count == left_out.count == crowd.count


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_zones_that_divide_the_picture_add_up(
    crowd: CountResult, left: float, right: float, top: float, bottom: float
) -> None:
    """Four zones around a point, parted by lines to the four sides."""
    middle = [0.4, 0.55]
    cuts = [[top, 0], [1, right], [bottom, 1], [0, left]]
    corners = [[1, 0], [1, 1], [0, 1], [0, 0]]
    zones = [
        {"name": str(place), "include": [[middle, cuts[place], corners[place], cuts[(place + 1) % 4]]]}
        for place in range(4)
    ]
    assert sum(zone.count for zone in zones_of(crowd, *zones)) == pytest.approx(crowd.count, abs=1e-6)
    part, rest = zones_of(crowd, zones[0], {"name": "rest", "exclude": zones[0]["include"]})
    assert part.count + rest.count == pytest.approx(crowd.count, abs=1e-6)


def test_a_zone_within_patches_has_their_share(crowd: CountResult) -> None:
    """From the middle of one patch to the middle of the next; in the last row the patch has only 4 of 8 pixels."""
    quarter = [[4 / 100, 4 / 60], [12 / 100, 4 / 60], [12 / 100, 12 / 60], [4 / 100, 12 / 60]]
    below = [[0, 58 / 60], [8 / 100, 58 / 60], [8 / 100, 1], [0, 1]]
    first, second = zones_of(crowd, {"name": "a", "include": [quarter]}, {"name": "b", "include": [below]})
    assert first.count == pytest.approx(crowd.count_map[:2, :2].sum() / 4)
    assert second.count == pytest.approx(crowd.count_map[7, 0] / 2)


def test_ranges_come_with_the_calibration_of_a_result_that_has_one(crowd: CountResult) -> None:
    calibrated = replace(crowd, low=50.0, high=150.0, coverage=0.5)
    half = {"name": "half", "include": [[[0, 0], [0.48, 0], [0.48, 1], [0, 1]]]}
    (zone,) = zones_of(calibrated, half)
    weights = np.zeros((8, 13))
    weights[:, :6] = 1.0
    assert (zone.low, zone.high) == count_range(crowd.count_map, crowd.variance_map, CALIBRATION, weights=weights)
    assert zone.low is not None
    assert zone.low < zone.count
    (without,) = zones_of(crowd, half)
    assert (without.count, without.low, without.high) == (zone.count, None, None)
    plan = ZonePlan.model_validate({"units": "fractions", "zones": [half]})
    assert count_zones(calibrated, plan).zones[0].low is None


def test_density_level_and_status(crowd: CountResult) -> None:
    people = crowd.count
    many, few, near = zones_of(
        crowd,
        {"name": "many", "include": [WHOLE], "area_m2": people / 4, "density_limit": 3.9},
        {"name": "few", "include": [WHOLE], "area_m2": people * 10, "people_limit": round(people * 2)},
        {"name": "near", "include": [WHOLE], "people_limit": round(people)},
    )
    assert many.density == pytest.approx(4.0)
    assert (many.level, many.status) == ("involuntary contact", "over")
    assert many.limit == pytest.approx(people / 4 * 3.9)
    assert few.density == pytest.approx(0.1)
    assert (few.level, few.status) == ("free", "ok")
    assert (near.area_m2, near.density, near.level, near.status) == (None, None, None, "near limit")
    calibrated = replace(crowd, low=50.0, high=150.0, coverage=0.5)
    (maybe,) = zones_of(calibrated, {"name": "near", "people_limit": round(people)})
    assert maybe.status == "may be over"


def test_zones_stand_in_the_json(crowd: CountResult) -> None:
    plan = ZonePlan.model_validate({"units": "fractions", "zones": [{"name": "all", "people_limit": 5}]})
    told = count_zones(crowd, plan).as_json()["zones"]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told == [
        {
            "name": "all", "count": crowd.count, "low": None, "high": None,
            "area_m2": None, "density": None, "level": None, "status": "over", "limit": 5.0,
        }
    ]  # fmt: skip
    assert list(told[0])[:4] == ["name", "count", "low", "high"]


def test_a_result_without_anybody(crowd: CountResult) -> None:
    empty = replace(crowd, count=0.0, count_map=np.zeros((8, 13), dtype=np.float32))
    (zone,) = zones_of(empty, {"name": "all", "area_m2": 10, "people_limit": 0})
    assert (zone.count, zone.density, zone.level, zone.status) == (0.0, 0.0, "free", "ok")
