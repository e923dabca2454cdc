"""The zone file of the documentation: its square metres are those of the camera that drew the example picture."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from uepnet.inference.zones.placing import place_zones
from uepnet.inference.zones.polygon import Polygon
from uepnet.inference.zones.zone_file import ZonePlan, read_zones
from uepnet.scenes.example import CAMERA

FILE = "examples/square.zones.json"


def camera_area(polygon: Polygon) -> float:
    """Square metres of the plane of the heads, which the drawn camera knows without any homography."""
    x, y = CAMERA.ground(*np.array(polygon).T)
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def test_the_areas_are_those_of_the_camera_that_drew_the_picture(repository: Path) -> None:
    plan = read_zones(repository / FILE)
    for zone in place_zones(plan, source="photo.jpg", width=CAMERA.width, height=CAMERA.height):
        expected = sum(map(camera_area, zone.include)) - sum(map(camera_area, zone.zone.exclude))
        assert zone.area_m2 == pytest.approx(expected, rel=0.01), zone.zone.name


def test_the_page_shows_a_part_of_the_file(repository: Path) -> None:
    page = (repository / "docs/zones.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    shown, whole = ZonePlan.model_validate_json(block), read_zones(repository / FILE)
    assert shown == whole.model_copy(update={"zones": whole.zones[:1]})
    keys = re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    zone_keys = set(json.loads((repository / FILE).read_text(encoding="utf-8"))["zones"][0])
    assert {*ZonePlan.model_fields, *type(whole.zones[0]).model_fields} - {"ground", "zones"} | zone_keys <= {
        *keys,
        "name",
    }
