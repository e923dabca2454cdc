"""Until when a picture may be counted, asked by the thread that counts it."""

import threading
import time

from uepnet.serving.refusals import OutOfTimeError


class AbandonedError(Exception):
    """Nobody waits for the answer any more."""


class Deadline:
    """A moment after which work stops at its next check, or earlier once it is abandoned. No thread can be stopped by force."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._abandoned = threading.Event()

    def abandon(self) -> None:
        """Let the work stop, since nobody waits for it."""
        self._abandoned.set()

    def remaining(self) -> float:
        """Seconds, not below 0."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise `OutOfTimeError` or `AbandonedError` where the work is to stop."""
        if self._abandoned.is_set():
            raise AbandonedError
        if self.remaining() <= 0:
            raise self.passed()

    def passed(self) -> OutOfTimeError:
        """What is said once it has passed."""
        return OutOfTimeError(
            f"the picture was not counted within {self._seconds:g} seconds, waiting included; send it again later, or scaled down"
        )

    def on_tile(self, done: int, of: int) -> None:  # noqa: ARG002 - the form of `OnTile`
        """The check between two tiles of a large picture."""
        self.check()
