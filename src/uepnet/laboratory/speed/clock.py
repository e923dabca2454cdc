"""Taking times of several ways to do a thing, so that they can be compared."""

import time
from collections.abc import Callable, Mapping
from statistics import median

Clock = Callable[[], float]
"""Seconds since some moment."""


def interleaved(
    ways: Mapping[str, Callable[[], object]],
    *,
    repetitions: int,
    once: frozenset[str] = frozenset(),
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """The median seconds of each way: first all of them unmeasured, then in turns, so that a slow minute slows them all.

    Those in `once` are slow, and run a single time, in the first turn.

    >>> ticks = iter(range(100))
    >>> interleaved({"a": lambda: None, "b": lambda: next(ticks)}, repetitions=3, clock=lambda: float(next(ticks)))
    {'a': 1.0, 'b': 2.0}
    """
    if repetitions < 1:
        raise ValueError(f"a time is taken at least once, not {repetitions} times")
    unknown = once - set(ways)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} cannot run once: the ways are {', '.join(ways)}")
    for name, way in ways.items():
        if name not in once:
            way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repetitions):
        for name, way in ways.items():
            if name in once and turn > 0:
                continue
            begin = clock()
            way()
            taken[name].append(clock() - begin)
    return {name: median(seconds) for name, seconds in taken.items()}
