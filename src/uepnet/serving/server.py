"""The server process: uvicorn, and an end that leaves no work behind."""

import logging
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from uepnet.serving.application import application
from uepnet.serving.connection import Connection
from uepnet.serving.process import OrderlyServer
from uepnet.serving.service import Service
from uepnet.serving.settings import Settings

HEAD_BYTES = 64 * 1024
"""Of the head of a request, options in its address among them."""
GRACE = 5.0
"""Seconds beyond those of a picture that are waited for at the end."""


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


class _Server(OrderlyServer):
    """The server that takes no more work once its end was asked for."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[Service], None]) -> None:
        super().__init__(config, lambda: ready(service))
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more work, and end when what is in hand is done."""
        self._service.close()
        super().handle_exit(sig, frame)
