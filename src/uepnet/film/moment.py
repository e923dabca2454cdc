"""What is known of one moment of a film: the count of its frame, the steady numbers, and what the camera showed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from uepnet.film.smoothing import Smoothed
from uepnet.film.views import View
from uepnet.inference.result import CountResult
from uepnet.inference.zones.recount import recounted


@dataclass(frozen=True)
class Moment:
    """One frame that was looked at, `seconds` since the beginning, `date` by the clock on the wall where it is live.

    Where the view says that a count means nothing, there are no `result`, `smooth` and `zones`. `zones` are the steady
    numbers of the result's zones, in their order.
    """

    source: str
    seconds: float
    date: datetime | None
    view: View
    width: int
    height: int
    model: str
    result: CountResult | None = None
    smooth: Smoothed | None = None
    zones: tuple[Smoothed, ...] = ()

    def steady(self) -> CountResult | None:
        """The result with the steady numbers instead of the frame's own, and what follows from them; None without one."""
        if self.result is None or self.smooth is None:
            return None
        smooth = self.smooth
        zones = tuple(
            recounted(zone, count=one.count, low=one.low, high=one.high)
            for zone, one in zip(self.result.zones, self.zones, strict=True)
        )
        return replace(self.result, count=smooth.count, low=smooth.low, high=smooth.high, zones=zones)

    def as_json(self) -> dict[str, Any]:
        """The keys of `uepnet count --json`, and time, state and the steady numbers besides."""
        result = self.result
        counted = _nothing(self) if result is None else result.as_json()
        zones = [{**zone, **_steady(smooth)} for zone, smooth in zip(counted["zones"], self.zones, strict=True)]
        return {
            **counted,
            "zones": zones,
            "time": round(self.seconds, 3),
            "date": None if self.date is None else self.date.isoformat(timespec="milliseconds"),
            "state": self.view.state,
            "scene": self.view.scene,
            **_steady(self.smooth),
        }


def _steady(smooth: Smoothed | None) -> dict[str, float | None]:
    return {
        "smooth": None if smooth is None else smooth.count,
        "smooth_low": None if smooth is None else smooth.low,
        "smooth_high": None if smooth is None else smooth.high,
    }


def _nothing(moment: Moment) -> dict[str, Any]:
    """The keys of a count where there is none."""
    return {
        "source": moment.source,
        "count": None,
        "low": None,
        "high": None,
        "coverage": None,
        "zones": [],
        "model": moment.model,
        "width": moment.width,
        "height": moment.height,
        "seconds": 0.0,
        "warnings": [],
    }
