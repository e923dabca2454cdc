"""Several cameras watched at once with one model: whichever has a new frame is counted next."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from uepnet.errors import UepnetError
from uepnet.film.counting import FilmCounter
from uepnet.film.film import Frame
from uepnet.film.moment import Moment
from uepnet.monitoring.alerts import Alert
from uepnet.monitoring.day_files import DayFiles
from uepnet.monitoring.live_frames import Connection
from uepnet.monitoring.messages import (
    CameraNow,
    Message,
    alert_message,
    count_message,
    heartbeat_message,
    state_message,
)

STATE_SECONDS = 5.0
"""How long a camera must show something else before it is said: a bus that passes is no moved camera."""
AWAY_SECONDS = 15.0
"""Without a frame for so long and an interval besides, a camera is away."""
IDLE = 0.02
"""Seconds to wait where no camera has a frame."""


@runtime_checkable
class Frames(Protocol):
    """Where a camera's newest frames come from."""

    @property
    def connection(self) -> Connection:
        """How the stream stands."""

    def newest(self, *, wait: float) -> Frame | None:
        """A frame, if one comes in time."""

    def close(self) -> None:
        """Read no more."""


@dataclass(frozen=True)
class Clock:
    """Seconds that only go up, the time of day, and how to wait; tests have their own."""

    seconds: Callable[[], float] = time.monotonic
    date: Callable[[], datetime] = lambda: datetime.now(UTC)
    wait: Callable[[float], None] = time.sleep


class WatchedCamera:
    """One camera: its frames, how they are counted, its alerts and files, and what was last known of it."""

    def __init__(
        self,
        name: str,
        frames: Frames,
        counting: FilmCounter,
        *,
        alerts: Sequence[Alert] = (),
        files: DayFiles | None = None,
    ) -> None:
        self.name, self.frames, self.counting = name, frames, counting
        self.alerts, self.files = tuple(alerts), files
        self.moment: Moment | None = None
        self.seen_at: float | None = None
        self.state = "ok"
        """As it was last said."""
        self.other_since: float | None = None
        self.trouble: str | None = None
        """The last error that was said."""


class Watch:
    """Counts cameras in turn and says what happens; nothing that one camera does stops the others."""

    def __init__(
        self,
        cameras: Sequence[WatchedCamera],
        say: Callable[[Message], None],
        *,
        heartbeat: float,
        every: float,
        clock: Clock | None = None,
    ) -> None:
        self._cameras, self._say = tuple(cameras), say
        self._heartbeat, self._away_after = heartbeat, AWAY_SECONDS + every
        self._clock = clock or Clock()
        self._begin = self._clock.seconds()
        self._beat_at = self._begin
        self.unsent: Callable[[], int] = lambda: 0

    def run(self, *, until: Callable[[], bool]) -> None:
        """Watch until asked to stop."""
        while not until():
            if not self.turn():
                self._clock.wait(IDLE)

    def close(self) -> None:
        """Close every stream."""
        for camera in self._cameras:
            camera.frames.close()

    def turn(self) -> bool:
        """Count the newest frame of each camera that has one; whether there was any."""
        counted = False
        for camera in self._cameras:
            frame = camera.frames.newest(wait=0.0)
            if frame is None:
                self._notice(camera, self._state_without_frame(camera))
                continue
            counted = True
            camera.seen_at = self._clock.seconds()
            try:
                self._count(camera, frame)
            except UepnetError as error:
                self._complain(camera, error)
        if self._clock.seconds() >= self._beat_at:
            self._beat_at = self._clock.seconds() + self._heartbeat
            self._say(heartbeat_message(self.now(), date=self._clock.date(), unsent=self.unsent()))
        return counted

    def now(self) -> list[CameraNow]:
        """How every camera stands."""
        return [self._now(camera) for camera in self._cameras]

    def _count(self, camera: WatchedCamera, frame: Frame) -> None:
        date = self._clock.date()
        moment = camera.moment = camera.counting.moment(frame, date=date)
        self._say(count_message(camera.name, moment))
        self._notice(camera, moment.view.state)
        for alert in camera.alerts:
            change = alert.look(moment)
            if change is not None:
                self._say(alert_message(camera.name, change, moment, date=date))
        if camera.files is not None:
            camera.files.add(moment, date=date)
        camera.trouble = None

    def _complain(self, camera: WatchedCamera, error: UepnetError) -> None:
        """Say an error once for as long as it lasts."""
        if camera.trouble != str(error):
            camera.trouble = str(error)
            date = self._clock.date().isoformat(timespec="milliseconds")
            self._say(
                {"event": "error", "date": date, "camera": camera.name, "kind": error.kind, "message": str(error)}
            )

    def _state_without_frame(self, camera: WatchedCamera) -> str:
        since = self._clock.seconds() - (self._begin if camera.seen_at is None else camera.seen_at)
        if since > self._away_after:
            return "away"
        return "ok" if camera.moment is None else camera.moment.view.state

    def _notice(self, camera: WatchedCamera, state: str) -> None:
        """Say another state once it has lasted; that a camera is away has lasted long enough already."""
        if state == camera.state:
            camera.other_since = None
            return
        now = self._clock.seconds()
        if camera.other_since is None:
            camera.other_since = now
        if state == "away" or now - camera.other_since >= STATE_SECONDS:
            camera.state, camera.other_since = state, None
            why = camera.frames.connection.error if state == "away" else None
            self._say(state_message(camera.name, state, date=self._clock.date(), why=why))

    def _now(self, camera: WatchedCamera) -> CameraNow:
        connection, smooth = camera.frames.connection, None if camera.moment is None else camera.moment.smooth
        away = camera.state == "away" or camera.seen_at is None
        return CameraNow(
            name=camera.name,
            state=camera.state if camera.seen_at is not None else "away",
            people=None if smooth is None or away else smooth.count,
            low=None if smooth is None or away else smooth.low,
            high=None if smooth is None or away else smooth.high,
            seconds_since=None if camera.seen_at is None else self._clock.seconds() - camera.seen_at,
            dropped=connection.dropped,
            reconnected=max(0, connection.opened - 1),
            alerts=tuple(alert.rule.label() for alert in camera.alerts if alert.raised),
            away=connection.error if away else None,
        )
