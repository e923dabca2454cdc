"""The answers that are no counts, all of one form: {"error": {"kind", "message"}}."""

import logging

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from uepnet.errors import UepnetError
from uepnet.printable import printable
from uepnet.serving.refusals import RefusedError, status_of

logger = logging.getLogger(__name__)

KINDS = {404: "not-found", 405: "method"}
LONGEST = 2000
"""Letters of a message, part of which a client may have sent."""


def said(status: int, kind: str, message: str) -> JSONResponse:
    """An error as an answer."""
    return JSONResponse({"error": {"kind": kind, "message": printable(message)[:LONGEST]}}, status_code=status)


def refusal(error: UepnetError) -> JSONResponse:
    """The answer to a request or a picture that cannot be counted; what is the server's own fault is logged, not told."""
    status = status_of(error)
    if status == 500:
        logger.error("a picture could not be counted: %s", error)
        return internal()
    reply = said(status, error.kind, str(error))
    if isinstance(error, RefusedError) and error.retry_after is not None:
        reply.headers["Retry-After"] = str(error.retry_after)
    if status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


def plain(error: HTTPException) -> JSONResponse:
    """The answer to a request that no endpoint takes: an address or a method that is not there."""
    reply = said(error.status_code, KINDS.get(error.status_code, "http"), str(error.detail))
    reply.headers.update(error.headers or {})
    return reply


def internal() -> JSONResponse:
    """The answer to a fault of ours."""
    return said(500, "internal", "the server failed; its log says why")
