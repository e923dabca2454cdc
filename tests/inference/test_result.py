"""A result can be printed, saved and read by a program."""

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from uepnet.inference.result import CountResult, ZoneCount

KEYS = [
    "source", "count", "low", "high", "coverage", "zones", "model", "width", "height", "seconds", "warnings",
]  # fmt: skip


def test_json_has_the_documented_keys_and_plain_values(result: CountResult) -> None:
    told = result.as_json()
    assert list(told) == KEYS
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["count"], told["low"], told["zones"]) == (6.5, None, [])
    assert told["warnings"] == ["The picture is very dark; people who cannot be seen are not counted."]


def test_json_with_a_range_and_zones(result: CountResult) -> None:
    zones = (ZoneCount("stage", 2.5, 1.0, 4.0), ZoneCount("bar", 4.0, None, None))
    told = replace(result, low=4.0, high=9.0, coverage=0.9, zones=zones).as_json()
    assert (told["low"], told["high"], told["coverage"]) == (4.0, 9.0, 0.9)
    keys = ["name", "count", "low", "high", "area_m2", "density", "level", "status", "limit"]
    assert [list(zone) for zone in told["zones"]] == [keys, keys]
    assert list(told["zones"][0].values()) == ["stage", 2.5, 1.0, 4.0, None, None, None, None, None]
    assert list(told["zones"][1].values()) == ["bar", 4.0, None, None, *[None] * 5]


@pytest.mark.parametrize(
    ("count", "words"), [(0.2, "0 people"), (1.3, "1 person"), (6.6, "7 people"), (12345.4, "12,345 people")]
)
def test_one_line_a_person_likes(result: CountResult, count: float, words: str) -> None:
    assert str(replace(result, count=count)) == f"crowd.jpg: {words}, 203 x 150, 0.25 s, tiny"
    assert replace(result, count=count, low=0.4, high=20000.0).people() == f"{words} (0 to 20,000)"


def test_saved_json_is_the_same(result: CountResult, tmp_path: Path) -> None:
    named = replace(result, source="naïve \udcff.jpg")  # a file name that is no UTF-8
    named.save_json(tmp_path / "count.json")
    assert json.loads((tmp_path / "count.json").read_text(encoding="utf-8")) == named.as_json()
    assert [file.name for file in tmp_path.iterdir()] == ["count.json"]


def test_a_map_of_another_size_is_refused(result: CountResult) -> None:
    with pytest.raises(ValueError, match=r"203 x 150 has 19 x 26 patches of 8 pixels, .* \[19, 25\]"):
        replace(
            result, count_map=np.zeros((19, 25), dtype=np.float32), variance_map=np.zeros((19, 25), dtype=np.float32)
        )


def test_it_cannot_be_changed(result: CountResult) -> None:
    with pytest.raises(FrozenInstanceError):
        result.count = 7.0  # type: ignore[misc]  # which is the point
