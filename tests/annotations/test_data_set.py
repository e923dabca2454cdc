"""`DataSet`: what it holds, its digest, and parts of it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.data_set import DataSet, Entry, annotation_of
from uepnet.errors import AnnotationError, DataSetError, PictureError

POINTS = {"a": np.array([[1.0, 2.0], [3.0, 4.5]]), "b": np.zeros((0, 2)), "c": np.array([[-5.0, 100.0]])}


def data_set(folder: Path, names: str = "abc") -> DataSet:
    entries = tuple(Entry(name, folder / f"{name}.png", None) for name in names)
    return DataSet("some", folder, "train", entries, None, lambda entry: POINTS[entry.name])


def test_heads_carry_the_size_of_the_picture(tmp_path: Path, write_picture: Callable[..., Path]) -> None:
    write_picture(tmp_path / "a.png", width=70, height=50)
    heads = data_set(tmp_path).heads(Entry("a", tmp_path / "a.png", None))
    assert (heads.width, heads.height) == (70, 50)
    assert heads.xy.tolist() == POINTS["a"].tolist()


def test_pixels_are_rgb(tmp_path: Path, write_picture: Callable[..., Path]) -> None:
    write_picture(tmp_path / "a.png", width=7, height=5)
    assert data_set(tmp_path).pixels(Entry("a", tmp_path / "a.png", None)).shape == (5, 7, 3)


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    missing = data_set(tmp_path)
    assert len(missing) == 3
    with pytest.raises(PictureError, match=r"a\.png: there is no such file"):
        missing.heads(missing.entries[0])


def test_a_data_set_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match=r"some: the 'train' part of .* holds no picture"):
        data_set(tmp_path, "")


def test_the_digest_is_the_hash_of_names_and_points(tmp_path: Path) -> None:
    expected = hashlib.sha256()
    for name, points in POINTS.items():
        expected.update(f"{name}\0{len(points)}\0".encode() + points.astype("<f8").tobytes())
    assert data_set(tmp_path).digest() == expected.hexdigest()


def test_the_digest_changes_with_name_order_and_any_point(tmp_path: Path) -> None:
    whole = data_set(tmp_path)
    moved = replace(whole, read_points=lambda entry: POINTS[entry.name] + 1e-9)
    renamed = replace(whole, entries=(replace(whole.entries[0], name="c"), *whole.entries[1:]))
    turned = replace(whole, entries=whole.entries[::-1])
    digests = {each.digest() for each in (whole, moved, renamed, turned, data_set(tmp_path, "ab"))}
    assert len(digests) == 5
    assert replace(whole, root=tmp_path / "elsewhere").digest() == whole.digest()


def test_only_and_without_keep_the_order_and_part_the_set(tmp_path: Path) -> None:
    whole = data_set(tmp_path)
    assert [entry.name for entry in whole.only(["c", "a"]).entries] == ["a", "c"]
    assert [entry.name for entry in whole.without({"b"}).entries] == ["a", "c"]


def test_a_name_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for choose in (data_set(tmp_path).only, data_set(tmp_path).without):
        with pytest.raises(ValueError, match="no picture named x, y"):
            choose(["y", "a", "x"])


def test_an_entry_without_annotation_says_so() -> None:
    with pytest.raises(AnnotationError, match="no heads are published"):
        annotation_of(Entry("a", Path("a.jpg"), None))
