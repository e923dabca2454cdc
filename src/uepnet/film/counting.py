"""From the frames of one view to its moments: is there something to count, how many, and what is the steady number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from jaxtyping import UInt8

from uepnet.description import RangeCalibration
from uepnet.film.film import Frame
from uepnet.film.moment import Moment
from uepnet.film.smoothing import Smoothed, Smoother
from uepnet.film.views import ViewWatch
from uepnet.inference.result import CountResult

Pixels = UInt8[np.ndarray, "height width 3"]
CountFrame = Callable[[Pixels, str], CountResult]
"""Counts pixels under a name, with zones and corrections."""


class FilmCounter:
    """Counts the frames of one source in the order of time; `calibration` is that of the counter's ranges."""

    def __init__(
        self, count: CountFrame, *, source: str, model: str, calibration: RangeCalibration | None, fixed: bool
    ) -> None:
        self._count = count
        self._source = source
        self._model = model
        self._calibration = calibration
        self._watch = ViewWatch(fixed=fixed)
        self._scene = 1
        self._smoothers: dict[str | None, Smoother] = {}

    def moment(self, frame: Frame, *, date: datetime | None = None) -> Moment:
        """What the next frame shows."""
        view = self._watch.look(frame.pixels, frame.seconds)
        if view.scene != self._scene:
            self._scene, self._smoothers = view.scene, {}
        height, width = frame.pixels.shape[:2]
        if not view.counted:
            return Moment(self._source, frame.seconds, date, view, width, height, self._model)
        result = self._count(frame.pixels, self._source)
        parts = [_Part(None, result.count, float(result.variance_map.sum(dtype=np.float64)), result.low, result.high)]
        parts += [_Part(zone.name, zone.count, zone.variance, zone.low, zone.high) for zone in result.zones]
        whole, *zones = (self._smoothed(part, frame.seconds, result.coverage) for part in parts)
        return Moment(self._source, frame.seconds, date, view, width, height, self._model, result, whole, tuple(zones))

    def _smoothed(self, part: "_Part", seconds: float, coverage: float | None) -> Smoothed:
        bounds = None if part.low is None or part.high is None or coverage is None else (part.low, part.high, coverage)
        smoother = self._smoothers.setdefault(part.name, Smoother())
        return smoother.add(part.count, seconds=seconds, variance=self._of_one_frame(part.variance), bounds=bounds)

    def _of_one_frame(self, variance: float) -> float:
        """The part of a count's variance that another frame has anew: without the one that all pictures of a place share."""
        if self._calibration is None:
            return variance
        return self._calibration.patches * variance + self._calibration.floor**2


@dataclass(frozen=True)
class _Part:
    """The whole picture (no name) or a zone: what a filter of its own takes."""

    name: str | None
    count: float
    variance: float
    low: float | None
    high: float | None
