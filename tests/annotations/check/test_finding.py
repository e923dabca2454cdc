"""A finding by itself."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.check.finding import KINDS, SEVERITIES, Finding
from uepnet.annotations.check.subject import Reading, Subject
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.points import HeadPoints


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no kind of finding 'odd'; the known ones are unopened-data-set, unreadable"):
        Finding("odd", "")


def test_the_kinds_stand_from_the_worst_to_the_least() -> None:
    places = [SEVERITIES.index(kind.severity) for kind in KINDS.values()]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2}


def test_a_finding_as_json() -> None:
    entry = Entry("IMG_7", Path("images/IMG_7.jpg"), None)
    data_set = DataSet("shanghaitech-b", Path(), "all", (entry,), None, lambda _: np.zeros((0, 2)))
    heads = HeadPoints(np.array([[1.0, 2.0], [3.0, -4.5]]), width=10, height=10)
    picture = Reading(Subject(data_set, entry, "train"), heads)
    assert Finding("points-outside", "one", (picture,), heads.xy[1:]).as_json() == {
        "severity": "warning",
        "kind": "points-outside",
        "message": "one",
        "pictures": [
            {"data_set": "shanghaitech-b", "part": "train", "name": "IMG_7", "file": "images/IMG_7.jpg", "heads": 2}
        ],
        "points": [[3.0, -4.5]],
    }
    unread = Finding("unreadable-picture", "two", (Reading(picture.subject),)).as_json()
    assert unread["pictures"][0]["heads"] is None  # type: ignore[index]  # the values of a JSON object are of any type
    assert unread["points"] == []
