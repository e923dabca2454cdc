"""One connection: uvicorn's, with a clock against those who open one and then send their request byte by byte, or never."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""From the connection, or the first byte of a further request, to the end of the request's head; and as long for what is
still sent after the answer. The body has a clock of its own."""


class Connection(H11Protocol):
    """Closes a connection that is not at a request for longer than `HEAD_SECONDS`."""

    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for a head."""
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        """Wait, unless a request is being answered."""
        super().data_received(data)
        self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def _wind(self) -> None:
        """Start the clock where the server waits for a head or for the rest of what it no longer needs."""
        waits = self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE
        if not waits:
            self._stop()
        elif self._clock is None:
            self._clock = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
