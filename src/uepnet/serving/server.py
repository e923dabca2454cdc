"""The server process: a socket, uvicorn, and an end that leaves no work behind."""

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from uepnet.serving.application import application
from uepnet.serving.connection import Connection
from uepnet.serving.refusals import ServeError
from uepnet.serving.service import Service
from uepnet.serving.settings import Settings

HEAD_BYTES = 64 * 1024
"""Of the head of a request, options in its address among them."""
GRACE = 5.0
"""Seconds beyond those of a picture that are waited for at the end."""


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


def serve(settings: Settings, listening: socket.socket, *, ready: Callable[[Service], None]) -> None:
    """Answer until SIGTERM or Ctrl-C; work in hand is finished then. A second Ctrl-C ends it at once.

    `ready` is called when the first request can come. Raises as `Counter` does for a model that cannot be opened.
    """
    service = Service(settings)
    config = uvicorn.Config(
        application(service),
        http=Connection,
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=int(settings.max_seconds + GRACE),
    )
    for talkative in ("uvicorn.error", "python_multipart"):
        logging.getLogger(talkative).setLevel(
            logging.ERROR
        )  # else each broken request of a stranger is a line in the log
    _Server(config, service, ready).run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn's server, which ends without raising the signal once more, so that a stop that was asked for is status 0."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[Service], None]) -> None:
        super().__init__(config)
        self._service = service
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that the first request can come."""
        await super().startup(sockets=sockets)
        self._ready(self._service)

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

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more work, and end when what is in hand is done."""
        self._service.close()
        super().handle_exit(sig, frame)
