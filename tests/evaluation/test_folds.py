"""The folds of UCF_CC_50: both conventions, every picture in exactly one fold, figures by fold."""

from dataclasses import replace

import pytest

from uepnet.annotations.data_set import DataSet
from uepnet.annotations.ucf_cc_50 import FOLDS
from uepnet.evaluation.evaluate import Evaluation, evaluate
from uepnet.evaluation.folds import by_fold
from uepnet.inference.counter import Counter


@pytest.fixture
def measured(red_dots, three_pictures: DataSet) -> Evaluation:
    return evaluate(Counter(red_dots), three_pictures)


def with_names(like: Evaluation, numbers: range) -> Evaluation:
    """An evaluation of UCF_CC_50 in which picture n has n heads and none is counted."""
    rows = [replace(like.rows[0], name=str(number), truth=number, mean=0.0) for number in numbers]
    return replace(like, data_set="ucf-cc-50", split="all", rows=tuple(rows))


@pytest.mark.parametrize("convention", ["consecutive", "ccnn"])
def test_every_picture_is_in_exactly_one_fold_of_ten(convention: str) -> None:
    assert [len(fold) for fold in FOLDS[convention]] == [10] * 5
    assert sorted(picture for fold in FOLDS[convention] for picture in fold) == list(range(1, 51))


@pytest.mark.parametrize("convention", ["consecutive", "ccnn"])
def test_folds_label_and_average(measured: Evaluation, convention: str) -> None:
    groups = by_fold(with_names(measured, range(1, 51)), convention=convention).groups
    assert groups is not None
    assert groups.by == f"fold ({convention})"
    assert [(group.name, group.images) for group in groups.groups] == [(str(fold), 10) for fold in range(1, 6)]
    assert [group.mae for group in groups.groups] == pytest.approx([sum(fold) / 10 for fold in FOLDS[convention]])
    assert groups.mae == pytest.approx(25.5)


def test_consecutive_folds_go_by_tens(measured: Evaluation) -> None:
    groups = by_fold(with_names(measured, range(1, 51)), convention="consecutive").groups
    assert groups is not None
    assert [group.mae for group in groups.groups] == pytest.approx([5.5, 15.5, 25.5, 35.5, 45.5])


def test_folds_are_of_all_fifty_pictures_of_ucf_cc_50(measured: Evaluation) -> None:
    with pytest.raises(ValueError, match="this is folder 'all' with 3 pictures"):
        by_fold(measured, convention="ccnn")
    with pytest.raises(ValueError, match="with 49 pictures"):
        by_fold(with_names(measured, range(1, 50)), convention="ccnn")
    with pytest.raises(ValueError, match="'random'; the known ones are consecutive, ccnn"):
        by_fold(with_names(measured, range(1, 51)), convention="random")
