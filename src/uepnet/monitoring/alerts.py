"""When somebody is told: a number above a threshold for a while, once, and again when it is clearly below it."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from uepnet.film.moment import Moment
from uepnet.film.smoothing import Smoothed
from uepnet.frozen import Frozen

Measure = Literal["people", "density", "capacity", "growth"]
CLEARED_AT = 0.9
"""Share of the threshold below which an alert ends, unless it says otherwise."""
UNITS = {
    "people": "people",
    "density": "people per m²",
    "capacity": "of what it may hold",
    "growth": "people a minute more",
}


class AlertRule(Frozen):
    """One thing to be told of. `capacity` is the share of the zone's limit, `growth` in people a minute (negative: fewer).

    Above `above` for `for_seconds` it is raised; at or below `clear` for as long it is cleared. `by` says which number is
    compared: the steady count, or the low or high end of its range.
    """

    name: str = Field("", max_length=100)
    measure: Measure = "people"
    zone: str | None = None
    above: float
    clear: float | None = None
    for_seconds: float = Field(5.0, ge=0, le=86400)
    over_seconds: float = Field(60.0, gt=0, le=86400)
    """Of `growth`: the time over which it is measured."""
    by: Literal["count", "low", "high"] = "count"

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> "AlertRule":
        if self.clear is not None and self.clear >= self.above:
            raise ValueError(f"an alert above {self.above:g} is cleared below that, not at {self.clear:g}")
        if self.measure in ("density", "capacity") and self.zone is None:
            raise ValueError(f"{self.measure} is that of a zone: name it, as in zone = 'stage'")
        return self

    @property
    def cleared_at(self) -> float:
        """The number at which it ends."""
        if self.clear is not None:
            return self.clear
        return self.above * CLEARED_AT if self.above > 0 else self.above / CLEARED_AT - 1e-9

    def label(self) -> str:
        """Its name, or what it says."""
        where = "" if self.zone is None else f" in {self.zone}"
        return self.name or f"{self.measure}{where} above {self.above:g}"


@dataclass(frozen=True)
class AlertChange:
    """An alert that was raised or cleared, and the number that did it."""

    rule: AlertRule
    raised: bool
    value: float


class Alert:
    """Follows one rule from moment to moment. Moments without a count leave it as it is: no news is no all-clear."""

    def __init__(self, rule: AlertRule) -> None:
        self.rule = rule
        self.raised = False
        self._since: float | None = None
        self._past: deque[tuple[float, float]] = deque()
        self._scene = 0

    def look(self, moment: Moment) -> AlertChange | None:
        """The change that a moment makes."""
        value = self._value(moment)
        beyond = value is not None and (value <= self.rule.cleared_at if self.raised else value > self.rule.above)
        if value is None or not beyond:
            self._since = None
            return None
        if self._since is None:
            self._since = moment.seconds
        if moment.seconds - self._since < self.rule.for_seconds:
            return None
        self.raised, self._since = not self.raised, None
        return AlertChange(self.rule, self.raised, value)

    def _value(self, moment: Moment) -> float | None:
        """The number that the rule is about, None where it cannot be had now."""
        found = _part(moment, self.rule.zone)
        if found is None:
            self._past.clear()
            return None
        smooth, area, limit = found
        people = {"count": smooth.count, "low": smooth.low, "high": smooth.high}[self.rule.by]
        if people is None:
            people = smooth.count
        match self.rule.measure:
            case "people":
                return people
            case "density":
                return None if area is None else people / area
            case "capacity":
                return None if not limit else people / limit
            case "growth":
                return self._growth(moment, people)

    def _growth(self, moment: Moment, people: float) -> float | None:
        """People a minute more than about `over_seconds` ago; None until so much is known of one view."""
        if moment.view.scene != self._scene:
            self._past.clear()
            self._scene = moment.view.scene
        self._past.append((moment.seconds, people))
        while len(self._past) > 1 and moment.seconds - self._past[1][0] >= self.rule.over_seconds:
            self._past.popleft()
        then, before = self._past[0]
        span = moment.seconds - then
        return None if span < self.rule.over_seconds else (people - before) * 60.0 / span


def _part(moment: Moment, zone: str | None) -> tuple[Smoothed, float | None, float | None] | None:
    """The steady number of the whole or a zone, its square metres and its limit."""
    if moment.result is None or moment.smooth is None:
        return None
    if zone is None:
        return moment.smooth, None, None
    for counted, smooth in zip(moment.result.zones, moment.zones, strict=True):
        if counted.name == zone:
            return smooth, counted.area_m2, counted.limit
    return None
