"""What is said of cameras, as objects of plain types: counts, alerts, states, errors and signs of life."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uepnet.film.moment import Moment
from uepnet.film.words import STATES
from uepnet.monitoring.alerts import UNITS, AlertChange

Message = dict[str, Any]
"""With `event` (`count`, `alert`, `state`, `error` or `heartbeat`) and `date` in UTC first."""


@dataclass(frozen=True)
class CameraNow:
    """How a camera stands, for the heartbeat and the table on a terminal; `away` is why there is no picture."""

    name: str
    state: str
    people: float | None
    low: float | None
    high: float | None
    seconds_since: float | None
    dropped: int
    reconnected: int
    alerts: tuple[str, ...]
    away: str | None

    def as_json(self) -> Message:
        """Plain types."""
        return {**vars(self), "alerts": list(self.alerts)}


def count_message(camera: str, moment: Moment) -> Message:
    """A count, with the keys of `uepnet count --json`."""
    return {"event": "count", "camera": camera, **moment.as_json()}


def alert_message(camera: str, change: AlertChange, moment: Moment, *, date: datetime) -> Message:
    """An alert that was raised or cleared."""
    smooth = moment.smooth
    return {
        "event": "alert",
        "date": date.isoformat(timespec="milliseconds"),
        "camera": camera,
        "alert": change.rule.label(),
        "state": "raised" if change.raised else "cleared",
        "measure": change.rule.measure,
        "zone": change.rule.zone,
        "value": change.value,
        "above": change.rule.above,
        "clear": change.rule.cleared_at,
        "smooth": None if smooth is None else smooth.count,
        "smooth_low": None if smooth is None else smooth.low,
        "smooth_high": None if smooth is None else smooth.high,
    }


def state_message(camera: str, state: str, *, date: datetime, why: str | None = None) -> Message:
    """A camera that shows something else, went away or is back."""
    return {
        "event": "state",
        "date": date.isoformat(timespec="milliseconds"),
        "camera": camera,
        "state": state,
        "message": why or STATES[state],
    }


def heartbeat_message(cameras: list[CameraNow], *, date: datetime, unsent: int) -> Message:
    """A sign of life: all cameras, and how many messages could not be sent so far."""
    return {
        "event": "heartbeat",
        "date": date.isoformat(timespec="milliseconds"),
        "cameras": [camera.as_json() for camera in cameras],
        "unsent": unsent,
    }


def in_words(message: Message) -> str | None:
    """An alert, state or error on one line; None for counts and heartbeats, which are for programs."""
    when = str(message["date"])[:19].replace("T", " ")
    match message["event"]:
        case "alert":
            unit = UNITS[message["measure"]]
            return (
                f"{when} {message['camera']}: {message['alert']}: {message['state']} at {message['value']:,.4g} {unit}"
            )
        case "state" | "error":
            return f"{when} {message['camera']}: {message['message']}"
        case _:
            return None
