"""How cost grows: with a picture's size, its heads, the number of pictures, and the counts that a partition is fitted to."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import JsonValue

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import adaptive_sigma
from uepnet.evaluation.evaluate import evaluate
from uepnet.inference.counter import Counter
from uepnet.laboratory.speed.alone import measure_alone, repeatedly
from uepnet.laboratory.speed.targets import PATCH, drawn_heads

Record = dict[str, JsonValue]

MEGAPIXELS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0)
HEADS = (1, 10, 100, 1000, 10_000)
PICTURES = (10, 30, 100, 300, 1000)
COUNTS = (10**4, 10**5, 10**6, 10**7, 10**8)

SMALL_PICTURE = (128, 96)
BYTES_A_COUNT = 24.0
"""Of memory for fitting a partition to counts in single precision: these, the ordered ones in double, and what copies
of them there are for a moment."""

MEMORY = Path("/proc/meminfo")


def measure_growth(*, quick: bool, on_point: Callable[[str], None] = lambda _: None) -> list[Record]:
    """Records of part "growth": a curve's name, `size` in `unit`, seconds, and peak megabytes where a process was alone."""
    records: list[Record] = []
    for megapixels in MEGAPIXELS[: 1 if quick else None]:
        on_point(f"a picture of {megapixels:g} megapixels")
        records.append(_alone("picture", megapixels, curve="one picture", unit="megapixels"))
    on_point("heads")
    records += [_heads(number) for number in HEADS[: 2 if quick else None]]
    on_point("pictures to evaluate")
    records += _evaluations(PICTURES[: 1 if quick else None])
    for number in COUNTS[: 1 if quick else None]:
        on_point(f"{number:,} counts")
        lacking = _lacking_memory(number)
        if lacking is None:
            records.append(_alone("counts", number, curve="partition, counts in memory", unit="counts"))
        else:
            records.append(_record("partition, counts in memory", number, unit="counts", note=lacking))
        records.append(_alone("streamed counts", number, curve="partition, counts gathered", unit="counts"))
    return records


def available_bytes(listing: Path = MEMORY) -> float | None:
    """Memory that a new process could have, from the system's own count; None where there is none."""
    if not listing.is_file():
        return None
    found = [line.split() for line in listing.read_text(encoding="utf-8").splitlines() if line[:13] == "MemAvailable:"]
    return int(found[0][1]) * 1024.0 if found else None


def _lacking_memory(number: int) -> str | None:
    """Why so many counts are not tried, if they are not."""
    available, needed = available_bytes(), BYTES_A_COUNT * number
    if available is None or available >= needed:
        return None
    return f"not run: it needs {needed / 1e9:.1f} GB of memory, {available / 1e9:.1f} GB are free"


def _record(
    curve: str,
    size: float,
    *,
    unit: str,
    seconds: float | None = None,
    peak_megabytes: float | None = None,
    note: str | None = None,
) -> Record:
    """One point of a curve."""
    point: Record = {"part": "growth", "curve": curve, "size": size, "unit": unit}
    return point | {"seconds": seconds, "peak_megabytes": peak_megabytes, "note": note}


def _alone(what: str, size: float, *, curve: str, unit: str) -> Record:
    found = measure_alone(what, size)
    return _record(curve, size, unit=unit, seconds=found.seconds, peak_megabytes=found.peak_megabytes)


def _heads(number: int) -> Record:
    points = drawn_heads(number, width=1024, height=768)

    def count() -> None:
        local_counts(points, adaptive_sigma(points), patch=PATCH)

    count()  # the first time also loads SciPy
    seconds, _ = repeatedly(count)
    return _record("local counts of a picture", number, unit="heads", seconds=seconds)


def _evaluations(numbers: Sequence[int]) -> list[Record]:
    """`evaluate` on folders of small pictures, figures and bootstrap included."""
    counter = Counter(device="cpu")
    records = []
    with tempfile.TemporaryDirectory() as parent:
        for number in numbers:
            folder = Path(parent) / str(number)
            _write_pictures(folder, number)
            data_set = open_data_set(f"folder:{folder}", split="all")
            seconds, _ = repeatedly(partial(evaluate, counter, data_set))
            records.append(_record("evaluation of small pictures", number, unit="pictures", seconds=seconds))
    return records


def _write_pictures(folder: Path, number: int) -> None:
    """Small photographs of nothing, one head each."""
    folder.mkdir()
    random = np.random.default_rng(0)
    width, height = SMALL_PICTURE
    for index in range(number):
        colours = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(colours).resize((width, height)).save(folder / f"{index:04d}.jpg")
        (folder / f"{index:04d}.txt").write_text("50 40\n", encoding="utf-8")
