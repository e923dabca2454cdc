"""Who may ask at all: names of the server, pages of other sites, and the key; before anything of the body is read.

The server listens on this machine alone unless told otherwise, but a browser on this machine shows pages of strangers. Their
name may be made to point here (DNS rebinding), so only names that are ours are answered; and they may send forms here, so what
changes or costs something is answered to our own page and to programs alone.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from uepnet.serving.refusals import CrossSiteError, UnknownHostError, WrongKeyError

OPEN = frozenset({"/healthz", "/openapi.json"})
"""Answered without a key, as is the page itself, which holds nothing but how to ask for one."""
OURS = frozenset({"same-origin", "none"})
"""What browsers send in `Sec-Fetch-Site` for our own page and for addresses that a person typed."""
PORTS = {"http": 80, "https": 443}


class Guard:
    """The checks of one server; `names` are those that it is called by, besides localhost and addresses in digits."""

    def __init__(self, *, names: Iterable[str] = (), api_key: str | None = None) -> None:
        self._names = frozenset({"localhost", *(name.lower().rstrip(".") for name in names)})
        self._key = None if api_key is None else _digest(api_key.encode())

    def check(self, *, method: str, path: str, headers: Headers) -> None:
        """Raise the `RefusedError` that fits, in the order name, site, key."""
        self._check_host(headers.get("host", ""))
        if method not in ("GET", "HEAD", "OPTIONS"):
            _check_site(headers)
        if self._key is not None and path not in OPEN and (path.startswith("/v1/") or path == "/metrics"):
            self._check_key(headers)

    def _check_host(self, host: str) -> None:
        name = _host_and_port(f"http://{host}")[0]
        if name in self._names or _is_address(name):
            return
        raise UnknownHostError(
            f"this server is not called {name[:100]!r}; ask for it by its address, or start it with --allow-host"
        )

    def _check_key(self, headers: Headers) -> None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        given = key.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        if not hmac.compare_digest(_digest(given.encode("latin-1", errors="replace")), self._key or b""):
            raise WrongKeyError("a key is wanted: send it as `Authorization: Bearer KEY`, or as `X-API-Key: KEY`")


def _check_site(headers: Headers) -> None:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return  # a program; browsers send at least one of the two with what changes something
    if not (site in OURS if site is not None else _is_here(origin or "", headers.get("host", ""))):
        raise CrossSiteError("this comes from a page of another site; open this server's own page, or use a program")


def _is_here(origin: str, host: str) -> bool:
    """Whether a page's origin is the name that it asked for; a proxy with TLS hides its scheme from us."""
    scheme, separated, _ = origin.partition("://")
    return bool(separated) and _host_and_port(origin) == _host_and_port(f"{scheme}://{host}")


def _host_and_port(address: str) -> tuple[str, int | None]:
    """Name in lower case and port of an address; an address that is none has the name ''."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return "", None


def _is_address(name: str) -> bool:
    """Whether the name is an IP address, which no stranger's name can be made to be."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _digest(key: bytes) -> bytes:
    """Of one length, so that comparing takes the same time for every key."""
    return hashlib.sha256(key).digest()
