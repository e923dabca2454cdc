"""When frames were: from what a film's clock says to seconds that only go up, and which of them are looked at."""

import math


class FrameClock:
    """Seconds since the beginning of a film, for frames in the order in which they are shown.

    `start` is what the film's own clock says at its beginning (None: at the first frame), `interval` the seconds from one
    frame to the next where the clock says nothing. A clock that goes back (films joined together, a camera that was
    restarted) goes on where it was.
    """

    def __init__(self, *, start: float | None, interval: float) -> None:
        self._offset = None if start is None else -start
        self._interval = interval
        self._last: float | None = None

    def seconds(self, said: float | None) -> float:
        """The seconds of the next frame, of which the film's clock says `said`."""
        if said is not None and not math.isfinite(said):
            said = None
        if said is not None and self._offset is None:
            self._offset = -said
        soonest = 0.0 if self._last is None else self._last + self._interval
        now = soonest if said is None or self._offset is None else said + self._offset
        if self._last is not None and now <= self._last:
            if said is not None and self._offset is not None:
                self._offset += soonest - now
            now = soonest
        self._last = max(0.0, now)
        return self._last


class Every:
    """Which frames are looked at: the first, and then the first one in each span of `seconds`."""

    def __init__(self, seconds: float) -> None:
        if not 0 < seconds < math.inf:
            raise ValueError(f"frames are looked at every so many seconds, more than 0, not every {seconds:g}")
        self._seconds = seconds
        self._span: int | None = None

    def wants(self, seconds: float) -> bool:
        """Whether the frame at this time is the first in its span.

        >>> every = Every(2.0)
        >>> [at for at in (0.5, 1.0, 2.1, 3.9, 8.0) if every.wants(at)]
        [0.5, 2.1, 8.0]
        """
        span = math.floor(seconds / self._seconds + 1e-6)
        if span == self._span:
            return False
        self._span = span
        return True
