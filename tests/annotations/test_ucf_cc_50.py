"""UCF_CC_50: MATLAB's pixels from 1, the folds, and the numbers of the real one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.ucf_cc_50 import FOLDS, folds
from uepnet.errors import AnnotationError, DataSetError


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path], write_mat: Callable[..., Path]) -> Path:
    for number in (1, 2, 10):
        write_picture(tmp_path / f"{number}.jpg")
        write_mat(tmp_path / f"{number}_ann.mat", {"annPoints": np.array([[1.0, 1.0], [40.0, 30.0]])})
    return tmp_path


def test_the_centres_of_the_corner_pixels_are_where_ours_are(root: Path) -> None:
    data = open_data_set(f"ucf-cc-50:{root}")
    assert data.heads(data.entries[0]).xy.tolist() == [[0.5, 0.5], [39.5, 29.5]]


def test_the_numbers_divisible_by_ten_validate_and_there_is_no_test_part(root: Path) -> None:
    assert [entry.name for entry in open_data_set(f"ucf-cc-50:{root}").entries] == ["1", "2"]
    assert [entry.name for entry in open_data_set(f"ucf-cc-50:{root}", split="val").entries] == ["10"]
    with pytest.raises(DataSetError, match="five folds"):
        open_data_set(f"ucf-cc-50:{root}", split="test")


def test_a_missing_annotation_is_an_error(root: Path) -> None:
    (root / "2_ann.mat").unlink()
    data = open_data_set(f"ucf-cc-50:{root}")
    with pytest.raises(AnnotationError, match=r"2_ann\.mat"):
        data.heads(data.entries[1])


def test_both_conventions_test_every_picture_once() -> None:
    for parts in FOLDS.values():
        assert [len(part) for part in parts] == [10] * 5
        assert sorted(number for part in parts for number in part) == list(range(1, 51))
    assert FOLDS["consecutive"][1] == tuple(range(11, 21))
    assert FOLDS["ccnn"][4] == (8, 50, 12, 19, 44, 23, 9, 46, 16, 41)


def test_folds_need_a_known_convention_and_all_pictures(root: Path) -> None:
    data = open_data_set(f"ucf-cc-50:{root}", split="all")
    with pytest.raises(ValueError, match="the known ones are consecutive, ccnn"):
        folds(data, convention="random")
    with pytest.raises(DataSetError, match="47 are missing"):
        folds(data, convention="ccnn")


@pytest.mark.real_data
def test_the_real_data_set_has_its_published_numbers(shared_data: Path) -> None:
    data = open_data_set(f"ucf-cc-50:{shared_data}", split="all")
    points = [data.heads(entry) for entry in data.entries]
    counts = [len(each) for each in points]
    assert (len(data), sum(counts), min(counts), max(counts)) == (50, 63_974, 96, 4633)
    from_one = [(each.xy + 0.5, (each.width, each.height)) for each in points]
    assert sum(int(((xy < 1) | (xy > size)).any(axis=1).sum()) for xy, size in from_one) == 6


@pytest.mark.real_data
def test_each_fold_trains_on_forty_and_tests_on_the_other_ten(shared_data: Path) -> None:
    data = open_data_set(f"ucf-cc-50:{shared_data / 'UCF_CC_50'}", split="all")
    for convention, numbers in FOLDS.items():
        for (train, test), tested in zip(folds(data, convention=convention), numbers, strict=True):
            assert {int(entry.name) for entry in test.entries} == set(tested)
            assert {entry.name for entry in train.entries} | {entry.name for entry in test.entries} == {
                entry.name for entry in data.entries
            }
            assert (len(train), len(test)) == (40, 10)
