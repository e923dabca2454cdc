"""Messages on their way out: sent in a thread of its own, tried again, and bounded, so that a dead receiver stops nothing."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from uepnet.errors import UepnetError
from uepnet.monitoring.messages import Message

MOST_WAITING = 1000
"""Messages; of more the oldest is given up, heartbeats and counts before alerts."""
TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries: doubled from the first on."""


class SendError(UepnetError):
    """A message that could not be delivered."""

    kind = "send"


@runtime_checkable
class Sender(Protocol):
    """Delivers messages somewhere."""

    name: str

    def send(self, message: Message) -> None:
        """Deliver one, or raise `SendError`."""

    def close(self) -> None:
        """Let go of connections."""


class Outbox:
    """Takes messages at once and delivers them in order; `lost` counts those given up, `on_trouble` is told when it begins."""

    def __init__(
        self,
        sender: Sender,
        *,
        on_trouble: Callable[[str], None],
        first_pause: float = FIRST_PAUSE,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.lost = 0
        self._sender, self._on_trouble = sender, on_trouble
        self._first_pause, self._most = first_pause, most_waiting
        self._waiting: deque[Message] = deque()
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._troubled = False
        self._busy = False
        self._thread = threading.Thread(target=self._deliver, name=f"uepnet-{sender.name}", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        """Have a message delivered; never waits."""
        with self._changed:
            if len(self._waiting) >= self._most:
                self._give_one_up()
            self._waiting.append(message)
            self._changed.notify_all()

    def close(self, *, wait: float) -> None:
        """Deliver what waits for at most `wait` seconds, and stop."""
        until = time.monotonic() + wait
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy, max(0.0, wait))
            self.lost += len(self._waiting)
            self._waiting.clear()
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(max(0.1, until - time.monotonic()))
        self._sender.close()

    def _give_one_up(self) -> None:
        lesser = next((m for m in self._waiting if m["event"] in ("count", "heartbeat")), None)
        if lesser is None:
            self._waiting.popleft()
        else:
            self._waiting.remove(lesser)
        self.lost += 1

    def _deliver(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing.is_set())
                if not self._waiting:
                    return
                message = self._waiting.popleft()
                self._busy = True
            self._send(message)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _send(self, message: Message) -> None:
        for tried in range(TRIES):
            try:
                self._sender.send(message)
            except SendError as error:
                if not self._troubled:
                    self._on_trouble(str(error))
                self._troubled = True
                if self._closing.wait(min(LONGEST_PAUSE, self._first_pause * 2.0**tried)):
                    break
            else:
                self._troubled = False
                return
        self.lost += 1
