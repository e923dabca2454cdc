"""Pictures whose number of heads is far from what is usual in their data set."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.subject import Reading

FEWEST_PICTURES = 20
"""Smaller data sets have no usual count."""
FAR = 4.0
"""Deviations from the median of log(1 + heads) from which a count is unusual."""
LEAST_DEVIATION = 0.25
"""One deviation is at least this: where nearly all counts are equal, a few heads more are not unusual."""
NORMAL = 1.4826
"""The standard deviation of a normal distribution by its median absolute deviation."""


def check_counts(readings: Sequence[Reading]) -> Iterator[Finding]:
    """The unusual counts of each data set; its parts are taken together."""
    by_data_set: dict[tuple[str, Path], list[Reading]] = {}
    for reading in readings:
        if reading.heads is not None:
            data_set = reading.subject.data_set
            by_data_set.setdefault((data_set.name, data_set.root), []).append(reading)
    for (name, _), known in by_data_set.items():
        counts = np.array([0 if reading.heads is None else len(reading.heads) for reading in known])
        if len(counts) < FEWEST_PICTURES:
            continue
        logarithm = np.log1p(counts)
        off = logarithm - np.median(logarithm)
        deviation = max(float(NORMAL * np.median(np.abs(off))), LEAST_DEVIATION)
        for place in np.flatnonzero(np.abs(off) > FAR * deviation):
            message = (
                f"{known[place].subject.label}: {counts[place]:,} heads, where half of {name} has "
                f"{np.percentile(counts, 25):,.0f} to {np.percentile(counts, 75):,.0f}"
            )
            yield Finding("unusual-count", message, (known[place],))
