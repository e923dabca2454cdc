"""What `uepnet count` is given, sorted into pictures and films."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from uepnet.errors import PictureError

if TYPE_CHECKING:
    from uepnet.film.naming import FilmSource

STDIN = "-"
MOST_PIPED = 1_000_000_000
"""Bytes that are read from standard input."""


@dataclass(frozen=True)
class Job:
    """One picture to count: a file, the bytes that came from stdin, or what is wrong with the source."""

    name: str
    picture: Path | bytes | PictureError


def sorted_sources(sources: Sequence[str]) -> "tuple[list[Job], list[FilmSource]]":
    """The pictures and the films that the sources name, each in their order."""
    from uepnet.film.naming import FilmSource

    pictures, films = [], []
    for source in sources:
        for found in _found(source):
            if isinstance(found, FilmSource):
                films.append(found)
            else:
                pictures.append(found)
    return pictures, films


def _found(source: str) -> "Iterator[Job | FilmSource]":
    from uepnet.film.naming import film_source
    from uepnet.inference.sources import pictures_of

    if source == STDIN:
        yield Job(STDIN, _stdin())
        return
    film = film_source(source)
    if film is not None:
        yield film
        return
    try:
        files = pictures_of(source)
    except PictureError as problem:
        yield Job(source, problem)
        return
    for file in files:
        yield film_source(str(file)) or Job(str(file), file)


def _stdin() -> bytes | PictureError:
    """Read here and not in the thread that reads files: a pipe that never ends could not be left with Ctrl-C there."""
    if sys.stdin is None or sys.stdin.isatty():
        return PictureError("-: nothing is piped in; give a picture, as in `uepnet count - < photo.jpg`")
    content = sys.stdin.buffer.read(MOST_PIPED + 1)
    if len(content) > MOST_PIPED:
        return PictureError(f"-: more than {MOST_PIPED / 1e9:.0f} GB come from standard input; no picture is so large")
    if not content:
        return PictureError("-: standard input is empty; pipe a picture in, as in `uepnet count - < photo.jpg`")
    return content
