"""How often ranges hold, and how wide they are: for all pictures, the sparse and the dense half, each data set, parts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from pydantic import JsonValue

from uepnet.evaluation.calibrate import RangeRow
from uepnet.evaluation.readings import GRIDS

CONFIDENCE = 0.95


@dataclass(frozen=True)
class RangeFigures:
    """The share of ranges that hold the truth, with its binomial interval, and the ranges' median widths.

    `sure` says whether the interval contains the nominal coverage; `width` is in people, `relative` a share of the count
    (of one person where less is counted).
    """

    dataset: str
    images: int
    covered: int
    coverage: float
    low: float
    high: float
    nominal: float
    sure: bool
    width: float
    relative: float

    def as_json(self) -> dict[str, JsonValue]:
        """Plain types for a result file."""
        return asdict(self)


def range_figures(rows: Sequence[RangeRow], *, nominal: float) -> tuple[RangeFigures, ...]:
    """All groups of a cross-check; halves by the true number, and once more by the counted one."""
    whole = [row for row in rows if row.grid == 1]
    groups = {"all": whole}
    for by, key in (("", _truth), ("-counted", _count)):
        ordered = sorted(whole, key=key)
        groups[f"sparse-half{by}"] = ordered[: len(ordered) // 2]
        groups[f"dense-half{by}"] = ordered[len(ordered) // 2 :]
    for name in dict.fromkeys(row.data_set for row in whole):
        groups[name] = [row for row in whole if row.data_set == name]
    for grid in GRIDS[1:]:
        groups[f"parts-{grid}x{grid}"] = [row for row in rows if row.grid == grid]
    return tuple(_figures(name, group, nominal=nominal) for name, group in groups.items() if group)


def binomial_interval(successes: int, trials: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of Clopper and Pearson (1934) for the probability of a success.

    >>> low, high = binomial_interval(90, 100)
    >>> round(low, 3), round(high, 3)
    (0.824, 0.951)
    """
    from scipy.stats import beta

    tail = (1.0 - confidence) / 2.0
    low = float(beta.ppf(tail, successes, trials - successes + 1)) if successes else 0.0
    high = float(beta.ppf(1.0 - tail, successes + 1, trials - successes)) if successes < trials else 1.0
    return low, high


def _figures(name: str, rows: Sequence[RangeRow], *, nominal: float) -> RangeFigures:
    covered = sum(row.holds for row in rows)
    low, high = binomial_interval(covered, len(rows))
    return RangeFigures(
        dataset=name,
        images=len(rows),
        covered=covered,
        coverage=covered / len(rows),
        low=low,
        high=high,
        nominal=nominal,
        sure=low <= nominal <= high,
        width=float(np.median([row.high - row.low for row in rows])),
        relative=float(np.median([(row.high - row.low) / max(1.0, row.count) for row in rows])),
    )


def _truth(row: RangeRow) -> float:
    return row.truth


def _count(row: RangeRow) -> float:
    return row.count
