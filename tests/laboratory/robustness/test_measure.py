"""What is counted, and the figures made of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.toys import toy_description
from uepnet.annotations.catalog import open_data_set
from uepnet.errors import DataSetError
from uepnet.inference.backends import PatchMaps
from uepnet.inference.counter import Counter
from uepnet.laboratory.robustness import measure as measuring
from uepnet.laboratory.robustness.changes import CHANGES
from uepnet.laboratory.robustness.choice import chosen_for_changes
from uepnet.laboratory.robustness.figures import figures_of
from uepnet.laboratory.robustness.measure import Behaviour, Doubt, EmptyCount, measure, plan
from uepnet.laboratory.robustness.peopleless import KINDS
from uepnet.laboratory.robustness.sheet import CELL, contact_sheet


class ByArea:
    """Counts a person for every hundred pixels, whatever they show, and is never in doubt."""

    description = toy_description("by-area")

    def run(self, picture: np.ndarray) -> PatchMaps:
        rows, columns = -(-picture.shape[0] // 8), -(-picture.shape[1] // 8)
        even = np.full((rows, columns), picture.shape[0] * picture.shape[1] / 100 / (rows * columns), dtype=np.float32)
        return PatchMaps(even, even, np.zeros_like(even))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(6):
        pixels = np.random.default_rng(number).integers(0, 256, (80, 100, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        heads = "".join(f"{10 + 12 * x} 40\n" for x in range(3))
        (tmp_path / f"{number}.txt").write_text(heads, encoding="utf-8")
    return tmp_path


def test_a_model_that_counts_pixels_is_seen_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uepnet.laboratory.robustness.peopleless.SHOWN", ((64, 48, 0), (80, 64, 1)))
    monkeypatch.setattr(measuring, "SHOWN", ((64, 48, 0), (80, 64, 1)))
    pictures = plan([open_data_set(f"folder:{folder}", split="all")], most_changed=2, most_counted=5)
    steps: list[None] = []
    behaviour = measure(Counter(ByArea()), pictures, on_step=lambda: steps.append(None))
    assert len(steps) == pictures.steps == 2 * len(KINDS) + 5 + 2 * len(CHANGES)
    figures = {figure.test: figure for figure in figures_of(behaviour)}
    assert list(figures) == [*KINDS, *(change.name for change in CHANGES), "warnings"]
    for kind in KINDS:
        assert figures[kind].value == pytest.approx(1e4)
        assert figures[kind].met is False
    for name, expected in (("size-0.75", 1 - 0.75**2), ("size-1.5", 1.25), ("size-2", 3.0), ("mirror", 0.0)):
        assert figures[name].value == pytest.approx(expected, rel=1e-3)
        assert figures[name].pictures == 2
    assert figures["mirror"].met is True
    assert (figures["size-0.5"].value, figures["size-0.5"].met) == (None, None)  # heads 6 pixels apart
    warned = figures["warnings"].as_record()
    assert (warned["far_off"], warned["far_off_warned"], warned["value"], warned["met"]) == (5, 0, 0.0, "NO")


@pytest.mark.parametrize(
    ("true", "count", "far"),
    [(5, 16.0, True), (5, 14.9, False), (100, 33.0, True), (100, 34.0, False), (0, 11.0, True)],
)
def test_far_off_is_more_than_a_factor_3_and_10_people(true: int, count: float, far: bool) -> None:
    assert Doubt("any", "a picture", true, count, warned=False).far_off == far


def test_figures_of_what_was_measured() -> None:
    thumbnail = np.zeros((6, 8, 3), dtype=np.uint8)
    empty = tuple(
        EmptyCount(kind, 1000, 500, count, count > 0.3, thumbnail) for kind in KINDS for count in (0.1, 0.2, 0.3, 0.4)
    )
    changes = {change.name: {"one": (0.01, 0.5, 0.02), "two": (0.03,)} for change in CHANGES}
    doubts = (Doubt("one", "a", 1, 40.0, True), Doubt("one", "b", 9, 9.0, True), Doubt("two", "c", 9, 9.0, False))
    figures = {figure.test: figure for figure in figures_of(Behaviour(empty, changes, doubts, ()))}
    assert figures["sky"].as_record() | {"about": ""} == {
        "dataset": "sky",
        "about": "",
        "limit": 0.5,
        "value": 0.8,
        "met": "NO",
        "unit": "people per megapixel",
        "pictures": 4,
        "mean": pytest.approx(0.5),
        "above": 2,
        "above_warned": 1,
    }
    assert figures["mirror"].value == pytest.approx(0.025)
    assert figures["mirror"].details["by_data"] == {"one": 0.02, "two": 0.03}
    warned = figures["warnings"]
    assert (warned.value, warned.met, warned.details["warned"]) == (1.0, True, 2)
    none_off = {figure.test: figure for figure in figures_of(Behaviour(empty, changes, doubts[1:], ()))}
    assert none_off["warnings"].as_record()["met"] == "not measured"


def test_the_choice_depends_on_the_names_alone(folder: Path) -> None:
    data_set = open_data_set(f"folder:{folder}", split="all")
    chosen = chosen_for_changes(data_set, most=3)
    backwards = replace(data_set, entries=data_set.entries[::-1])
    assert {entry.name for entry in chosen_for_changes(backwards, most=3).entries} == {e.name for e in chosen.entries}
    left = data_set.without([entry.name for entry in data_set.entries if entry not in chosen.entries][:2])
    assert chosen_for_changes(left, most=3).entries == chosen.entries


def test_a_data_set_of_large_pictures_alone_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (1300, 1000)).save(tmp_path / "large.png")
    (tmp_path / "large.txt").write_text("5 5\n", encoding="utf-8")
    with pytest.raises(DataSetError, match=r"all 1 pictures .* larger than 1.2 megapixels"):
        chosen_for_changes(open_data_set(f"folder:{tmp_path}", split="all"), most=3)


def test_a_data_set_is_measured_once(folder: Path) -> None:
    data_set = open_data_set(f"folder:{folder}", split="all")
    with pytest.raises(ValueError, match="each data set is measured once"):
        plan([data_set, data_set], most_changed=1, most_counted=1)


def test_the_sheet_marks_what_breaks_the_limit() -> None:
    thumbnail = np.full((60, 80, 3), 128, dtype=np.uint8)
    kept, broken = (EmptyCount("sky", 1000, 1000, count, False, thumbnail) for count in (0.2, 0.9))
    sheet = contact_sheet([kept, broken, kept], columns=2)
    assert sheet.shape == (2 * CELL[1], 2 * CELL[0], 3)
    red = (sheet[..., 0].astype(int) - sheet[..., 1] > 100).reshape(2, CELL[1], 2, CELL[0]).any(axis=(1, 3))
    assert red.tolist() == [[False, True], [False, False]]
