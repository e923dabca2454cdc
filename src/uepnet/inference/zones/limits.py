"""Whether a zone holds more people than it may."""

from typing import Literal

Status = Literal["ok", "near limit", "may be over", "over"]

NEAR = 0.9
"""Share of the limit above which a count is near it."""


def limit_of(*, people_limit: int | None, density_limit: float | None, area_m2: float | None) -> float | None:
    """The lowest limit of a zone in people: its own, or that of people per square metre times its area.

    >>> limit_of(people_limit=500, density_limit=4.0, area_m2=100.0)
    400.0
    """
    limits = [] if people_limit is None else [float(people_limit)]
    if density_limit is not None:
        if area_m2 is None:
            raise ValueError("a density limit needs the zone's area in square metres")
        limits.append(density_limit * area_m2)
    return min(limits, default=None)


def status_of(count: float, *, high: float | None, limit: float | None) -> Status | None:
    """How a count, the upper end of its range and a limit stand to each other; None without a limit.

    Counts are rounded to whole people first, so that what is shown is what is compared: "over" if the count is above the
    limit, else "may be over" if the range reaches above it, else "near limit" if the count is above 0.9 of it.

    >>> status_of(101.0, high=120.0, limit=100.0), status_of(100.4, high=None, limit=100.0)
    ('over', 'near limit')
    >>> status_of(80.0, high=101.0, limit=100.0), status_of(90.0, high=99.0, limit=100.0)
    ('may be over', 'ok')
    """
    if limit is None:
        return None
    if round(count) > limit:
        return "over"
    if high is not None and round(high) > limit:
        return "may be over"
    return "near limit" if round(count) > NEAR * limit else "ok"
