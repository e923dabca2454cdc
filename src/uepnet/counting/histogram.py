"""Counts that do not fit in memory, gathered into narrow bins as they come."""

import numpy as np
from jaxtyping import Float, Int64, Real

from uepnet.counting.codec import refuse_impossible_counts
from uepnet.counting.ordered_counts import OrderedCounts
from uepnet.errors import PartitionError


class CountHistogram:
    """A histogram with bins of the same relative width, from which partitions are fitted as from the counts themselves.

    Of each bin it keeps the number of samples and their sum; `ordered()` gives every sample its bin's mean, so it is at
    most `width` times itself away from where it was. The sums, and with them mean proxies, are exact but for the bins
    that a border parts. The memory is 24 bytes a bin: 6 MB with the defaults, whatever the number of counts.

    >>> histogram = CountHistogram()
    >>> for picture in (np.array([0.0, 1.0]), np.array([3.0, 3.0])):
    ...     histogram.add(picture)
    >>> histogram.ordered().values.tolist(), histogram.ordered().samples
    ([1.0, 3.0], 4)
    """

    def __init__(self, *, floor: float = 1e-6, largest: float = 1e5, width: float = 1e-4) -> None:
        """Bins from `floor` to `largest`, each `1 + width` times as high as the one below it.

        `floor` is the lowest first border that a partition of these counts may have.
        """
        if not 0 < floor < largest < np.inf or not 0 < width < 1:
            raise ValueError(
                f"bins go from a floor above 0 to a largest count above it and are less than 1 wide, not from {floor} "
                f"to {largest} and {width} wide"
            )
        steps = int(np.ceil(np.log(largest / floor) / np.log1p(width)))
        self._edges = floor * np.exp(np.arange(steps + 1) * np.log1p(width))
        self._edges[0] = floor
        # Bin 0 lies below the floor, and the last one from the last edge on.
        self._numbers: Int64[np.ndarray, " bins"] = np.zeros(steps + 2, dtype=np.int64)
        self._sums: Float[np.ndarray, " bins"] = np.zeros(steps + 2)

    def add(self, counts: Real[np.ndarray, "..."]) -> None:
        """Counts of one picture, or of any number of them; `ValueError` for counts that are impossible or too large."""
        refuse_impossible_counts(counts)
        if counts.size and counts.max() >= self._edges[-1]:
            raise ValueError(
                f"a count of {counts.max():g} is above the histogram's largest, {self._edges[-1]:g}; give it a larger one"
            )
        flat = counts.ravel()
        bins = np.searchsorted(self._edges, flat, side="right")
        first, end = (int(bins.min()), int(bins.max()) + 1) if flat.size else (0, 0)
        self._numbers[first:end] += np.bincount(bins - first, minlength=end - first)
        self._sums[first:end] += np.bincount(bins - first, weights=flat, minlength=end - first)

    def ordered(self) -> OrderedCounts:
        """The samples in ascending order, each at its bin's mean; `PartitionError` if there are none."""
        if not self._numbers.any():
            raise PartitionError("there are no counts to divide; give at least one picture")
        numbers, sums = self._numbers[1:], self._sums[1:]
        filled = np.flatnonzero(numbers)
        means = sums[filled] / numbers[filled]
        # A mean that rounding moved out of its bin could stand before the one below it.
        inside = np.clip(means, self._edges[filled], np.nextafter(self._edges[filled + 1], 0.0))
        return OrderedCounts(
            floor=float(self._edges[0]),
            below=int(self._numbers[0]),
            below_sum=float(self._sums[0]),
            values=inside,
            ends=np.cumsum(numbers[filled]),
        )
