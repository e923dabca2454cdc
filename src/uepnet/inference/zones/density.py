"""What so many people per square metre mean (Fruin 1971 and 1993)."""

LEVELS: tuple[tuple[float, str], ...] = (
    (0.0, "free"),
    (0.43, "constrained"),
    (2.0, "reduced speed"),
    (3.6, "involuntary contact"),
    (5.6, "dangerous forces"),
    (7.1, "static critical"),
)
"""From how many people per square metre on each level holds. Free walking ends at 0.43, and up to 2 one can walk, but no
longer as one likes; the other levels are named after what begins at them."""


def level_of(density: float) -> str:
    """The level of a density in people per square metre.

    >>> level_of(0.1), level_of(3.6), level_of(12.0)
    ('free', 'involuntary contact', 'static critical')
    """
    if not density >= 0:
        raise ValueError(f"a density is 0 or more people per square metre, not {density}")
    return next(name for threshold, name in reversed(LEVELS) if density >= threshold)
