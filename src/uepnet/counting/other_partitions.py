"""The partitions that UEP is compared with (Wang et al. 2021, Tables 3, 5 and 6).

Each takes the ordered counts, whose floor is the first border, and the number of intervals, and gives the borders.
"""

import math
from itertools import pairwise

import numpy as np

from uepnet.counting.ordered_counts import OrderedCounts
from uepnet.errors import PartitionError

NEARLY_NOTHING = 1e-6
"""First border of the partitions whose background is "nothing": a Gaussian is nowhere exactly 0."""

FINE_STEPS = tuple(step / 20 for step in range(1, 10))
"""0.05, 0.10, ... 0.45: the fine part of Two-Linear."""


def uniform_len_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """[0, t0), and [t0, tMAX] in `intervals - 1` parts of the same length."""
    if intervals < 2:
        raise ValueError(f"there are at least 2 intervals, background and crowd, not {intervals}")
    if not ordered.largest > ordered.floor:
        raise PartitionError(
            f"the largest of {ordered.samples} counts does not exceed t0 = {ordered.floor:g}: there is no length to "
            f"divide; give pictures with heads, or a smaller t0"
        )
    return tuple(np.linspace(ordered.floor, ordered.largest, intervals)[:-1].tolist())


def uniform_num_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """[0, t0), and the counts from t0 on in `intervals - 1` parts of the same number of samples (to one sample).

    Raises `PartitionError` where equal counts would have to be parted.
    """
    if intervals < 2:
        raise ValueError(f"there are at least 2 intervals, background and crowd, not {intervals}")
    count, parts = len(ordered), intervals - 1
    if count == 0:
        raise PartitionError(f"all {ordered.samples} counts are background, below t0 = {ordered.floor:g}")
    sample = ordered.sampler()
    firsts = (round(part * count / parts) for part in range(1, parts))
    borders = (ordered.floor, *(sample(first) for first in firsts if first < count))
    different = len(set(borders))
    if different < parts:
        raise PartitionError(
            f"{intervals} intervals with the same number of samples have {parts} borders, but among {count} counts from "
            f"t0 = {ordered.floor:g} on only {different} of them differ; take fewer intervals, or more pictures"
        )
    return borders


def two_linear_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """S-DCNet's partition: 1e-6, then 0.05 to 0.45 in steps of 0.05, then 0.5 to Cmax in steps of 0.5.

    The number of intervals says what Cmax is, `(intervals - 11) / 2`: on 64 x 64 patches 55 intervals for ShanghaiTech A
    (Cmax 22), 25 for B (7), 27 for UCF-QNRF (8).
    """
    coarse = intervals - 2 - len(FINE_STEPS)
    if coarse < 1:
        raise ValueError(f"two-linear has 12 intervals or more (Cmax is 0.5 then), not {intervals}")
    return (ordered.floor, *FINE_STEPS, *_halves(coarse))


def one_linear_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """1e-6, then 0.5 to Cmax in steps of 0.5: `(intervals - 2) / 2` is Cmax."""
    coarse = intervals - 2
    if coarse < 1:
        raise ValueError(f"one-linear has 3 intervals or more (Cmax is 0.5 then), not {intervals}")
    return (ordered.floor, *_halves(coarse))


def log_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """Liu et al.'s partition for 32 x 32 patches: nothing, up to e^-2, then steps of 0.1 in the logarithm up to e^3.5.

    Always 57 classes. Theirs include their upper border, ours their lower one, like every other class here.
    """
    return (ordered.floor, *(math.exp(-2 + step / 10) for step in range(intervals - 2)))


def integer_borders(ordered: OrderedCounts, intervals: int) -> tuple[float, ...]:
    """EBC's partition of whole counts: 0, 1, 2, 3, and 4 or more heads. Always 5 classes.

    Raises `ValueError` for counts of Gaussians: this partition is of `point_counts`.
    """
    if ordered.below_sum or not (ordered.values == np.round(ordered.values)).all():
        raise ValueError(
            "the integer partition is of whole counts of points (point_counts), these counts have fractions"
        )
    return tuple(float(heads) for heads in range(1, intervals))


def border_midpoints(borders: tuple[float, ...]) -> tuple[float, ...]:
    """S-DCNet's proxies: 0 for the background, the middle of each class, and Cmax for the last."""
    return (0.0, *_middles(borders), borders[-1])


def log_midpoints(borders: tuple[float, ...]) -> tuple[float, ...]:
    """0 for the background and the middle of each class; the last one ends at e^3.5."""
    return (0.0, *_middles((*borders, math.exp(3.5))))


def whole_numbers(borders: tuple[float, ...]) -> tuple[float, ...]:
    """0, 1, 2, ...: the least whole count of each class."""
    return (0.0, *borders)


def _halves(steps: int) -> tuple[float, ...]:
    return tuple(step / 2 for step in range(1, steps + 1))


def _middles(edges: tuple[float, ...]) -> tuple[float, ...]:
    return tuple((left + right) / 2 for left, right in pairwise(edges))
