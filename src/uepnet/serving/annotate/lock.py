"""One annotator a folder: a second one that opens it is told so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uepnet.errors import OutputError
from uepnet.serving.annotate.refusals import AnnotateError

LOCK = ".uepnet-annotate.lock"
"""Hidden and empty; the system forgets a lock when its process ends, however it ends."""


@contextmanager
def only_annotator(root: Path) -> Iterator[None]:
    """Hold the folder; `AnnotateError` where another process does, `OutputError` where nothing can be written there.

    Where the system or the disk knows no locks, changes by others are still found out before each save.
    """
    try:
        file = (root / LOCK).open("ab")
    except OSError as error:
        raise OutputError(
            f"{root}: nothing can be written in this folder ({error.strerror}), so no heads could be saved"
        ) from error
    with file:
        if sys.platform != "win32":
            _lock(file.fileno(), root)
        yield


if sys.platform != "win32":
    import fcntl

    def _lock(descriptor: int, root: Path) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnnotateError(
                f"{root}: another uepnet annotate has this folder open; use that one, or end it first"
            ) from error
        except OSError:  # a disk over the network without locks
            return
