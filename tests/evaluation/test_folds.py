import pytest

from uepnet.evaluation.folds import CONVENTIONS, fold_of


@pytest.mark.parametrize("convention", ["consecutive", "ccnn"])
def test_every_picture_is_in_exactly_one_fold_of_ten(convention: str) -> None:
    folds = CONVENTIONS[convention]
    assert [len(fold) for fold in folds] == [10] * 5
    assert sorted(picture for fold in folds for picture in fold) == list(range(1, 51))
    for number, fold in enumerate(folds, start=1):
        assert all(fold_of(str(picture), convention=convention) == number for picture in fold)


def test_consecutive_goes_by_tens() -> None:
    assert [fold_of(str(picture), convention="consecutive") for picture in (1, 10, 11, 41, 50)] == [1, 1, 2, 5, 5]


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="consecutive, ccnn"):
        fold_of("1", convention="random")
    with pytest.raises(ValueError, match="this one is named '51'"):
        fold_of("51", convention="ccnn")
