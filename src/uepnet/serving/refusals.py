"""Why a request is not answered with a count: one class a reason, each with its HTTP status."""

from typing import ClassVar

from uepnet.errors import (
    MissingExtraError,
    PictureError,
    PictureFormatError,
    PictureTooLargeError,
    UepnetError,
    ZoneError,
)


class ServeError(UepnetError):
    """A server that cannot be started."""

    kind = "serve"


class RefusedError(UepnetError):
    """A request that is refused, with the seconds after which to try again where that may help."""

    kind = "request"
    status: ClassVar[int] = 422
    retry_after: ClassVar[int | None] = None


class WrongKeyError(RefusedError):
    """No API key, or a wrong one."""

    kind = "key"
    status = 401


class CrossSiteError(RefusedError):
    """A page of another site that sends pictures in a visitor's name."""

    kind = "cross-site"
    status = 403


class SlowBodyError(RefusedError):
    """A body that does not arrive in time."""

    kind = "slow-body"
    status = 408


class BodyTooLargeError(RefusedError):
    """A body of too many bytes."""

    kind = "body-too-large"
    status = 413


class MediaTypeError(RefusedError):
    """A body that is no picture and no form."""

    kind = "media-type"
    status = 415


class UnknownHostError(RefusedError):
    """A request for a name that is not this server's."""

    kind = "host"
    status = 421


class BusyError(RefusedError):
    """No place in the queue."""

    kind = "busy"
    status = 429
    retry_after = 2


class OutOfTimeError(RefusedError):
    """A picture that took longer than the server gives one."""

    kind = "time"
    status = 503
    retry_after = 30


class StoppingError(RefusedError):
    """A server that is about to stop."""

    kind = "stopping"
    status = 503
    retry_after = 5


Statuses = tuple[tuple[type[UepnetError], int], ...]
STATUS: Statuses = (
    (PictureTooLargeError, 413),
    (PictureFormatError, 415),
    (MissingExtraError, 415),
    (PictureError, 422),
    (ZoneError, 422),
)
"""The status of errors from counting, the first that fits; what is not here is the server's own fault."""


def status_of(error: UepnetError, statuses: Statuses = STATUS) -> int:
    """The HTTP status of an error: a refusal's own, or the first of `statuses` that fits.

    >>> status_of(PictureTooLargeError("...")), status_of(BusyError("...")), status_of(ServeError("..."))
    (413, 429, 500)
    """
    if isinstance(error, RefusedError):
        return error.status
    return next((status for kind, status in statuses if isinstance(error, kind)), 500)
