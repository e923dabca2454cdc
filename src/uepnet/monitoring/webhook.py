"""Messages as JSON by HTTP POST, to a chat, a pager or a program of one's own."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from uepnet.errors import ConfigError
from uepnet.film.naming import shown, without_secrets
from uepnet.monitoring.messages import Message
from uepnet.monitoring.outbox import SendError

SECONDS = 10.0
"""Until a receiver must have answered."""


class Webhook:
    """Posts each message to one address. `ConfigError` for an address that is none."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ConfigError(f"{shown(url)}: a webhook is an http:// or https:// address")
        self.name = shown(url)
        self._url, self._seconds = url, seconds
        self._opener = urllib.request.build_opener(_NoRedirect())

    def send(self, message: Message) -> None:
        """Deliver one; whatever is not answered with a status of 200 to 299 is no delivery."""
        request = urllib.request.Request(  # the scheme is checked above
            self._url, json.dumps(message).encode(), {"Content-Type": "application/json", "User-Agent": "uepnet"}
        )
        try:
            with self._opener.open(request, timeout=self._seconds):
                return
        except (OSError, HTTPException, ValueError) as error:  # urllib's errors are OSErrors
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
            raise SendError(f"{self.name}: the webhook takes no message ({without_secrets(str(reason))})") from error

    def close(self) -> None:
        """There is nothing to let go of."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A receiver that sends messages elsewhere is an error: they would be posted to an address that nobody named."""

    def redirect_request(self, *_: object) -> None:
        """No other request."""
