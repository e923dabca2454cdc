"""A zone file is read as it says, or refused with the file, the zone, what was wanted and what was found."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.errors import ZoneError
from uepnet.inference.zones.zone_file import LARGEST_FILE, MOST_CORNERS, ZonePlan, read_zones

SQUARE = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]
GROUND = {
    "points": [
        {"picture": [0.1, 0.9], "metres": [0, 0]},
        {"picture": [0.9, 0.9], "metres": [10, 0]},
        {"picture": [0.7, 0.4], "metres": [10, 20]},
        {"picture": [0.3, 0.4], "metres": [0, 20]},
    ]
}

RING = [[[0.5 + np.cos(turn) / 3, 0.5 + np.sin(turn) / 3] for turn in np.linspace(0, 6.28, 996)]]

EXCHANGED = [
    {**point, "metres": GROUND["points"][other]["metres"]}
    for point, other in zip(GROUND["points"], (0, 2, 1, 3), strict=True)
]


def plan(**changes: Any) -> dict[str, Any]:
    return {"units": "fractions", "zones": [{"name": "bar", "include": [SQUARE]}], **changes}


def zone(**changes: Any) -> dict[str, Any]:
    return plan(zones=[{"name": "gate", "include": [SQUARE]}, {"name": "bar", "include": [SQUARE], **changes}])


@pytest.fixture
def write(tmp_path: Path):
    def written(content: Any) -> Path:
        path = tmp_path / "square.zones.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


def test_everything_that_a_file_may_say(write) -> None:
    told = read_zones(
        write(
            {
                "units": "fractions",
                "picture": {"width": 1024, "height": 768},
                "ground": {**GROUND, "camera_height_m": 6},
                "exclude": [[[0.8, 0.8], [0.9, 0.8], [0.9, 0.9]]],
                "zones": [
                    {"name": "all", "exclude": [SQUARE]},
                    {
                        "name": "bar",
                        "include": [[*SQUARE, SQUARE[0]], [[0.6, 0.6], [0.7, 0.6], [0.7, 0.7]]],
                        "exclude": [],
                        "area_m2": 40,
                        "people_limit": 100,
                        "density_limit": 3.5,
                        "colour": "#12aBcF",
                    },
                ],
            }
        )
    )
    assert [zone.name for zone in told.zones] == ["all", "bar"]
    bar = told.zones[1]
    assert (len(bar.include[0]), bar.area_m2, bar.people_limit, bar.density_limit) == (4, 40.0, 100, 3.5)
    assert told.ground is not None
    assert told.ground.plane().area_share < 1
    assert told == ZonePlan.model_validate_json(told.model_dump_json())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ('{"units": NaN}', "NaN is no number"),
        ('{"units": "pixels", "units": "pixels"}', "'units' occurs twice"),
        ("[]", "it should be"),
        (plan(zones=[]), "zones: .* at least 1 entry"),
        (plan(units="percent"), "units: it should be 'pixels' or 'fractions', but found 'percent'"),
        (plan(zoness=[]), "zoness: nothing is known by this name"),
        (plan(zones=[{"name": "a"}, {"name": "a"}]), "two zones are called 'a'"),
        (zone(name=""), "zone '', name: .* at least 1 character"),
        (zone(name="a\nb"), r"zone 'a\\nb', name: a name is .* on one line, not 'a\\nb'"),
        (zone(name="a\u202e"), "name: a name is letters"),
        (zone(name=" "), "name: a name is letters"),
        (zone(name=7), "zone 2, name: it should be a valid string, but found 7"),
        (zone(include=SQUARE), r"zone 'bar', include: a list of polygons is wanted, but this is a single one"),
        (zone(include=[[[1, 1], [2, 2]]]), "zone 'bar', include, 1: a polygon has at least 3 different corners"),
        (zone(include=[[[0, 0], [1, 1], [1, 0], [0, 1]]]), "zone 'bar', include, 1: its side from .* crosses"),
        (zone(include=[[[0, 0], [1, "1"], [1, 0]]]), "zone 'bar', include, 1, 2, 2: .* valid number, but found '1'"),
        (zone(include=[[[0, 0], [1, True], [1, 0]]]), "zone 'bar', include, 1, 2, 2: .* valid number, but found True"),
        (zone(include=[[[0, 0], [1, 1e300], [1, 0]]]), "zone 'bar', include, 1, 2, 2"),
        (zone(include=[[[0, 0], [1, 200], [1, 0]]]), r"zone 'bar', include: the corner \[1.0, 200.0\] is no fraction"),
        (plan(exclude=[[[0, 0], [1, 2], [1, 0]]]), r"exclude: the corner \[1.0, 2.0\] is no fraction"),
        (plan(exclude=SQUARE), "exclude: a list of polygons is wanted"),
        (zone(exclude=[[[i / 2000, (i % 2) / 9] for i in range(999)]] * 2), f"corners .* the most is {MOST_CORNERS}"),
        (zone(people_limit=-1), "zone 'bar', people_limit: .* greater than or equal to 0, but found -1"),
        (zone(people_limit=1.5), "zone 'bar', people_limit: .* valid integer, but found 1.5"),
        (zone(area_m2=0), r"zone 'bar', area_m2: .* greater than or equal to 0\.01, but found 0"),
        (zone(area_m2=1e-300), r"zone 'bar', area_m2: .* 0\.01, but found 1e-300"),
        (zone(area_m2=1e300), "zone 'bar', area_m2: .* less than or equal to 1000000000, but found 1e\\+300"),
        (zone(area_m2=5, density_limit=1e308), "zone 'bar', density_limit: .* 1000, but found 1e\\+308"),
        (zone(people_limit=10**400), "zone 'bar', people_limit: .* 1000000000, but found 10000"),
        (zone(include=[SQUARE * 2]), "zone 'bar', include, 1: its sides go more than once around"),
        (plan(zones=[{"name": str(i), "include": RING} for i in range(21)]), "21 zones have 20,916 corners together"),
        (zone(density_limit=4), "zone 'bar' has a density_limit but no area"),
        (zone(colour="red"), "zone 'bar', colour: .* but found 'red'"),
        (plan(ground={"points": GROUND["points"][:3]}), "ground, points: .* at least 4 entries"),
        (plan(ground={"points": EXCHANGED}), "ground: .* exchanged"),
        (plan(ground={**GROUND, "camera_height_m": 1}), "ground, camera_height_m: .* equal to 2.5, but found 1"),
        (plan(picture={"width": 0, "height": 5}), "picture, width: .* but found 0"),
    ],
)
def test_what_is_wrong_is_said(write, content: Any, said: str) -> None:
    with pytest.raises(ZoneError, match=said) as refused:
        read_zones(write(content))
    assert "square.zones.json: " in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ZoneError, match=r"none\.json: the zone file cannot be read \(No such file"):
        read_zones(tmp_path / "none.json")
    with pytest.raises(ZoneError, match="cannot be read"):
        read_zones(tmp_path)
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ZoneError, match="no text in UTF-8"):
        read_zones(tmp_path / "x.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(ZoneError, match="at most 10,000,000 bytes"):
        read_zones(tmp_path / "large.json")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ZoneError, match="pipe or device"):
            read_zones(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["units", "picture", "ground", "exclude", "zones", "zone"]), json_values)
def test_whatever_stands_there_it_is_read_or_refused(tmp_path_factory, key: str, value: Any) -> None:
    path = tmp_path_factory.mktemp("hostile") / "z.json"
    path.write_text(json.dumps(plan(zones=[value]) if key == "zone" else plan(**{key: value})), encoding="utf-8")
    with contextlib.suppress(ZoneError):
        assert read_zones(path).zones
