"""The one encoder and decoder between counts and classes.

`m - 1` ascending borders make the classes `[0, t0), [t0, t1), ..., [t_{m-2}, inf)`: half-open, so every count from 0 on
lies in exactly one of them, and a count equal to a border belongs to the class above it.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int, Int64, Real


def encode(counts: Real[np.ndarray, "*shape"], borders: Sequence[float]) -> Int64[np.ndarray, "*shape"]:
    """The class of each count: the number of borders that it has reached.

    >>> encode(np.array([0.0, 0.1, 0.5, 1.0, 99.0]), [0.5, 1.0]).tolist()
    [0, 0, 1, 2, 2]
    """
    refuse_impossible_counts(counts)
    return np.searchsorted(np.asarray(borders, dtype=np.float64), counts, side="right").astype(np.int64, copy=False)


def decode(classes: Int[np.ndarray, "*shape"], proxies: Sequence[float]) -> Float[np.ndarray, "*shape"]:
    """The proxy of each class.

    >>> decode(np.array([0, 2]), [0.0, 0.7, 1.5]).tolist()
    [0.0, 1.5]
    """
    if classes.size and not (classes.min() >= 0 and classes.max() < len(proxies)):
        raise ValueError(
            f"there are {len(proxies)} proxies for the classes 0 to {len(proxies) - 1}, but the classes given are "
            f"{classes.min()} to {classes.max()}"
        )
    result: Float[np.ndarray, "*shape"] = np.asarray(proxies, dtype=np.float64)[classes]
    return result


def decode_mean(
    probabilities: Float[np.ndarray, "*shape classes"], proxies: Sequence[float]
) -> Float[np.ndarray, "*shape"]:
    """The expected count: the proxies' mean, weighted with the probabilities of their classes.

    >>> decode_mean(np.array([[0.5, 0.5, 0.0]]), [0.0, 0.7, 1.5]).tolist()
    [0.35]
    """
    if probabilities.shape[-1:] != (len(proxies),):
        raise ValueError(f"there are {len(proxies)} proxies, but the probabilities are {list(probabilities.shape)}")
    total = probabilities.sum(axis=-1, dtype=np.float64)
    if not (np.abs(total - 1.0) <= 1e-2).all() or (probabilities < 0).any():
        raise ValueError(
            "probabilities are 0 or more and sum to 1 over the classes; for logits, take the softmax first"
        )
    result: Float[np.ndarray, "*shape"] = probabilities @ np.asarray(proxies, dtype=np.float64)
    return result


def refuse_impossible_counts(counts: Real[np.ndarray, "*shape"]) -> None:
    """`ValueError` for counts that are negative, infinite or not a number, with how many there are."""
    if counts.size == 0 or (counts.min() >= 0 and counts.max() < np.inf):  # a NaN makes both comparisons false
        return
    wrong = ~((counts >= 0) & (counts < np.inf))
    raise ValueError(
        f"counts are finite and 0 or more, but {int(wrong.sum())} of {counts.size} are not, the first is "
        f"{counts[wrong].flat[0]}"
    )
