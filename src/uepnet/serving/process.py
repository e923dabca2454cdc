"""A socket that listens, and a server on it that ends in order: what `uepnet serve` and `uepnet annotate` share."""

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn

from uepnet.serving.refusals import ServeError

logger = logging.getLogger(__name__)


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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that the first request can come."""
        await super().startup(sockets=sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in order; where the end was forced by a second Ctrl-C, give up the requests in hand first and say how many."""
        await super().shutdown(sockets=sockets)
        if not self.force_exit:
            return
        given_up = list(self.server_state.tasks)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        if given_up:
            logger.warning("ended at once: %d unfinished requests were told to come again", len(given_up))
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
