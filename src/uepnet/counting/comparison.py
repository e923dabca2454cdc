"""A method's partition measured: what its classes cost with either kind of proxies (Wang et al. 2021, Table 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from uepnet.counting.cost import ClassCosts, class_costs, discretisation_error
from uepnet.counting.ordered_counts import order_counts
from uepnet.counting.partition import Partition, fit_partitions, method_named


@dataclass(frozen=True)
class MethodCosts:
    """The first head that a method gives, with mean and with midpoint proxies, and what it costs.

    `mean_error` and `midpoint_error` are the discretisation errors in people a picture, `largest` is the largest count
    of the pictures fitted.
    """

    method: str
    mean: Partition
    midpoint: Partition
    costs: ClassCosts
    mean_error: float
    midpoint_error: float
    largest: float


def measure_method(
    method: str,
    fitted: Sequence[Real[np.ndarray, "..."]],
    measured: Sequence[Real[np.ndarray, "..."]],
    *,
    intervals: int | None = None,
    t0: float | None = None,
) -> MethodCosts:
    """Fits the method to the counts of the `fitted` pictures and takes the discretisation error of the `measured` ones.

    `intervals` and `t0` are for the methods that leave them open; the others keep their own. Raises what
    `fit_partitions` raises.
    """
    rule = method_named(method)
    intervals = intervals if rule.intervals is None else None
    t0 = t0 if rule.first_border is None else None
    counts = order_counts(np.concatenate([picture.ravel() for picture in fitted]), floor=rule.floor(t0))
    (mean,) = fit_partitions(counts, method=method, intervals=intervals, heads="single", proxies="mean", t0=t0)
    (midpoint,) = fit_partitions(counts, method=method, intervals=intervals, heads="single", proxies="midpoint", t0=t0)
    return MethodCosts(
        method=method,
        mean=mean,
        midpoint=midpoint,
        costs=class_costs(counts, mean.borders),
        mean_error=discretisation_error(measured, mean),
        midpoint_error=discretisation_error(measured, midpoint),
        largest=max(float(picture.max()) for picture in fitted),
    )
