"""The newest frame of a stream, whatever the stream does: it is read in a thread of its own, and opened again when it ends.

A thread reads as fast as frames come and keeps the newest few; when the model is slower, old frames are dropped, so that
what is counted is never late. A stream that fails, stalls or ends is opened again after a while that doubles each time.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from uepnet.errors import UepnetError
from uepnet.film.film import Film, Frame
from uepnet.film.naming import FilmSource
from uepnet.film.opening import ReadLimits

HELD = 2
"""Frames that wait at the most."""


@dataclass(frozen=True)
class BackOff:
    """Seconds before a stream is opened again: `first`, doubled after each failure up to `most`, each up to a quarter more
    or less by chance, so that many cameras do not come back at one moment.
    """

    first: float = 1.0
    most: float = 60.0
    rng: random.Random = field(default_factory=random.Random)

    def seconds(self, failures: int) -> float:
        """After so many failures in a row, 1 or more."""
        return min(self.most, self.first * 2.0 ** min(failures - 1, 30)) * self.rng.uniform(0.75, 1.25)


@dataclass(frozen=True)
class Connection:
    """How a stream stands: `error` is why there is no picture now, None while frames come."""

    error: str | None = "not opened yet"
    failures: int = 0
    """In a row."""
    opened: int = 0
    dropped: int = 0


class LiveFrames:
    """Reads one live source until `close`; frames carry the seconds since this was made."""

    def __init__(
        self,
        source: FilmSource,
        *,
        every: float,
        limits: ReadLimits,
        back_off: BackOff | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._every, self._limits = source, every, limits
        self._back_off = back_off or BackOff()
        self._now, self._begin = now, now()
        self._frames: deque[Frame] = deque()
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._connection = Connection()
        self._thread = threading.Thread(target=self._read, name=f"uepnet-{source.name}", daemon=True)
        self._thread.start()

    @property
    def connection(self) -> Connection:
        """How the stream stands now."""
        with self._changed:
            return self._connection

    def newest(self, *, wait: float) -> Frame | None:
        """The oldest of the few frames that wait, None if none comes within `wait` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._closed.is_set(), wait)
            return self._frames.popleft() if self._frames else None

    def close(self) -> None:
        """Read no more; the thread ends by itself once the library lets it."""
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(0.2)

    def _read(self) -> None:
        failures = 0
        while not self._closed.is_set():
            came, error = self._read_once()
            failures = 1 if came else failures + 1
            self._tell(error=error, failures=failures)
            self._closed.wait(self._back_off.seconds(failures))

    def _read_once(self) -> tuple[bool, str]:
        """Read the stream until it fails: whether any frame came, and why it ended."""
        came = False
        try:
            for frame in Film(self._source, every=self._every, limits=self._limits, now=self._now).frames():
                if self._closed.is_set():
                    return came, "closed"
                self._put(Frame(self._now() - self._begin, frame.pixels), first=not came)
                came = True
        except UepnetError as error:
            return came, str(error)
        except Exception as error:  # a bug of ours: it keeps its traceback, and the heartbeat says that nobody reads
            self._tell(error=f"{self._source.name}: reading was given up ({error})", failures=1)
            raise
        return came, f"{self._source.name}: the stream ended"

    def _put(self, frame: Frame, *, first: bool) -> None:
        with self._changed:
            known = self._connection
            dropped = len(self._frames) >= HELD
            if dropped:
                self._frames.popleft()
            self._frames.append(frame)
            self._connection = Connection(None, 0, known.opened + first, known.dropped + dropped)
            self._changed.notify_all()

    def _tell(self, *, error: str, failures: int) -> None:
        with self._changed:
            known = self._connection
            self._connection = Connection(error, failures, known.opened, known.dropped)
            self._changed.notify_all()
