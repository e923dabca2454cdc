"""Files from the web, kept in a folder, and never used before their content is checked."""

import hashlib
import os
import secrets
from contextlib import closing
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from uepnet.errors import ModelFileError
from uepnet.network.starts.source import Download, OnBytes

TIMEOUT = 30.0
"""Seconds without a byte until a server counts as gone."""
LARGEST = 2 * 2**30
"""Bytes; the largest of the usual state dicts, VGG-19-BN's, is a quarter of this."""
AT_ONCE = 2**20
"""Bytes between two reports of progress."""


def fetch(source: Download, *, folder: Path, on_bytes: OnBytes | None = None) -> Path:
    """The path of the downloaded file; its SHA-256 is checked at every call, and a wrong copy is fetched anew.

    The file is put in place when it is whole and right, so several processes may fetch the same one at once. Raises
    `ModelFileError` if the server cannot be reached, if it leaves encryption, or if the content is another.
    """
    path = folder / "weights" / source.sha256[:16] / source.name
    try:
        if not path.is_file() or _sha256(path) != source.sha256:
            path.parent.mkdir(parents=True, exist_ok=True)
            _download(source, path, on_bytes=on_bytes or _ignore)
    except (OSError, HTTPException, UnicodeError) as error:
        raise ModelFileError(
            f"{source.url}: the download into {path.parent} failed ({error}); the file can also be fetched by other "
            f"means and given by its path"
        ) from error
    return path


def _download(source: Download, path: Path, *, on_bytes: OnBytes) -> None:
    """Fetch beside the path, and put it in place if it is right."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            found, size = _copy(source, file, on_bytes=on_bytes)
            file.flush()
            os.fsync(file.fileno())
        if found != source.sha256:
            raise ModelFileError(
                f"{source.url}: the {size:,} bytes that arrived have the SHA-256 {found}, not {source.sha256}; none of "
                f"them is used. Check the hash, or try again if the connection broke"
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _StaysSecure(HTTPRedirectHandler):
    """Follows a server to another address only if that one is encrypted too."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request for the new address."""
        if urlsplit(newurl).scheme.lower() != "https":
            raise ModelFileError(
                f"{req.full_url}: the server sends us to {newurl}, which is not https; nothing is read"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(source: Download) -> OpenerDirector:
    """Asks this machine directly, and all others by way of the proxies that the environment names."""
    proxies = [ProxyHandler({})] if source.local else []
    return build_opener(_StaysSecure, *proxies)


def _copy(source: Download, part: IO[bytes], *, on_bytes: OnBytes) -> tuple[str, int]:
    """Write what the server sends; its SHA-256 and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with closing(_opener(source).open(source.url, timeout=TIMEOUT)) as answer:
        length = answer.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        while block := answer.read(AT_ONCE):
            size += len(block)
            if size > LARGEST:
                raise ModelFileError(f"{source.url}: more than {LARGEST:,} bytes; these are no encoder's weights")
            part.write(block)
            digest.update(block)
            on_bytes(size, total)
    return digest.hexdigest(), size


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ignore(done: int, total: int | None) -> None:
    """Progress that nobody watches."""
