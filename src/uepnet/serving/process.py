"""A socket that listens, and a server on it that ends in order: what `uepnet serve` and `uepnet annotate` share."""

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from uepnet.serving.refusals import ServeError

logger = logging.getLogger(__name__)

LAST_WORDS = 1.0
"""Seconds in which clients can read that they are given up, where the end is forced."""


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there; `ServeError` where it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ServeError(f"{host}: there is no such address on this machine ({error})") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there; take another --port" if taken else error.strerror
        raise ServeError(f"{host}, port {port}: {why}") from error
    return listening


class OrderlyServer(uvicorn.Server):
    """uvicorn's server, which ends without raising the signal once more, so that a stop that was asked for is status 0.

    `ready` is called when the first request can come.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._given_up: frozenset[asyncio.Task[None]] = frozenset()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that the first request can come."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End when what is in hand is done; at once on a Ctrl-C after that."""
        super().handle_exit(sig, frame)
        if self.force_exit and self._loop is not None:
            self._loop.call_soon_threadsafe(self._give_up)

    def _give_up(self) -> None:
        """Cancel the requests in hand, each of which says so to its client, and soon close the connections unread."""
        if self._given_up:
            return
        self._given_up = frozenset(self.server_state.tasks)
        for task in self._given_up:
            task.cancel()
        asyncio.get_running_loop().call_later(LAST_WORDS, self._cut_off)

    def _cut_off(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in order; where the end was forced, say how many requests were given up."""
        await super().shutdown(sockets=sockets)
        if not self.force_exit:
            return
        if self._given_up:
            await asyncio.wait(self._given_up, timeout=2 * LAST_WORDS)
            logger.warning("ended at once: %d unfinished requests were told to come again", len(self._given_up))
        await self.lifespan.shutdown()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Ask for the end on SIGTERM and SIGINT."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
