"""The server process: a socket on this machine alone, uvicorn, and an end that leaves nothing behind."""

import hashlib
import logging
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from uepnet.errors import OutputError

LOOPBACK = "127.0.0.1"
GRACE = 5
"""Seconds that requests in hand are given at the end."""


def open_socket(port: int | None, *, root: Path) -> socket.socket:
    """A socket that listens on this machine alone; `OutputError` where the port that was asked for is taken.

    Without a port, it is one that belongs to the folder where that is free: what a browser kept of heads that were not
    saved is found again after a crash.
    """
    if port is not None:
        try:
            return _listening(port)
        except OSError as error:
            raise OutputError(
                f"port {port}: it cannot be used ({error.strerror}); take another --port, or none"
            ) from error
    digest = hashlib.sha256(str(root.resolve()).encode(errors="surrogateescape")).digest()
    try:
        return _listening(20_000 + int.from_bytes(digest[:4], "big") % 20_000)
    except OSError:
        return _listening(0)


def serve(app: FastAPI, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Answer until Ctrl-C or SIGTERM; `ready` is called when the first request can come."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    _Server(config, ready).run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn's server, which ends without raising the signal once more, so that a stop that was asked for is status 0."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        self._ready()

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


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening
