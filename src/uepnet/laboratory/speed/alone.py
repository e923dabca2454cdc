"""One measurement in a Python of its own, so that its peak memory is nobody else's.

`measure_alone` starts this file as a program, which prints its figures as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from uepnet.counting.histogram import CountHistogram
from uepnet.counting.uep import uep_borders

STATUS = Path("/proc/self/status")
LONG_ENOUGH = 2.0
"""Seconds after which a measurement is not repeated."""
REPETITIONS = 3
PIECE = 1_000_000
"""Counts that are drawn at once where they are gathered as they come."""


@dataclass(frozen=True)
class Alone:
    """The median seconds, those of the first time, and the most memory that the process held (None where unknown)."""

    seconds: float
    first_seconds: float
    peak_megabytes: float | None


def measure_alone(what: str, size: float) -> Alone:
    """Measure one of `MEASUREMENTS` at a size in a new Python; `RuntimeError` with its last words if that fails."""
    command = [sys.executable, "-m", "uepnet.laboratory.speed.alone", what, repr(size)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise RuntimeError(f"measuring {what} at {size:g} failed: {finished.stderr.strip()[-2000:]}")
    return Alone(**json.loads(finished.stdout))


def peak_megabytes(status: Path = STATUS) -> float | None:
    """The most memory that this process ever held, from the system's own count; None where there is none."""
    if not status.is_file():
        return None
    # Not getrusage: its figure begins with the memory of the process that started this one.
    found = [line.split() for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:")]
    return int(found[0][1]) * 1024 / 1e6 if found else None


def repeatedly(run: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter) -> tuple[float, float]:
    """The median and the first seconds of up to three runs, of one where that is long.

    >>> ticks = iter([0.0, 5.0])
    >>> repeatedly(lambda: None, clock=lambda: next(ticks))
    (5.0, 5.0)
    """
    taken: list[float] = []
    while len(taken) < REPETITIONS and sum(taken) < LONG_ENOUGH:
        begin = clock()
        run()
        taken.append(clock() - begin)
    return median(taken), taken[0]


def picture(megapixels: float) -> tuple[float, float]:
    """Counting a picture of 4 : 3 with the default model; what it shows does not matter."""
    from uepnet.inference.counter import Counter

    height = max(8, round((megapixels * 1e6 * 3 / 4) ** 0.5))
    pixels = np.random.default_rng(0).integers(0, 256, (height, height * 4 // 3, 3), dtype=np.uint8)
    counter = Counter(device="cpu", max_megapixels=megapixels + 1)
    return repeatedly(lambda: counter.count(pixels))


def counts(number: float) -> tuple[float, float]:
    """25 intervals of so many counts in memory, in single precision."""
    drawn = _drawn(0, round(number))
    return repeatedly(lambda: uep_borders(drawn))


def streamed_counts(number: float) -> tuple[float, float]:
    """25 intervals of counts that come a million at a time and are gathered in a histogram; drawing them is not timed."""
    pieces = [min(PIECE, round(number) - first) for first in range(0, round(number), PIECE)]
    histogram = CountHistogram()
    seconds = 0.0
    for seed, length in enumerate(pieces):
        piece = _drawn(seed, length)
        begin = time.perf_counter()
        histogram.add(piece)
        seconds += time.perf_counter() - begin
    begin = time.perf_counter()
    uep_borders(histogram.ordered())
    seconds += time.perf_counter() - begin
    return seconds, seconds


MEASUREMENTS = {"picture": picture, "counts": counts, "streamed counts": streamed_counts}


def _drawn(seed: int, number: int) -> np.ndarray:
    """Long-tailed counts, as in `partition.drawn_counts`, without a copy."""
    drawn = np.random.default_rng(seed).standard_exponential(number, dtype=np.float32)
    np.square(drawn, out=drawn)
    drawn *= np.float32(0.1)
    return drawn


def main(arguments: list[str]) -> int:
    """Print the figures of one measurement."""
    what, size = arguments
    seconds, first = MEASUREMENTS[what](float(size))
    figures = {"seconds": seconds, "first_seconds": first, "peak_megabytes": peak_megabytes()}
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
