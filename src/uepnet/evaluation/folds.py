"""The five folds of UCF_CC_50.

The data set was published without folds, so that "five-fold cross validation" means different pictures in different
papers. Both conventions in use are here: `consecutive` takes the pictures in order, ten at a time; `ccnn` is the random
list that one early code release made and others took over. A figure on these folds must say which.
"""

from collections.abc import Mapping

Folds = tuple[tuple[int, ...], ...]

CONVENTIONS: Mapping[str, Folds] = {
    "consecutive": tuple(tuple(range(start, start + 10)) for start in range(1, 51, 10)),
    "ccnn": (
        (37, 48, 29, 10, 14, 1, 45, 47, 40, 24),
        (25, 49, 18, 13, 28, 34, 17, 3, 26, 15),
        (31, 6, 33, 2, 30, 36, 42, 20, 38, 11),
        (5, 7, 4, 21, 27, 39, 22, 43, 32, 35),
        (8, 50, 12, 19, 44, 23, 9, 46, 16, 41),
    ),
}
"""The numbers of the pictures held out in each fold."""


def fold_of(picture: str, *, convention: str) -> int:
    """The fold, 1 to 5, that holds the UCF_CC_50 picture named by its number.

    >>> fold_of("10", convention="consecutive"), fold_of("10", convention="ccnn")
    (1, 1)
    >>> fold_of("50", convention="consecutive"), fold_of("50", convention="ccnn")
    (5, 5)
    """
    if convention not in CONVENTIONS:
        raise ValueError(f"there is no fold convention '{convention}'; the known ones are {', '.join(CONVENTIONS)}")
    for number, members in enumerate(CONVENTIONS[convention], start=1):
        if picture in map(str, members):
            return number
    raise ValueError(f"UCF_CC_50 has the pictures 1 to 50, but this one is named '{picture}'")
