"""Opening a film or a stream with PyAV: with limits on time, size and on what the content may make the library open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from uepnet.errors import FilmError, MissingExtraError
from uepnet.film.naming import FilmSource, without_secrets

if TYPE_CHECKING:
    from av.container import InputContainer

FILE_FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,mjpeg"
"""What a film file may be: no playlists, which would make the library open other files and addresses."""
NETWORK_PROTOCOLS = "http,https,rtsp,rtsps,rtp,udp,tcp,tls,crypto"
"""What a stream may lead to: never a file of this machine."""


@dataclass(frozen=True)
class ReadLimits:
    """The most that is waited for, in seconds, to open a source and for each piece of it; and the largest frame."""

    open_seconds: float = 10.0
    read_seconds: float = 10.0
    megapixels: float = 64.0


@contextmanager
def opened(source: FilmSource, limits: ReadLimits) -> "Iterator[InputContainer]":
    """The opened film; whatever the library raises in the block becomes a `FilmError` that names the source."""
    try:
        import av
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{source.name}: films and cameras need PyAV; install it with pip install 'uepnet[video]'"
        ) from error
    _refuse_what_is_no_film(source)
    try:
        with av.open(
            source.address,
            format="v4l2" if source.device else None,
            container_options=_options(source),
            timeout=(limits.open_seconds, limits.read_seconds),
            metadata_errors="replace",
        ) as container:
            yield container
    except av.FFmpegError as error:
        raise FilmError(f"{source.name}: {reason(error, source, limits)}") from error
    except UnicodeError as error:
        raise FilmError(f"{source.name}: this name cannot be opened; rename the file") from error


def reason(error: "Exception", source: FilmSource, limits: ReadLimits) -> str:
    """What happened and what to do, in one line."""
    said = without_secrets(getattr(error, "strerror", None) or str(error))
    name = type(error).__name__
    if name == "ExitError":
        return (
            f"nothing came within {limits.read_seconds:g} seconds; look whether the camera is on and reached from here"
        )
    if name == "InvalidDataError" and source.live:
        return "no stream came that can be read; look whether the address is right and the camera is on"
    if name == "InvalidDataError":
        return "this is no film that can be read, or it is damaged; play it in a player to see, or convert it to .mp4"
    if name in ("HTTPUnauthorizedError", "HTTPForbiddenError"):
        return f"the camera refuses the user or the password ({said})"
    return said if source.live else f"the film cannot be read ({said})"


def _refuse_what_is_no_film(source: FilmSource) -> None:
    path = Path(source.address)
    if source.device:
        if not path.exists():
            raise FilmError(f"{source.name}: there is no camera at {path}; `ls /dev/video*` shows those there are")
    elif "://" not in source.address and not path.is_file():  # a pipe would be waited for
        raise FilmError(f"{source.name}: there is no such film")


def _options(source: FilmSource) -> dict[str, str]:
    if source.device:
        return {}
    if "://" not in source.address:
        return {"format_whitelist": FILE_FORMATS, "protocol_whitelist": "file"}
    options = {"protocol_whitelist": NETWORK_PROTOCOLS}
    if source.address.lower().startswith("rtsp"):
        options["rtsp_flags"] = "prefer_tcp"
    return options
