"""From a fresh Python to a model that is ready to count, apart from the time of counting."""

import json
import subprocess
import sys
from statistics import median

from pydantic import JsonValue

MOST_SECONDS = 0.8
TURNS = 7

OURS = """
import json, time
begin = time.perf_counter()
from uepnet.inference.counter import Counter
imported = time.perf_counter()
counter = Counter(device="cpu")
opened = time.perf_counter()
import numpy
picture = numpy.zeros(({height}, {width}, 3), dtype=numpy.uint8)
begin_first = time.perf_counter()
counter.count(picture)
first = time.perf_counter() - begin_first
print(json.dumps({{"import": imported - begin, "session": opened - imported, "first": first}}))
"""
PLAIN = """
import json, time
begin = time.perf_counter()
import torch
print(json.dumps({"import": time.perf_counter() - begin}))
"""


def measure_startup(*, quick: bool) -> list[dict[str, JsonValue]]:
    """One record: importing and opening the default model, medians over fresh interpreters in turns with the plain way.

    The plain way is importing torch, before a network is built or a weight is read. `first_picture_seconds` is the first
    count of a picture of 1024 x 768, which is no part of `seconds`.
    """
    ours = OURS.format(height=48 if quick else 768, width=64 if quick else 1024)
    turns = [(seconds_of(ours), seconds_of(PLAIN)) for _ in range(1 if quick else TURNS)]
    ready = median(found["import"] + found["session"] for found, _ in turns)
    plain = median(found["import"] for _, found in turns)
    return [
        {
            "part": "startup",
            "name": "import and session",
            "seconds": ready,
            "import_seconds": median(found["import"] for found, _ in turns),
            "session_seconds": median(found["session"] for found, _ in turns),
            "first_picture_seconds": median(found["first"] for found, _ in turns),
            "plain_seconds": plain,
            "times_plain": plain / ready,
            "aim": f"{MOST_SECONDS:g} s",
            "met": ready <= MOST_SECONDS,
            "note": "plain: import torch alone",
        }
    ]


def seconds_of(program: str) -> dict[str, float]:
    """The times that a program prints in a Python of its own; `RuntimeError` with its last words if it fails."""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise RuntimeError(f"measuring the start failed: {finished.stderr.strip()[-2000:]}")
    times: dict[str, float] = json.loads(finished.stdout)
    return times
