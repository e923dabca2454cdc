"""How far counts are from the truth; errors are predicted minus true people, one per picture.

What the field prints as MSE is the root of the mean squared error; here it is called `rmse`.
"""

import numpy as np
from jaxtyping import Float, Int

Truth = Int[np.ndarray, " pictures"]
Counts = Float[np.ndarray, " pictures"]


def mae(truth: Truth, predicted: Counts) -> float:
    """Mean absolute error in people: mean |predicted - true|.

    >>> mae(np.array([10, 20]), np.array([12.0, 16.0]))
    3.0
    """
    return float(np.abs(errors(truth, predicted)).mean())


def rmse(truth: Truth, predicted: Counts) -> float:
    """Root of the mean squared error in people: sqrt(mean (predicted - true)^2).

    >>> rmse(np.array([10, 20, 5, 5]), np.array([14.0, 16.0, 1.0, 9.0]))
    4.0
    """
    return float(np.sqrt(np.square(errors(truth, predicted)).mean()))


def nae(truth: Truth, predicted: Counts) -> float | None:
    """Normalised absolute error over the pictures with heads: mean |predicted - true| / true; None without any.

    >>> nae(np.array([10, 0]), np.array([12.0, 3.0]))
    0.2
    """
    off = np.abs(errors(truth, predicted))
    with_heads = truth > 0
    if not with_heads.any():
        return None
    return float((off[with_heads] / truth[with_heads]).mean())


def bias(truth: Truth, predicted: Counts) -> float:
    """Mean signed error in people: mean (predicted - true); above 0 the counter sees too many.

    >>> bias(np.array([10, 20]), np.array([12.0, 16.0]))
    -1.0
    """
    return float(errors(truth, predicted).mean())


def range_coverage(truth: Truth, low: Counts, high: Counts) -> float:
    """The share of pictures whose true count lies in its range, both ends included.

    >>> range_coverage(np.array([10, 20]), np.array([8.0, 21.0]), np.array([10.0, 30.0]))
    0.5
    """
    below, above = errors(truth, low), errors(truth, high)
    if (below > above).any():
        raise ValueError(f"a range goes from low to high, but {int((low > high).sum())} of {len(low)} go down")
    return float(((below <= 0) & (above >= 0)).mean())


def errors(truth: Truth, predicted: Counts) -> Counts:
    """Predicted minus true people of each picture.

    No picture, unequally many counts, a negative truth and a prediction that is not finite are each a `ValueError`.
    """
    if truth.shape != predicted.shape:
        raise ValueError(f"there are {len(truth)} true counts, but {len(predicted)} predicted ones")
    if len(truth) == 0:
        raise ValueError("errors are measured on at least one picture, but there is none")
    if truth.min() < 0:
        raise ValueError(f"a picture has at least 0 heads, not {truth.min()}")
    if not np.isfinite(predicted).all():
        raise ValueError(f"{int((~np.isfinite(predicted)).sum())} of {len(predicted)} predicted counts are not finite")
    off: Counts = predicted - truth
    return off
