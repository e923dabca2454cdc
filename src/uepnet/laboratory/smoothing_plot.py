"""What the smoothing of `film/smoothing.py` does with simulated arrivals, as the picture in docs/film.md.

`python -m uepnet.laboratory.smoothing_plot docs/images` draws it: people who come and go by chance, a train that arrives, a
gate that opens, and a single wrong count.
"""

import sys
from pathlib import Path

import numpy as np

from uepnet.film.moment import Moment
from uepnet.film.smoothing import Smoother
from uepnet.film.timeline_plot import TimelinePlot
from uepnet.film.views import View
from uepnet.inference.result import CountResult

SECONDS = 300
STAY = 200.0
TRAIN, GATE, BUS = 90, range(180, 240), 270
"""When a train brings `TRAIN_PEOPLE`, when a gate lets one a second in, and when a bus hides most of them."""
TRAIN_PEOPLE = 60
FRAME_NOISE, REACH = 0.35, 0.14
"""Variance of one frame's count and half of the range, both as shares of the count."""


def simulated_people(seed: int) -> list[int]:
    """How many are there at each second."""
    rng = np.random.default_rng(seed)
    people, found = 80, []
    for second in range(SECONDS):
        people += rng.poisson(80 / STAY + (second in GATE)) - rng.binomial(people, 1 / STAY)
        people += TRAIN_PEOPLE if second == TRAIN else 0
        found.append(int(people))
    return found


def draw_smoothing(folder: Path, *, seed: int = 3) -> Path:
    """Draw `smoothing.timeline.png` into a folder."""
    rng = np.random.default_rng(seed + 1)
    smoother, plot = (
        Smoother(),
        TimelinePlot("Simulated: a train at 1:30, a gate from 3:00 to 4:00, a bus in the way at 4:30"),
    )
    nothing = np.zeros((1, 1), dtype=np.float32)
    for second, people in enumerate(simulated_people(seed)):
        variance = FRAME_NOISE * people
        count = float(max(0.0, people + rng.normal() * variance**0.5)) * (0.3 if second == BUS else 1.0)
        ends = ((1 - REACH) * count, (1 + REACH) * count, 0.9)
        smooth = smoother.add(count, seconds=float(second), variance=variance, bounds=ends)
        result = CountResult("", count, *ends, (), "", 8, 8, 0.0, (), nothing, nothing, 8)
        plot.add(Moment("", float(second), None, View("ok", 1, counted=True), 8, 8, "", result, smooth))
    return plot.save(folder / "smoothing")


if __name__ == "__main__":
    draw_smoothing(Path(sys.argv[1]))
