"""Who may ask: the person who started this, in a browser that was given the address with its one-time token.

Other sites are kept out by name (`Host`, against names that are made to point here) and by `Origin`, other people of this
machine by the key, which a page gets once for a token and sends in a header; so no request that a foreign page can make
carries it.
"""

import hmac
import secrets
import threading
from collections.abc import Callable

from starlette.datastructures import Headers

from uepnet.serving.annotate.refusals import StrangerError

KEY_HEADER = "X-Uepnet-Key"
NAMES = ("127.0.0.1", "localhost")


class Doors:
    """The checks of one run; `say` is told each new address, since a token opens once."""

    def __init__(self, *, port: int, say: Callable[[str], None]) -> None:
        self._hosts = frozenset(f"{name}:{port}" for name in NAMES)
        self._say = say
        self._address = f"http://{NAMES[0]}:{port}/#token="
        self._key = secrets.token_urlsafe(24)
        self._token = secrets.token_urlsafe(24)
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """What to open in a browser, once."""
        return self._address + self._token

    def check_site(self, headers: Headers) -> None:
        """Refuse names that are not ours, and pages of other sites."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            raise StrangerError(f"this server is not called {host[:80]!r}; open the address in the terminal")
        if origin is not None and origin not in {f"http://{name}" for name in self._hosts}:
            raise StrangerError("this comes from a page of another site")

    def check_key(self, headers: Headers) -> None:
        """Refuse who has not come in by a token."""
        given = headers.get(KEY_HEADER, "").encode("latin-1", errors="replace")
        if not hmac.compare_digest(given, self._key.encode()):
            raise StrangerError("open the address that the terminal shows; it holds a token that opens this page once")

    def enter(self, token: str) -> str:
        """The key for a token, which is then used up; the next one is said."""
        with self._lock:
            if not hmac.compare_digest(token.encode(errors="replace"), self._token.encode()):
                raise StrangerError(
                    "this address was used before or belongs to an earlier start; the terminal shows the one that opens"
                )
            self._token = secrets.token_urlsafe(24)
        self._say(self.address)
        return self._key
