"""One connection: uvicorn's, with clocks against those who send byte by byte, or never, and who do not read their answers."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""From the connection, or the first byte of a further request, to the end of the request's head; and as long for what is
still sent after the answer. The body has a clock of its own."""
READ_SECONDS = 30.0
"""In which a client takes at least some bytes of an answer that is ready; what it leaves is held in memory."""
MOST_CONNECTIONS = 250
"""At once; further ones are closed unheard."""


class Connection(H11Protocol):
    """Closes a connection that is not at a request for longer than `HEAD_SECONDS`, or reads nothing for `READ_SECONDS`."""

    _clock: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for a head."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        self._wind()

    def on_response_complete(self) -> None:
        """Wait until the client has read it."""
        super().on_response_complete()
        if self._unread is None:
            self._await_reading()

    def data_received(self, data: bytes) -> None:
        """Wait, unless a request is being answered."""
        super().data_received(data)
        self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def _wind(self) -> None:
        """Start the clock where the server waits for a head or for the rest of what it no longer needs."""
        waits = self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE
        if not waits:
            self._stop()
        elif self._clock is None:
            self._clock = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _await_reading(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(READ_SECONDS, self._cut_off, left) if left else None

    def _cut_off(self, left: int) -> None:
        """Close for good where nothing was read since `left` bytes were waiting; else look again later."""
        if self.transport.get_write_buffer_size() >= left:
            self.transport.abort()
        else:
            self._await_reading()

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
