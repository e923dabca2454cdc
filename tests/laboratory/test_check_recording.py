"""A check of data sets as a result file."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.check.check import Check, check_data_sets
from uepnet.annotations.data_set import DataSet
from uepnet.errors import AnnotationError
from uepnet.laboratory.check_recording import check_as_result
from uepnet.laboratory.results import read_result, write_result

DATE = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Two folders that share a picture; the first has a doubled head in another one."""
    random = np.random.default_rng(0)
    scenes = [Image.fromarray(random.integers(0, 255, (9, 12, 3)).astype(np.uint8)).resize((240, 180)) for _ in "abc"]
    for folder, shown in (("first", (0, 1)), ("second", (2, 0))):
        (tmp_path / folder).mkdir()
        for number in shown:
            scenes[number].save(tmp_path / folder / f"{number}.png")
            (tmp_path / folder / f"{number}.txt").write_text("50 60\n" * (1 + number % 2), encoding="utf-8")
    return check_data_sets([f"folder:{tmp_path / 'first'}", f"drawn:{tmp_path / 'second'}"])


def test_findings_are_counted_by_data_set_and_together(check: Check, tmp_path: Path) -> None:
    result = check_as_result(check, command="uepnet data check", date=DATE)
    first, second, together = result.figures
    kinds = (
        "dataset",
        "images",
        "heads",
        "duplicate-points",
        "repeated-picture",
        "leaked-picture",
        "warnings",
        "errors",
    )
    assert [[record[kind] for kind in kinds] for record in result.figures] == [
        ["folder", 2, 3, 1, 1, 0, 2, 0],
        ["drawn", 2, 2, 0, 1, 0, 1, 0],
        ["together", 4, 5, 1, 1, 0, 2, 0],
    ]
    assert together["findings"] == {
        "duplicate-points": [["folder/1.png"]],
        "repeated-picture": [["folder/0.png", "drawn/0.png"]],
    }
    assert "findings" not in first
    assert "findings" not in second
    assert str(tmp_path) not in result.model_dump_json()
    write_result(tmp_path / "check.json", result)
    assert read_result(tmp_path / "check.json") == result


def test_the_data_are_named_with_their_hash(check: Check) -> None:
    result = check_as_result(check, command="uepnet data check", date=DATE)
    sets: list[DataSet] = [reading.subject.data_set for reading in check.readings[::2]]
    assert [(data.data_set, data.split, data.pictures, data.heads) for data in result.data] == [
        ("folder", "all", 2, 3),
        ("drawn", "all", 2, 2),
    ]
    assert [data.digest for data in result.data] == [data_set.digest() for data_set in sets]
    assert (result.command, result.date, result.model) == ("uepnet data check", "2026-01-02T03:04:05+00:00", None)


def test_data_that_cannot_be_read_are_not_recorded(check: Check, tmp_path: Path) -> None:
    (tmp_path / "first" / "1.txt").write_text("?", encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"1\.txt"):
        check_as_result(check, command="", date=DATE)
