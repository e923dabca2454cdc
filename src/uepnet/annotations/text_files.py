"""Text files read and written whole, in UTF-8."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from uepnet.errors import AnnotationError
from uepnet.whole_files import whole_file


def read_text(path: Path) -> str:
    """The text of a file, a byte order mark left out; `AnnotationError` where it is missing or no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise AnnotationError(f"{path}: there is no such annotation file") from error
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: this is no text in UTF-8 ({error}); save it in that encoding") from error
    except OSError as error:
        raise AnnotationError(f"{path}: the file cannot be read ({error.strerror})") from error


@contextmanager
def whole_text(path: Path) -> Iterator[TextIO]:
    """A text file that appears under its name only once it is complete."""
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        yield text
        text.detach()
