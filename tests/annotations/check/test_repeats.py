"""Groups of pictures that repeat each other."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import UInt8

from uepnet.annotations.check.fingerprint import fingerprint
from uepnet.annotations.check.repeats import find_repeats
from uepnet.annotations.check.subject import Reading, Subject
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.points import HeadPoints

Pixels = UInt8[np.ndarray, "height width 3"]
Photograph = Callable[..., Pixels]


def reading(name: str, pixels: Pixels | None, *, part: str = "train", data_set: str = "folder") -> Reading:
    entry = Entry(name, Path(data_set) / name, None)
    whole = DataSet(data_set, Path(data_set), "all", (entry,), None, lambda _: np.zeros((0, 2)))
    heads = HeadPoints(np.ones((3, 2)), width=240, height=160)
    return Reading(Subject(whole, entry, part), heads, None if pixels is None else fingerprint(pixels))


@pytest.fixture
def scene(photograph: Photograph) -> Pixels:
    return photograph(1, width=600, height=400)


def test_pictures_of_one_part_are_a_warning(scene: Pixels, photograph: Photograph) -> None:
    others = [reading("other.jpg", photograph(2)), reading("broken.jpg", None)]
    (finding,) = find_repeats([reading("a.jpg", scene), *others, reading("b.jpg", scene, data_set="mall")])
    assert (finding.kind, finding.severity) == ("repeated-picture", "warning")
    assert finding.message == "folder/a.jpg (train, 3 heads), mall/b.jpg (train, 3 heads) have the same pixels"
    assert [picture.subject.label for picture in finding.pictures] == ["folder/a.jpg", "mall/b.jpg"]


@pytest.mark.parametrize("held_out", ["val", "test"])
def test_a_training_picture_in_another_part_is_an_error_that_names_it(scene: Pixels, held_out: str) -> None:
    copies = [reading("a.jpg", scene, part=held_out), reading("b.jpg", scene[3:, 5:]), reading("c.jpg", scene[:-4])]
    (finding,) = find_repeats(copies)
    assert (finding.kind, finding.severity) == ("leaked-picture", "error")
    assert "look the same; leave folder/b.jpg, folder/c.jpg out of the training" in finding.message


def test_a_validation_picture_in_the_test_part_is_an_error_too(scene: Pixels) -> None:
    (finding,) = find_repeats([reading("a.jpg", scene, part="val"), reading("b.jpg", scene, part="test")])
    assert finding.kind == "leaked-picture"
    assert finding.message.endswith("validate or test without it")


def test_a_mirrored_picture_is_said_to_be_one(scene: Pixels) -> None:
    (finding,) = find_repeats([reading("a.jpg", scene), reading("b.jpg", scene[:, ::-1])])
    assert finding.message.endswith("look the same, mirrored")


def test_copies_of_copies_are_one_group(scene: Pixels, photograph: Photograph) -> None:
    trimmed = [scene, scene[:, 12:], scene[5:, :-9]]
    second = photograph(3)
    pictures = [*trimmed, second, photograph(4), second]
    groups = list(find_repeats([reading(f"{n}.jpg", pixels) for n, pixels in enumerate(pictures)]))
    assert [[p.subject.entry.name for p in g.pictures] for g in groups] == [
        ["0.jpg", "1.jpg", "2.jpg"],
        ["3.jpg", "5.jpg"],
    ]


def test_plain_pictures_repeat_each_other_by_their_pixels_alone() -> None:
    blank = np.full((60, 80, 3), 200, dtype=np.uint8)
    found = list(find_repeats([reading("a.png", blank), reading("b.png", blank), reading("c.png", blank[:, :-1])]))
    assert [len(finding.pictures) for finding in found] == [2]


def test_one_file_under_two_names_is_no_repetition(scene: Pixels) -> None:
    assert list(find_repeats([reading("a.jpg", scene), reading("a.jpg", scene, part="val")])) == []


def test_a_large_group_names_its_first_six(scene: Pixels) -> None:
    (finding,) = find_repeats([reading(f"{n}.jpg", scene) for n in range(9)])
    assert "folder/5.jpg (train, 3 heads) and 3 more have the same pixels" in finding.message
    assert len(finding.pictures) == 9
