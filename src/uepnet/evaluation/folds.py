"""Figures of one model by the five folds of UCF_CC_50.

The data set was published without folds, so that "five-fold cross-validation" means different pictures in different
papers: `consecutive` takes the pictures in order, ten at a time; `ccnn` is the random list of one early code release
that others took over. A figure by folds says which.
"""

from dataclasses import replace

from uepnet.annotations.ucf_cc_50 import FOLDS, NAME
from uepnet.evaluation.evaluate import Evaluation
from uepnet.evaluation.figures import group_figures


def by_fold(evaluation: Evaluation, *, convention: str) -> Evaluation:
    """The same evaluation of all fifty pictures of UCF_CC_50 with its errors by fold and their means.

    One model counts all folds, so this is no cross-validation: the folds only put the figures of a model that never saw
    the data set beside those of five models that were each trained on the other four folds. Raises `ValueError` for an
    unknown convention and for an evaluation of anything but the fifty pictures.
    """
    if convention not in FOLDS:
        raise ValueError(f"there are no folds named '{convention}'; the known ones are {', '.join(FOLDS)}")
    fold_of = {
        str(picture): str(fold) for fold, members in enumerate(FOLDS[convention], start=1) for picture in members
    }
    names = [row.name for row in evaluation.rows]
    if evaluation.data_set != NAME or sorted(names) != sorted(fold_of):
        raise ValueError(
            f"the folds are those of the {len(fold_of)} pictures of {NAME}, but this is {evaluation.data_set} "
            f"'{evaluation.split}' with {len(names)} pictures; take the split 'all' of {NAME}"
        )
    folds = [fold_of[name] for name in names]
    groups = group_figures(evaluation.truth, evaluation.counts(), folds, by=f"fold ({convention})")
    return replace(evaluation, groups=groups)
