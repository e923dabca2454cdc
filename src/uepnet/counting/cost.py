"""What a partition costs: the error that each class stands for, and the error of writing a count as its class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64, Real

from uepnet.counting.codec import decode, encode
from uepnet.counting.ordered_counts import CountSource, order_counts
from uepnet.counting.partition import Partition


@dataclass(frozen=True)
class ClassCosts:
    """Of each class its samples n, its length l in heads, and their product, which UEP keeps the same for all."""

    samples: Int64[np.ndarray, " classes"]
    lengths: Float[np.ndarray, " classes"]

    @property
    def errors(self) -> Float[np.ndarray, " classes"]:
        """n * l, the approximate counting error of the class (Wang et al. 2021, section 3.3)."""
        result: Float[np.ndarray, " classes"] = self.samples * self.lengths
        return result


def class_costs(counts: CountSource, borders: tuple[float, ...]) -> ClassCosts:
    """Samples and lengths of all classes; the last one ends at the largest count, or at its border if that is higher.

    >>> costs = class_costs(np.array([0.0, 1.0, 2.0, 6.0]), (0.5, 2.0))
    >>> costs.samples.tolist(), costs.lengths.tolist(), costs.errors.tolist()
    ([1, 1, 2], [0.5, 1.5, 4.0], [0.5, 1.5, 8.0])
    """
    ordered = order_counts(counts, floor=borders[0])
    samples, _ = ordered.per_class(borders)
    return ClassCosts(samples=samples, lengths=np.diff([0.0, *borders, max(borders[-1], ordered.largest)]))


def discretisation_error(pictures: Sequence[Real[np.ndarray, "..."]], partition: Partition) -> float:
    """The error left when every patch is classified right: the mean over pictures of |sum of counts - sum of proxies|.

    Source: Wang et al. 2021, section 4.4 and Table 6.

    >>> discretisation_error([np.array([0.0, 2.0]), np.array([1.0])], Partition(borders=(0.5,), proxies=(0.0, 1.5)))
    0.5
    """
    if not pictures:
        raise ValueError("a mean over pictures needs at least one")
    return float(
        np.mean(
            [abs((counts - decode(encode(counts, partition.borders), partition.proxies)).sum()) for counts in pictures]
        )
    )
