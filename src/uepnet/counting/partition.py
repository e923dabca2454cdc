"""A partition of the counts into classes, and the methods by which one is fitted to a training set."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar

from uepnet.counting.ordered_counts import CountSource, OrderedCounts, order_counts
from uepnet.counting.other_partitions import (
    NEARLY_NOTHING,
    border_midpoints,
    integer_borders,
    log_borders,
    log_midpoints,
    one_linear_borders,
    two_linear_borders,
    uniform_len_borders,
    uniform_num_borders,
    whole_numbers,
)
from uepnet.counting.proxies import mean_proxies, midpoint_proxies
from uepnet.counting.uep import FIRST_BORDER, paper_uep_borders, uep_borders
from uepnet.errors import PartitionError

Heads = Literal["single", "pph", "iph"]
"""One head; two parallel heads with the same borders; two interleaved heads (Wang et al. 2021, section 3.5)."""

ProxyRule = Literal["mean", "midpoint"]
"""What stands for a class: the mean of its samples (MCP), or its middle (the paper's "median")."""

MOST_INTERVALS = 4096
DEFAULT_INTERVALS = 25
"""Classes of the first head, background included (the paper, section 4.1)."""

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Partition:
    """The classes of one head: `[0, borders[0])`, `[borders[0], borders[1])`, ..., `[borders[-1], inf)`, a proxy each.

    >>> Partition(borders=(0.5, 1.5), proxies=(0.1, 1.0, 2.5)).classes
    3
    """

    borders: tuple[float, ...]
    proxies: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.borders:
            raise ValueError("a partition has at least one border, between background and crowd, but there is none")
        if len(self.proxies) != len(self.borders) + 1:
            raise ValueError(
                f"{len(self.borders)} borders make {len(self.borders) + 1} intervals, but there are "
                f"{len(self.proxies)} proxies"
            )
        edges = (0.0, *self.borders, math.inf)
        for index, (left, right) in enumerate(pairwise(edges)):
            if not left < right:
                raise ValueError(
                    f"borders ascend from above 0 and are finite, but border {index} is {right} after {left}"
                )
            if not left <= self.proxies[index] < right:
                raise ValueError(
                    f"proxy {self.proxies[index]} of class {index} is not in its interval [{left}, {right})"
                )

    @property
    def classes(self) -> int:
        """The number of classes, one more than borders."""
        return len(self.proxies)


@dataclass(frozen=True)
class Method:
    """A way to find borders: from ordered counts, whose floor is the first border, and the number of intervals."""

    borders: Callable[[OrderedCounts, int], tuple[float, ...]]
    midpoints: Callable[[tuple[float, ...]], tuple[float, ...]] | None = None  # None: `midpoint_proxies`
    first_border: float | None = None  # None: t0, which the caller chooses
    intervals: int | None = None  # None: the caller chooses
    of_points: bool = False  # whole counts of points (`point_counts`) instead of local counts

    def floor(self, t0: float | None) -> float:
        """The first border: the method's own, or else the caller's t0, or else the paper's."""
        return _chosen(self.first_border, t0, FIRST_BORDER)


METHODS: dict[str, Method] = {
    "uep": Method(lambda ordered, intervals: uep_borders(ordered, intervals=intervals, t0=ordered.floor)),
    "uep-paper": Method(lambda ordered, intervals: paper_uep_borders(ordered, intervals=intervals, t0=ordered.floor)),
    "uniform-len": Method(uniform_len_borders),
    "uniform-num": Method(uniform_num_borders),
    "two-linear": Method(two_linear_borders, midpoints=border_midpoints, first_border=NEARLY_NOTHING),
    "one-linear": Method(one_linear_borders, midpoints=border_midpoints, first_border=NEARLY_NOTHING),
    "log": Method(log_borders, midpoints=log_midpoints, first_border=NEARLY_NOTHING, intervals=57),
    "integer": Method(integer_borders, midpoints=whole_numbers, first_border=1.0, intervals=5, of_points=True),
}
"""Every way to divide the counts, by name."""


def fit_partitions(
    counts: CountSource,
    *,
    method: str = "uep",
    intervals: int | None = None,
    heads: Heads = "iph",
    proxies: ProxyRule = "mean",
    t0: float | None = None,
) -> tuple[Partition, ...]:
    """The partition of each head (one or two) for the local counts of a training set.

    `intervals` is the number of classes of the first head, background included, 25 if not given; `t0` is 1.6e-4 if not
    given. `log` and `integer` have their own number of classes, and they and the linear ones their own first border:
    giving another is a `ValueError`. With `iph` the second head's borders are the first border followed by the first
    head's proxies of the classes from 1 on, so it has one class more; with `pph` both heads are the same.

    Raises `PartitionError` for counts that cannot be divided so, with numbers and a way out.

    >>> import numpy as np
    >>> first, second = fit_partitions(np.linspace(0.0, 1.0, 1001), intervals=5)
    >>> first.classes, second.classes, second.borders[1] == first.proxies[1]
    (5, 6, True)
    """
    rule = method_named(method)
    if rule.first_border is not None and t0 not in (None, rule.first_border):
        raise ValueError(f"the first border of {method} is {rule.first_border:g} by definition; leave t0 = {t0} out")
    if intervals is not None and intervals > MOST_INTERVALS:
        raise ValueError(
            f"{intervals:,} intervals are more than a network can tell apart; take {MOST_INTERVALS:,} at most"
        )
    if rule.intervals is not None and intervals not in (None, rule.intervals):
        raise ValueError(f"{method} has {rule.intervals} intervals by definition; leave {intervals} intervals out")
    _refuse_unknown_choice(heads, proxies)
    ordered = order_counts(counts, floor=rule.floor(t0))
    borders = rule.borders(ordered, _chosen(rule.intervals, intervals, DEFAULT_INTERVALS))
    own = rule.midpoints(borders) if rule.midpoints and proxies == "midpoint" else None
    first = Partition(borders=borders, proxies=own or _proxies(ordered, borders, rule=proxies))
    if heads == "single":
        return (first,)
    if heads == "pph":
        return (first, first)
    return (first, _interleaved(ordered, first, proxies=proxies))


def method_named(name: str) -> Method:
    """The method of that name; `ValueError` with the known names for any other."""
    if name not in METHODS:
        raise ValueError(f"there is no partition method {name!r}; the methods are {', '.join(METHODS)}")
    return METHODS[name]


def _interleaved(ordered: OrderedCounts, first: Partition, *, proxies: ProxyRule) -> Partition:
    """The second head of IPH."""
    background, crowd = first.borders[0], first.proxies[1:]
    if not crowd[0] > background:
        raise PartitionError(
            f"all counts of class 1 equal its border {background:g}, so the second head would have that border twice; "
            f"take a smaller t0, or the heads single or pph"
        )
    borders = (background, *crowd)
    return Partition(borders=borders, proxies=_proxies(ordered, borders, rule=proxies))


def _proxies(ordered: OrderedCounts, borders: tuple[float, ...], *, rule: ProxyRule) -> tuple[float, ...]:
    return mean_proxies(ordered, borders) if rule == "mean" else midpoint_proxies(ordered, borders)


def _chosen(by_definition: Number | None, by_caller: Number | None, default: Number) -> Number:
    """The first that is there."""
    if by_definition is not None:
        return by_definition
    return default if by_caller is None else by_caller


def _refuse_unknown_choice(heads: str, proxies: str) -> None:
    """`ValueError` with the known names."""
    if heads not in ("single", "pph", "iph"):
        raise ValueError(f"heads are single, pph or iph, not {heads!r}")
    if proxies not in ("mean", "midpoint"):
        raise ValueError(f"proxies are mean or midpoint, not {proxies!r}")
