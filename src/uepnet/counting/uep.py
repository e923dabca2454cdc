"""Uniform Error Partition: borders between which n * l, samples times length, is the same for every class.

Wang et al. 2021, Algorithm 1. A probe walks the ascending counts with a target for n * l and puts a border wherever the
samples since the last one, times their distance from it, exceed the target; the target is halved between bounds until
the wanted number of borders comes out. Along the walk that product only grows, so each border is found by bisection:
O(K log K + probes * m * log K) instead of K steps a probe.

The printed algorithm also checks the last class, `(tMAX - p) * n > target`, when a probe has m - 1 borders. The walk has
asked the same question at its last sample, which is tMAX, and would have put one more border there: the check never
changes an answer and is left out.
"""

from uepnet.counting.ordered_counts import CountSource, OrderedCounts, order_counts
from uepnet.errors import PartitionError

FIRST_BORDER = 1.6e-4
"""t0, the border between background and crowd (the paper, section 4.1)."""

PAPER_EPSILON = 100.0
"""The paper's eps, in samples times count."""

TOLERANCE = 1e-6
"""How far apart the bounds of n * l may be in the end, as a share of the upper one."""


def uep_borders(counts: CountSource, *, intervals: int = 25, t0: float = FIRST_BORDER) -> tuple[float, ...]:
    """Exactly `intervals - 1` borders, t0 first, with the smallest n * l that gives so few (to one part in 1e6).

    Counts below t0 take no part. If there are just as many different counts above t0 as borders to place, each is one.

    Raises `PartitionError` if no count reaches t0, if there are too few different counts, or if equal counts make the
    number of borders jump over the wanted one; the message says which numbers of intervals can be had.

    >>> import numpy as np
    >>> uep_borders(np.linspace(0.0, 1.0, 101), intervals=3, t0=0.005)
    (0.005, 0.51)
    """
    ordered = _foreground(counts, intervals=intervals, t0=t0)
    wanted, possible = intervals - 1, ordered.distinct + 1
    if possible < wanted:
        raise PartitionError(
            f"{intervals} intervals need {wanted - 1} different counts above t0 = {t0:g}, but among {len(ordered)} counts "
            f"there are {possible - 1}; take at most {possible + 1} intervals, or more pictures"
        )
    if possible == wanted:
        return _walk(ordered, target=0.0, most=wanted)
    low, high = 0.0, len(ordered) * ordered.largest
    while low < (target := (low + high) / 2) < high:
        borders = _walk(ordered, target=target, most=intervals)
        low, high = (target, high) if len(borders) > wanted else (low, target)
        if len(borders) == wanted and high - low <= TOLERANCE * high:
            return borders
    more, fewer = len(_walk(ordered, target=low)), len(_walk(ordered, target=high))
    raise PartitionError(
        f"no n * l gives the {wanted} borders of {intervals} intervals: {high:.6g} gives {fewer} and anything less gives "
        f"{more} or more, because many of the {len(ordered)} counts are equal or they are few; take {fewer + 1} or "
        f"{more + 1} intervals, or more pictures"
    )


def paper_uep_borders(
    counts: CountSource, *, intervals: int = 25, t0: float = FIRST_BORDER, epsilon: float = PAPER_EPSILON
) -> tuple[float, ...]:
    """The borders of the last probe once the bounds of n * l are within `epsilon`: Algorithm 1 as printed.

    On small training sets there are fewer borders than asked for, or more: the paper's eps of 100 suits millions of
    patches. Raises `PartitionError` if the bounds start out within `epsilon`, so that there is no probe at all.
    """
    ordered = _foreground(counts, intervals=intervals, t0=t0)
    low, high = 0.0, len(ordered) * ordered.largest
    if not high - low > epsilon:
        raise PartitionError(
            f"{len(ordered)} counts up to {ordered.largest:g} have n * l of at most {high:g}, within the paper's eps of "
            f"{epsilon:g}: nothing is searched; use the method uep, which goes on to the wanted number of borders"
        )
    while high - low > epsilon:
        target = (low + high) / 2
        if len(_walk(ordered, target=target, most=intervals)) >= intervals:
            low = target
        else:
            high = target
    return _walk(ordered, target=target)


def _foreground(counts: CountSource, *, intervals: int, t0: float) -> OrderedCounts:
    """The ordered counts from t0 on, of which there is at least one."""
    if intervals < 2:
        raise ValueError(f"there are at least 2 intervals, background and crowd, not {intervals}")
    ordered = order_counts(counts, floor=t0)
    if len(ordered) == 0:
        raise PartitionError(
            f"all {ordered.samples} counts are background, below t0 = {t0:g}; give pictures with heads, or a smaller t0"
        )
    return ordered


def _walk(ordered: OrderedCounts, *, target: float, most: int | None = None) -> tuple[float, ...]:
    """One probe: the borders for a target of n * l; it stops as soon as there are more than `most`."""
    sample, count = ordered.sampler(), len(ordered)
    border, start = ordered.floor, 0
    borders = [border]
    while most is None or len(borders) <= most:
        found, end = start, count
        while found < end:
            middle = (found + end) // 2
            if (sample(middle) - border) * (middle - start + 1) > target:
                end = middle
            else:
                found = middle + 1
        if found == count:
            break
        border, start = sample(found), found + 1
        borders.append(border)
    return tuple(borders)
