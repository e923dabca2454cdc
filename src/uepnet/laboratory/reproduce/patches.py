"""What the paper says about single patches, each as a formula over all patches k of the measured pictures.

d_k is the true local count, p_k the predicted one, e_k = p_k - d_k. Borders t_i and classes are those of the first head.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from pydantic import JsonValue

from uepnet.counting.codec import encode

Values = Float[np.ndarray, " patches"]

DISTANCE_BINS = 5
"""Bins of the relative distance to the nearest border, from 0 to 1/2."""

ERROR_EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, np.inf)
"""Bins of the prediction error |e_k|, in people."""

LARGE_ERRORS = 0.01
"""The share of the patches, those with the largest errors, whose share of the gradient is told."""


@dataclass(frozen=True)
class Patches:
    """The patches of all measured pictures: true and predicted people, and the gradient that each would send back.

    `gradient` is the L1 norm of the loss's derivative by what the loss is taken of: the logits of classes, or the count of a
    regression, after its ReLU (`witness.py`); `largest`
    is tMAX, the largest local count that was learnt from.
    """

    true: Values
    predicted: Values
    gradient: Values
    largest: float
    pictures: int

    @property
    def errors(self) -> Values:
        """|e_k|."""
        off: Values = np.abs(self.predicted - self.true)
        return off


def background_share(patches: Patches, *, t0: float) -> float:
    """sum of |e_k| over d_k < t0, divided by that over all k (paper, supplement 3)."""
    return _share(patches.errors, patches.true < t0)


def above_largest_share(patches: Patches) -> float:
    """sum of |e_k| over d_k > tMAX, divided by that over all k (paper, supplement 3)."""
    return _share(patches.errors, patches.true > patches.largest)


def error_by_class(patches: Patches, borders: tuple[float, ...]) -> dict[str, JsonValue]:
    """For each class c: the samples n_c, the mean error sum(|e_k|) / n_c, and the contribution sum(|e_k|) / pictures.

    `spread` is the standard deviation of the contributions of the classes from 1 on, divided by their mean: 0 where all
    contribute the same (paper, Fig. 6).
    """
    classes = encode(patches.true, borders)
    samples = np.bincount(classes, minlength=len(borders) + 1)
    sums = np.bincount(classes, weights=patches.errors, minlength=len(borders) + 1)
    contributions = sums / patches.pictures
    crowd = contributions[1:]
    return {
        "samples": samples.tolist(),
        "class_mae": (sums / np.maximum(samples, 1)).tolist(),
        "contribution": contributions.tolist(),
        "spread": float(crowd.std() / crowd.mean()) if crowd.mean() > 0 else None,
    }


def accuracy_by_distance(patches: Patches, borders: tuple[float, ...]) -> dict[str, JsonValue]:
    """How often the class is right, by u = min(d - t_i, t_{i+1} - d) / (t_{i+1} - t_i) in `DISTANCE_BINS` bins of [0, 1/2].

    A patch is right where `p_k` lies in the interval of `d_k`: so heads that are averaged are judged by the count that
    they give together. Patches of the background and of the last class, which have no length, take no part.
    """
    edges = np.asarray(borders)
    classes = encode(patches.true, borders)
    inner = (classes > 0) & (classes < len(borders))
    true, own = patches.true[inner], classes[inner]
    left, right = edges[own - 1], edges[own]
    distance = np.minimum(true - left, right - true) / (right - left)
    bins = np.minimum((distance * 2 * DISTANCE_BINS).astype(np.int64), DISTANCE_BINS - 1)
    correct = encode(np.maximum(patches.predicted[inner], 0.0), borders) == own
    samples = np.bincount(bins, minlength=DISTANCE_BINS)
    right_ones = np.bincount(bins, weights=correct, minlength=DISTANCE_BINS)
    accuracy = [None if n == 0 else float(r / n) for n, r in zip(samples.tolist(), right_ones.tolist(), strict=True)]
    return {"samples": samples.tolist(), "accuracy": list(accuracy)}


def gradient_by_error(patches: Patches) -> dict[str, JsonValue]:
    """For each bin of |e_k|: the share of the patches and of the gradient, sum(g_k) in the bin over sum(g_k) (Fig. 5).

    `large` is the share of the gradient that comes from the `LARGE_ERRORS` of the patches with the largest errors.
    """
    bins = np.digitize(patches.errors, ERROR_EDGES[1:-1])
    total = max(float(patches.gradient.sum()), 1e-30)
    number = len(ERROR_EDGES) - 1
    weights = np.bincount(bins, weights=patches.gradient, minlength=number) / total
    most = max(1, round(LARGE_ERRORS * len(patches.true)))
    worst = np.argsort(-patches.errors, kind="stable")[:most]
    return {
        "patches": (np.bincount(bins, minlength=number) / len(bins)).tolist(),
        "gradient": weights.tolist(),
        "large": float(patches.gradient[worst].sum() / total),
    }


def _share(errors: Values, chosen: np.ndarray) -> float:
    total = float(errors.sum())
    return float(errors[chosen].sum()) / total if total > 0 else 0.0
