"""Count proxies: the one count that stands for each class when a picture is counted."""

from itertools import pairwise

from uepnet.counting.ordered_counts import CountSource, order_counts


def mean_proxies(counts: CountSource, borders: tuple[float, ...]) -> tuple[float, ...]:
    """Mean Count Proxies (Wang et al. 2021, section 3.4): the mean of the samples in each class.

    The background class has the mean of its samples too, not 0, so that the proxies of the fitted samples sum to their
    counts: in a picture of 8,000 patches that mean is about one person. A class without samples has its middle, and a
    last class without samples its border.

    >>> import numpy as np
    >>> mean_proxies(np.array([0.0, 0.1, 1.0, 2.0, 9.0]), (0.5, 3.0))
    (0.05, 1.5, 9.0)
    """
    ordered = order_counts(counts, floor=borders[0])
    numbers, means = ordered.per_class(borders)
    middles = midpoint_proxies(ordered, borders)
    return tuple(
        float(mean) if number else middle for number, mean, middle in zip(numbers, means, middles, strict=True)
    )


def midpoint_proxies(counts: CountSource, borders: tuple[float, ...]) -> tuple[float, ...]:
    """The middle of each class, the last class ending at the largest sample: the paper's baseline "median".

    A last class above the largest sample has its border.

    >>> import numpy as np
    >>> midpoint_proxies(np.array([0.0, 0.1, 1.0, 2.0, 9.0]), (0.5, 3.0))
    (0.25, 1.75, 6.0)
    """
    largest = max(order_counts(counts, floor=borders[0]).largest, borders[-1])
    edges = (0.0, *borders, largest)
    return tuple((left + right) / 2 for left, right in pairwise(edges))
