"""Whole data sets: one in order, and one with every kind of fault."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import Float, UInt8
from PIL import Image

from uepnet.annotations.check.check import Check, check_data_sets
from uepnet.annotations.check.finding import KINDS

Pixels = UInt8[np.ndarray, "height width 3"]
Photograph = Callable[..., Pixels]
WriteSet = Callable[..., str]
Points = Float[np.ndarray, "heads 2"]
NUMBERS = (1, 2, 3, 10)


@pytest.fixture
def text(photograph: Photograph, write_set: WriteSet, heads: Points) -> str:
    """Four pictures of four scenes, in order."""
    return write_set({n: photograph(n) for n in NUMBERS}, dict.fromkeys(NUMBERS, heads))


@pytest.fixture
def folder(text: str, tmp_path: Path) -> Path:
    return tmp_path / "ShanghaiTech/part_A_final/train_data"


def told(check: Check) -> list[tuple[str, list[str]]]:
    return [(f.kind, [picture.subject.entry.name for picture in f.pictures]) for f in check.findings]


def test_a_data_set_in_order_has_no_findings(text: str, heads: Points) -> None:
    check = check_data_sets([text])
    assert (check.pictures, check.heads, check.findings) == (4, 4 * len(heads), ())
    assert check.as_json() == {
        "summary": {"pictures": 4, "parts": {"train": 3, "val": 1}, "heads": 48, "errors": 0, "warnings": 0, "notes": 0}
    }


def test_every_broken_file_is_found_and_hides_no_other(
    text: str, folder: Path, photograph: Photograph, write_set: WriteSet, heads: Points
) -> None:
    write_set({}, {2: heads}, declared={2: 99})
    whole = (folder / "images/IMG_1.jpg").read_bytes()
    (folder / "images/IMG_1.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "ground-truth/GT_IMG_3.mat").write_bytes(b"MATLAB? No.")
    write_set({4: photograph(4)}, {})
    write_set({}, {5: heads})
    write_set({6: photograph(6)}, {6: heads + 200})
    check = check_data_sets([text])
    assert told(check) == [
        ("unreadable-picture", ["IMG_1"]),
        ("annotation-without-picture", ["IMG_5"]),
        ("picture-without-annotation", ["IMG_4"]),
        ("refused-annotation", ["IMG_2"]),
        ("refused-annotation", ["IMG_3"]),
        ("points-outside", ["IMG_6"]),
    ]
    messages = [finding.message for finding in check.findings]
    assert "it declares 99 heads, but holds 12 points" in messages[3]
    assert "no MATLAB file" in messages[4]
    assert (check.pictures, check.heads) == (7, 24)


def test_points_that_are_wrong_in_several_ways_are_several_findings(
    text: str, write_set: WriteSet, photograph: Photograph, heads: Points
) -> None:
    doubled = np.concatenate([heads, heads[:1], heads[5:6] + 0.5, [[-9.0, 4.0]]])
    write_set({}, {2: doubled, 3: heads / 240})
    assert told(check_data_sets([text])) == [
        ("implausible-density", ["IMG_3"]),
        ("points-outside", ["IMG_2"]),
        ("duplicate-points", ["IMG_2"]),
        ("near-duplicate-points", ["IMG_2"]),
        ("near-duplicate-points", ["IMG_3"]),
    ]


def test_a_repeated_validation_picture_is_found_in_the_other_data_set(
    text: str, photograph: Photograph, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name, number in (("gate", 10), ("door", 77)):
        Image.fromarray(photograph(number)[:, ::-1]).save(own / f"{name}.png")
        (own / f"{name}.txt").write_text("60 60\n", encoding="utf-8")
    check = check_data_sets([text, f"folder:{own}"])
    assert told(check) == [("leaked-picture", ["IMG_10", "gate.png"])]
    assert "leave folder/gate.png out of the training" in check.findings[0].message
    assert "shanghaitech-a/IMG_10 (val, 12 heads)" in check.findings[0].message


def test_the_test_part_is_compared_where_it_is_asked_for(
    text: str, photograph: Photograph, write_set: WriteSet, heads: Points
) -> None:
    write_set({7: photograph(2)}, {7: heads}, part="test")
    assert told(check_data_sets([text])) == []
    assert told(check_data_sets([text], splits=["all", "test"])) == [("leaked-picture", ["IMG_2", "IMG_7"])]


def test_pictures_within_the_training_part_only_warn(
    text: str, photograph: Photograph, write_set: WriteSet, heads: Points
) -> None:
    write_set({7: photograph(2)}, {7: heads})
    check = check_data_sets([text])
    assert told(check) == [("repeated-picture", ["IMG_2", "IMG_7"])]
    assert [len(check.of_severity(severity)) for severity in ("error", "warning", "note")] == [0, 1, 0]


def test_a_data_set_that_cannot_be_opened_does_not_stop_the_others(text: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    wrong = [f"mall:{tmp_path / 'empty'}", "stadium:here", f"folder:{tmp_path / 'empty'}", text]
    check = check_data_sets(wrong)
    assert told(check) == [("unopened-data-set", [])] * 3
    assert "the known ones are shanghaitech-a" in check.findings[1].message
    assert check.pictures == 4


def test_a_stray_annotation_is_a_warning(text: str, folder: Path) -> None:
    (folder / "ground-truth/GT_IMG_3 copy.mat").touch()
    assert told(check_data_sets([text])) == [("stray-annotation", [])]


def test_an_unusual_count_is_a_note(photograph: Photograph, write_set: WriteSet, heads: Points) -> None:
    numbers = range(1, 26)
    points = dict.fromkeys(numbers, heads) | {13: np.zeros((0, 2))}
    check = check_data_sets([write_set({n: photograph(n, width=120, height=80) for n in numbers}, points)])
    assert ("unusual-count", ["IMG_13"]) in told(check)


def test_an_annotation_known_to_be_wrong_is_a_note(photograph: Photograph, write_set: WriteSet, heads: Points) -> None:
    """IMG_108 of ShanghaiTech B; here in the place of B."""
    text = write_set({108: photograph(1)}, {108: heads})
    root = Path(text.partition(":")[2])
    (root / "part_A_final").rename(root / "part_B_final")
    assert told(check_data_sets([f"shanghaitech-b:{root}"])) == [("known-wrong", ["IMG_108"])]


def test_a_picture_of_a_folder_without_heads_anywhere(photograph: Photograph, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        Image.fromarray(photograph(seed)).save(tmp_path / f"{name}.png")
    (tmp_path / "heads.csv").write_text("picture,x,y\na.png,30,20\n", encoding="utf-8")
    check = check_data_sets([f"folder:{tmp_path}"])
    assert told(check) == [("picture-without-annotation", ["b.png"])]
    assert "it is not mentioned in any file" in check.findings[0].message


def test_a_test_part_may_keep_its_heads_to_itself(photograph: Photograph, tmp_path: Path, write_mat: WriteSet) -> None:
    """NWPU-Crowd publishes no heads of its test pictures."""
    (tmp_path / "images").mkdir()
    for number in (1, 2, 3):
        Image.fromarray(photograph(number)).save(tmp_path / f"images/000{number}.jpg")
    for number in (1, 2):
        write_mat(tmp_path / f"mats/000{number}.mat", {"annPoints": np.zeros((0, 2))})
    for part, number in (("train", 1), ("val", 2)):
        (tmp_path / f"{part}.txt").write_text(f"000{number} 0 0\n", encoding="utf-8")
    check = check_data_sets([f"nwpu:{tmp_path}"], splits=["all", "test"])
    assert (check.pictures, told(check)) == (3, [])
    (tmp_path / "mats/0002.mat").unlink()
    check = check_data_sets([f"nwpu:{tmp_path}"], splits=["all", "test"])
    assert told(check) == [("picture-without-annotation", ["0002"])]


def test_a_reader_that_looks_at_a_broken_picture_gives_one_finding(tmp_path: Path) -> None:
    for folder in ("JPEGImages", "Annotations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "JPEGImages/PartA_00001.jpg").write_bytes(b"no picture")
    size = "<size><width>4</width><height>4</height></size>"
    (tmp_path / "Annotations/PartA_00001.xml").write_text(f"<annotation>{size}</annotation>", encoding="utf-8")
    assert told(check_data_sets([f"scut-head:{tmp_path}"])) == [("unreadable-picture", ["PartA_00001"])]


def test_pictures_that_are_said_to_be_unfinished_are_one_note(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    for name in ("a.png", "b.png", "c.png"):
        write_picture(tmp_path / name)
    (tmp_path / "heads.csv").write_text(
        "picture,x,y,unfinished\na.png,1,2,\nb.png,3,4,yes\nc.png,,,yes\n", encoding="utf-8"
    )
    check = check_data_sets([f"folder:{tmp_path}"])
    assert (check.pictures, check.heads, told(check)) == (1, 1, [("unfinished", [])])
    assert "left out: 2 (b.png, c.png)" in check.findings[0].message


def test_progress_is_told_picture_by_picture(text: str) -> None:
    steps: list[tuple[int, int]] = []
    check_data_sets([text], on_picture=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_unknown_split_is_the_caller_s_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="there is no split 'half'"):
        check_data_sets([text], splits=["half"])


def test_these_tests_meet_every_kind_of_finding() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'("{kind}"' not in source] == []


@pytest.mark.real_data
def test_what_is_known_of_ucf_cc_50_is_found(shared_data: Path) -> None:
    check = check_data_sets([f"ucf-cc-50:{shared_data / 'UCF_CC_50'}"])
    assert (check.pictures, check.heads) == (50, 63_974)
    found = told(check)
    assert [found for found in found if found[0] != "near-duplicate-points"] == [
        ("points-outside", ["6"]),
        ("points-outside", ["20"]),
        ("points-outside", ["36"]),
        ("repeated-picture", ["41", "46"]),
    ]
