"""Counts far from those of the other pictures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from uepnet.annotations.check.count_checks import check_counts
from uepnet.annotations.check.subject import Reading, Subject
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.points import HeadPoints


def readings(counts: Sequence[int | None], *, name: str = "folder", root: str = "here") -> list[Reading]:
    entries = tuple(Entry(f"{number}.jpg", Path(f"{number}.jpg"), None) for number in range(len(counts)))
    data_set = DataSet(name, Path(root), "all", entries, None, lambda _: np.zeros((0, 2)))
    return [
        Reading(
            Subject(data_set, entry, "train"),
            None if count is None else HeadPoints(np.ones((count, 2)), width=9, height=9),
        )
        for entry, count in zip(entries, counts, strict=True)
    ]


def unusual(counts: Sequence[int | None]) -> list[str]:
    return [finding.pictures[0].subject.entry.name for finding in check_counts(readings(counts))]


def test_a_count_far_from_the_others_is_unusual() -> None:
    usual = [40, 50, 55, 60, 62, 70, 80, 90, 100, 120] * 3
    assert unusual(usual) == []
    assert unusual([*usual, 30_000, 0]) == ["30.jpg", "31.jpg"]


def test_the_message_says_what_is_usual() -> None:
    (finding,) = check_counts(readings([*range(40, 80), 90_000]))
    assert finding.message == "folder/40.jpg: 90,000 heads, where half of folder has 50 to 70"
    assert finding.severity == "note"


def test_nearly_equal_counts_are_usual() -> None:
    assert unusual([10] * 30 + [12, 8]) == []
    assert unusual([10] * 30 + [100]) == ["30.jpg"]


def test_few_pictures_have_no_usual_count_and_unread_ones_no_count() -> None:
    assert unusual([10] * 18 + [9000]) == []
    assert unusual([10] * 18 + [9000, None, None]) == []
    assert unusual([10] * 19 + [9000]) == ["19.jpg"]


def test_every_data_set_has_its_own_usual_count() -> None:
    mixed = [
        *readings([10] * 20),
        *readings([5000] * 20, name="ucf-cc-50"),
        *readings([700] * 20, root="elsewhere"),
    ]
    assert list(check_counts(mixed)) == []
