"""The outermost layer of the server: the guard, the headers of every answer, and the figures of every request."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uepnet.serving.guard import Guard
from uepnet.serving.headers import HEADERS
from uepnet.serving.metrics import Metrics
from uepnet.serving.refusals import BusyError, RefusedError
from uepnet.serving.replies import internal, refusal
from uepnet.serving.stopping import tells_to_come_again

logger = logging.getLogger(__name__)

MOST_REQUESTS = 200
"""Requests at once, those among them that only trickle in."""


class Front:
    """Wraps the application; an error of ours becomes a 500 that says nothing of the machine, and a traceback in the log."""

    def __init__(self, app: ASGIApp, *, guard: Guard, metrics: Metrics, paths: frozenset[str]) -> None:
        self._app = tells_to_come_again(app, on_refusal=metrics.refused)
        self._guard = guard
        self._metrics = metrics
        self._paths = paths
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        begin = time.perf_counter()
        self._requests += 1
        try:
            await self._answer(scope, receive, answer)
        finally:
            self._requests -= 1
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._metrics.answered(path, answer.status or 499, time.perf_counter() - begin)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if self._requests > MOST_REQUESTS:
                raise BusyError(f"more than {MOST_REQUESTS} requests at once; try again in a moment")
            self._guard.check(method=scope["method"], path=scope["path"], headers=Headers(scope=scope))
        except RefusedError as error:
            self._metrics.refused(error.kind)
            await refusal(error)(scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        except Exception:
            logger.exception("a request could not be answered")
            if answer.status is None:
                await internal()(scope, receive, answer)


class _Answer:
    """Sends an answer on with our headers, and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
