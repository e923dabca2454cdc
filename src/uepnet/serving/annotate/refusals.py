"""Why the page's wish is not fulfilled: one class a reason, each with its HTTP status."""

from uepnet.errors import AnnotationError, DataSetError, MissingExtraError, OutputError, PictureError, UepnetError
from uepnet.serving.refusals import RefusedError, Statuses


class AnnotateError(UepnetError):
    """A folder that cannot be annotated."""

    kind = "annotate"


class StrangerError(RefusedError):
    """A request from another site, or without the key of this run."""

    kind = "stranger"
    status = 403


class UnknownPictureError(RefusedError):
    """A picture that is not in the folder."""

    kind = "unknown-picture"
    status = 404


class ConflictError(RefusedError):
    """A change to a picture that was changed elsewhere in the meantime."""

    kind = "conflict"
    status = 409


STATUS: Statuses = (
    (PictureError, 422),
    (MissingExtraError, 422),
    (AnnotationError, 423),
    (DataSetError, 423),
    (OutputError, 507),
)
"""The status of what may happen in the folder, the first that fits; what is not here is the server's own fault."""
