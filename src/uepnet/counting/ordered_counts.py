"""Counts in ascending order: what every partition and every proxy is found from, sorted once."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int64, Real

from uepnet.counting.codec import refuse_impossible_counts
from uepnet.errors import PartitionError


@dataclass(frozen=True)
class OrderedCounts:
    """Samples from `floor` on in ascending order; of those below it only how many they are and their sum.

    `ends[i]` is the number of samples up to and including `values[i]`, for counts that come gathered (a histogram);
    without it every value is one sample.
    """

    floor: float
    below: int
    below_sum: float
    values: Float[np.ndarray, " values"]
    ends: Int64[np.ndarray, " values"] | None = None

    def __len__(self) -> int:
        """The number of samples from `floor` on."""
        if self.ends is None:
            return len(self.values)
        return int(self.ends[-1]) if len(self.ends) else 0

    @property
    def samples(self) -> int:
        """The number of all samples, those below `floor` included."""
        return self.below + len(self)

    @property
    def largest(self) -> float:
        """The largest sample from `floor` on (tMAX of the paper); `floor` if there is none."""
        return float(self.values[-1]) if len(self.values) else self.floor

    @property
    def distinct(self) -> int:
        """How many different counts there are above `floor`."""
        if len(self.values) == 0:
            return 0
        # Not np.diff: its copies of millions of counts took as long as sorting them.
        return int(self.values[0] > self.floor) + int(np.count_nonzero(self.values[1:] != self.values[:-1]))

    def sampler(self) -> Callable[[int], float]:
        """A fast function of an index that gives that sample from `floor` on, in ascending order."""
        values, ends = self.values, self.ends
        if ends is None:
            return values.item
        return lambda index: values.item(ends.searchsorted(index, side="right"))

    def per_class(
        self, borders: tuple[float, ...]
    ) -> tuple[Int64[np.ndarray, " classes"], Float[np.ndarray, " classes"]]:
        """The number of samples in each class and their mean (NaN in a class without samples)."""
        if borders[0] < self.floor:
            raise ValueError(f"the counts are ordered from {self.floor} on, but the first border is {borders[0]}")
        cuts = [0, *np.searchsorted(self.values, borders, side="left").tolist(), len(self.values)]
        weights = None if self.ends is None else np.diff(self.ends, prepend=0)
        numbers = np.zeros(len(borders) + 1, dtype=np.int64)
        means = np.full(len(borders) + 1, np.nan)
        for index, (first, end) in enumerate(pairwise(cuts)):
            values = self.values[first:end]
            weight = None if weights is None else weights[first:end]
            extra, extra_sum = (self.below, self.below_sum) if index == 0 else (0, 0.0)
            numbers[index] = extra + (len(values) if weight is None else int(weight.sum()))
            total = extra_sum + float(values.sum() if weight is None else values @ weight)
            if numbers[index]:
                # The mean of equal numbers may round to one outside them, and so outside their class.
                smallest = 0.0 if extra else values[0]
                largest = values[-1] if len(values) else np.nextafter(self.floor, 0.0)
                means[index] = np.clip(total / numbers[index], smallest, largest)
        return numbers, means


CountSource = Real[np.ndarray, "*shape"] | OrderedCounts
"""Counts as they come, or already ordered."""


def order_counts(counts: CountSource, *, floor: float) -> OrderedCounts:
    """The counts in ascending order from `floor` on.

    Raises `ValueError` for counts that are negative or not finite and `PartitionError` if there are no counts at all.

    >>> ordered = order_counts(np.array([3.0, 0.0, 1.0]), floor=0.5)
    >>> ordered.values.tolist(), ordered.below
    ([1.0, 3.0], 1)
    """
    if not (np.isfinite(floor) and floor > 0):
        raise ValueError(f"the first border is a finite count above 0, not {floor}")
    if isinstance(counts, OrderedCounts):
        return counts if counts.floor == floor else _raise_floor(counts, floor=floor)
    if counts.size == 0:
        raise PartitionError("there are no counts to divide; give at least one picture")
    refuse_impossible_counts(counts)
    reaches = counts >= np.float64(floor)  # a Python float would be rounded to single precision for such counts
    foreground, background = counts[reaches], counts[~reaches]
    foreground.sort()
    return OrderedCounts(
        floor=floor,
        below=int(background.size),
        below_sum=float(background.sum(dtype=np.float64)),
        values=foreground.astype(np.float64, copy=False),
    )


def _raise_floor(counts: OrderedCounts, *, floor: float) -> OrderedCounts:
    """The same samples with a higher floor."""
    if floor < counts.floor:
        raise ValueError(f"the counts are ordered from {counts.floor} on, they cannot be divided from {floor} on")
    numbers, means = counts.per_class((floor,))
    first = int(np.searchsorted(counts.values, floor, side="left"))
    return OrderedCounts(
        floor=floor,
        below=int(numbers[0]),
        below_sum=float(numbers[0] * means[0]) if numbers[0] else 0.0,
        values=counts.values[first:],
        ends=None if counts.ends is None else counts.ends[first:] - (int(numbers[0]) - counts.below),
    )
