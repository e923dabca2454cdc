"""Algorithm 1 of Wang et al. 2021 as it is printed: every probe walks over all counts."""

from collections.abc import Sequence

from uepnet.counting.uep import FIRST_BORDER, TOLERANCE


def literal_uep(counts: Sequence[float], *, intervals: int = 25, t0: float = FIRST_BORDER) -> tuple[float, ...]:
    """The borders for `intervals` classes, with the end of `uep_borders`: `intervals - 1` of them, bounds to 1e-6.

    As in the text, a probe stops as soon as it has too many borders. Counts that cannot be divided so make it run on
    until the bounds meet, and then the borders of the last probe come back.

    >>> literal_uep([k / 100 for k in range(101)], intervals=3, t0=0.005)
    (0.005, 0.51)
    """
    samples = sorted(count for count in counts if count >= t0)
    low, high = 0.0, len(samples) * samples[-1]
    borders = [t0]
    while low < (target := (low + high) / 2) < high:
        border, n, borders = t0, 0, [t0]
        for count in samples:
            n += 1
            if (count - border) * n > target:
                n, border = 0, count
                borders.append(border)
                if len(borders) > intervals:
                    break
        low, high = (target, high) if len(borders) > intervals - 1 else (low, target)
        if len(borders) == intervals - 1 and high - low <= TOLERANCE * high:
            break
    return tuple(borders)
