"""The local counts of a data set, read with a progress bar, and every method fitted to them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from uepnet.counting.comparison import MethodCosts, measure_method
from uepnet.counting.histogram import CountHistogram
from uepnet.counting.ordered_counts import OrderedCounts, order_counts
from uepnet.counting.partition import METHODS
from uepnet.errors import PartitionError

if TYPE_CHECKING:
    from uepnet.annotations.data_set import DataSet


@dataclass(frozen=True)
class Gathered:
    """All counts of a data set in ascending order, how many there are, and the largest."""

    ordered: OrderedCounts
    patches: int
    largest: float


def picture_counts(
    data_set: "DataSet", *, patch: int, of_points: bool = False
) -> Iterator[Float[np.ndarray, "rows columns"]]:
    """The counts of one picture after another at scale 1; the pictures themselves are not decoded.

    With `of_points` whole counts of points, otherwise local counts with the data set's sigma. The bar goes to stderr.
    """
    from rich.console import Console
    from rich.progress import track

    from uepnet.counting.local_counts import local_counts
    from uepnet.counting.point_counts import point_counts
    from uepnet.counting.sigma import sigma_of

    console = Console(stderr=True)
    for entry in track(
        data_set.entries,
        description=f"{data_set.name} {data_set.split}",
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ):
        points = data_set.heads(entry)
        if of_points:
            yield point_counts(points, patch=patch)
        else:
            yield local_counts(points, sigma_of(points, fixed=data_set.fixed_sigma), patch=patch)


def gather_counts(pictures: Iterable[Float[np.ndarray, "rows columns"]], *, floor: float, streaming: bool) -> Gathered:
    """All counts together; with `streaming` in a histogram, so that no more than one picture's are in memory."""
    if not streaming:
        counts = np.concatenate([picture.ravel() for picture in pictures])
        return Gathered(order_counts(counts, floor=floor), patches=counts.size, largest=float(counts.max()))
    histogram, patches, largest = CountHistogram(floor=floor), 0, 0.0
    for picture in pictures:
        histogram.add(picture)
        patches += picture.size
        largest = max(largest, float(picture.max()))
    return Gathered(histogram.ordered(), patches=patches, largest=largest)


def measure_methods(
    fitted: "DataSet", measured: "DataSet", *, patch: int, intervals: int | None, t0: float | None
) -> tuple[list[MethodCosts], dict[str, PartitionError | ValueError]]:
    """Every method fitted to one data set and measured on another (or the same), and why those missing are missing."""
    counts = {
        (data_set.split, of_points): list(picture_counts(data_set, patch=patch, of_points=of_points))
        for data_set in {data_set.split: data_set for data_set in (fitted, measured)}.values()
        for of_points in (False, True)
    }
    costs: list[MethodCosts] = []
    failed: dict[str, PartitionError | ValueError] = {}
    for name, method in METHODS.items():
        pictures = (counts[data_set.split, method.of_points] for data_set in (fitted, measured))
        try:
            costs.append(measure_method(name, *pictures, intervals=intervals, t0=t0))
        except (PartitionError, ValueError) as error:  # such as too few intervals for this method alone
            failed[name] = error
    return costs, failed
