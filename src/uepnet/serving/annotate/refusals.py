"""Why the page's wish is not fulfilled: one class a reason, each with its HTTP status."""

from uepnet.errors import AnnotationError, DataSetError, MissingExtraError, OutputError, PictureError, UepnetError


class AnnotateError(UepnetError):
    """A folder that cannot be annotated."""

    kind = "annotate"


class StrangerError(UepnetError):
    """A request from another site, or without the key of this run."""

    kind = "stranger"


class UnknownPictureError(UepnetError):
    """A picture that is not in the folder."""

    kind = "unknown-picture"


class ConflictError(UepnetError):
    """A change to a picture that was changed elsewhere in the meantime."""

    kind = "conflict"


STATUS: tuple[tuple[type[UepnetError], int], ...] = (
    (StrangerError, 403),
    (UnknownPictureError, 404),
    (ConflictError, 409),
    (PictureError, 422),
    (MissingExtraError, 422),
    (AnnotationError, 423),
    (DataSetError, 423),
    (OutputError, 507),
)
"""The status of what may happen in the folder, the first that fits; what is not here is the server's own fault."""


def status_of(error: UepnetError) -> int:
    """The HTTP status of an error.

    >>> status_of(ConflictError("...")), status_of(PictureError("...")), status_of(UepnetError("..."))
    (409, 422, 500)
    """
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)
