"""Finding folders and pairing files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.annotations.data_set import Entry
from uepnet.annotations.folders import find_folder, find_root, in_number_order, pair_files, visible_files
from uepnet.errors import DataSetError


def pair(folder: Path) -> tuple[Entry, ...]:
    return pair_files(folder, folder, names="i[0-9]+", picture="{}.jpg", annotation="GT_{}.mat", data_set="some")


def test_the_first_place_that_is_there_is_found(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert find_folder(tmp_path, ["a", "b"], name="some") == tmp_path / "b"


def test_what_was_looked_for_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataSetError, match=r"some: .*none of these is there: .*/a, .*/b"):
        find_folder(tmp_path, ["a", "b"], name="some")
    with pytest.raises(DataSetError, match="there is no folder"):
        find_folder(tmp_path / "nowhere", ["a"], name="some")
    with pytest.raises(DataSetError, match="is a file"):
        find_folder(tmp_path / "file", ["a"], name="some")


def test_the_root_is_the_folder_with_the_marker_or_its_parent(tmp_path: Path) -> None:
    (tmp_path / "set" / "marker").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    assert find_root(tmp_path / "set", marker="marker", name="some") == tmp_path / "set"
    assert find_root(tmp_path, marker="marker", name="some") == tmp_path / "set"


def test_no_folder_or_two_with_the_marker_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="not there"):
        find_root(tmp_path, marker="marker", name="some")
    for name in ("one", "two"):
        (tmp_path / name / "marker").mkdir(parents=True)
    with pytest.raises(DataSetError, match=r"several of its folders \(one, two\)"):
        find_root(tmp_path, marker="marker", name="some")
    with pytest.raises(DataSetError, match="there is no folder"):
        find_root(tmp_path / "nowhere", marker="marker", name="some")


def test_pictures_and_annotations_are_paired_in_number_order(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    for number in (10, 9, 100):
        write_picture(tmp_path / f"i{number}.jpg")
        (tmp_path / f"GT_i{number}.mat").touch()
    expected = [Entry(f"i{n}", tmp_path / f"i{n}.jpg", tmp_path / f"GT_i{n}.mat") for n in (9, 10, 100)]
    assert list(pair(tmp_path)) == expected


def test_one_file_of_a_pair_makes_an_entry_so_that_reading_it_fails(tmp_path: Path) -> None:
    (tmp_path / "i1.jpg").touch()
    (tmp_path / "GT_i2.mat").touch()
    assert [entry.name for entry in pair(tmp_path)] == ["i1", "i2"]


@pytest.mark.parametrize("name", ["i1 copy.jpg", "photo.png", "i2.jpeg"])
def test_a_picture_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "i1.jpg").touch()
    (tmp_path / name).touch()
    with pytest.raises(DataSetError, match=f"{name} is not named as this layout names pictures"):
        pair(tmp_path)


def test_hidden_files_and_others_are_no_pictures(tmp_path: Path) -> None:
    for name in ("i1.jpg", "._i1.jpg", "Thumbs.db", "readme.txt"):
        (tmp_path / name).touch()
    assert [entry.name for entry in pair(tmp_path)] == ["i1"]


def test_a_folder_that_is_not_there_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="cannot be read"):
        visible_files(tmp_path / "nowhere")


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_numbers_are_sorted_as_numbers(numbers: list[int]) -> None:
    names = [f"a{number}b" for number in numbers]
    assert sorted(names, key=in_number_order) == [f"a{number}b" for number in sorted(numbers)]


@given(st.lists(st.text("ab09é²_/", max_size=6), min_size=2))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names, key=in_number_order)) == sorted(names)
