"""What a person calls a film or a camera: a file, an address or a device; and how it may be shown to others."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from uepnet.inference.sources import VIDEO_SUFFIXES

SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
WHOLE_FILMS = VIDEO_SUFFIXES - {".ts"}
"""How the address of a film ends that has an end; segments of streams are .ts."""
WEBCAM = re.compile(r"camera:(\d{1,3})")
DEVICES = "/dev/video"
IN_TEXT = re.compile(r"(?i)\b(?:rtsps?|https?)://[^\s'\"]+")


@dataclass(frozen=True)
class FilmSource:
    """`address` is what is opened, `name` what is shown: without a password or what follows a question mark.

    A `live` source shows what is now and has no end; `device` is a camera at this machine.
    """

    address: str
    name: str
    live: bool
    device: bool = False


def film_source(text: str) -> FilmSource | None:
    """The film or camera that a text names, None where it names something else.

    >>> film_source("rtsp://admin:secret@10.0.0.7/live?token=3")
    FilmSource(address='rtsp://admin:secret@10.0.0.7/live?token=3', name='rtsp://10.0.0.7/live', live=True, device=False)
    >>> film_source("camera:1").address, film_source("photo.jpg")
    ('/dev/video1', None)
    """
    webcam = WEBCAM.fullmatch(text)
    if webcam is not None:
        return FilmSource(f"{DEVICES}{webcam[1]}", text, live=True, device=True)
    if text.startswith(DEVICES):
        return FilmSource(text, text, live=True, device=True)
    scheme, colon, _ = text.partition("://")
    if colon and scheme.lower() in SCHEMES:
        ending = PurePosixPath(text.partition("?")[0]).suffix.lower()
        return FilmSource(text, shown(text), live=scheme.lower().startswith("rtsp") or ending not in WHOLE_FILMS)
    path = Path(text)
    if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file():
        return FilmSource(str(path.absolute()), text, live=False)  # no name is taken for a protocol then
    return None


def shown(address: str) -> str:
    """An address without user, password and query, which are secrets more often than not."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"{address.partition('://')[0]}://..."
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def without_secrets(message: str) -> str:
    """A message of a library with every address in it as `shown` has it."""
    return IN_TEXT.sub(lambda found: shown(found[0]), message)
