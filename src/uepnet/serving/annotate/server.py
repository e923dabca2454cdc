"""The server process: a socket on this machine alone, and uvicorn."""

import hashlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from uepnet.serving.process import OrderlyServer, open_socket
from uepnet.serving.refusals import ServeError
from uepnet.serving.stopping import tells_to_come_again

LOOPBACK = "127.0.0.1"
GRACE = 5
"""Seconds that requests in hand are given at the end."""
FIRST_PORT, PORTS = 20_000, 10_000


def open_socket_of(root: Path, *, port: int | None) -> socket.socket:
    """A socket that listens on this machine alone; `ServeError` where the port that was asked for is taken.

    Without a port, it is one that belongs to the folder where that is free: what a browser kept of heads that were not
    saved is found again after a crash.
    """
    if port is not None:
        return open_socket(LOOPBACK, port)
    digest = hashlib.sha256(str(root.resolve()).encode(errors="surrogateescape")).digest()
    try:
        return open_socket(LOOPBACK, FIRST_PORT + int.from_bytes(digest[:4], "big") % PORTS)
    except ServeError:
        return open_socket(LOOPBACK, 0)


def serve(app: FastAPI, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Answer until Ctrl-C or SIGTERM; `ready` is called when the first request can come."""
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        tells_to_come_again(app), ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    OrderlyServer(config, ready).run(sockets=[listening])
