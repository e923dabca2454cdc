"""Request bodies into memory: never more than may be held, in one request or in all, and never on the disk."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.requests import Request

from uepnet.printable import printable
from uepnet.serving.refusals import BodyTooLargeError, BusyError, MediaTypeError, SlowBodyError


class Budget:
    """The bytes that all bodies may take together."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    @contextmanager
    def holding(self) -> "Iterator[Holding]":
        """What one request holds, given back at its end."""
        holding = Holding(self)
        try:
            yield holding
        finally:
            self._left += holding.taken

    def take(self, size: int) -> None:
        """Count bytes in, or raise `BusyError`."""
        if size > self._left:
            raise BusyError(
                "so many pictures arrive at once that the memory for them is full; send it again in a moment"
            )
        self._left -= size


class Holding:
    """The bytes of one request."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.taken = 0

    def take(self, size: int) -> None:
        """Count further bytes in."""
        self._budget.take(size)
        self.taken += size


async def read_body(request: Request, holding: Holding, *, most: int, seconds: float) -> bytes:
    """The whole body. Raises as `chunks` and `in_time` do."""
    async with in_time(seconds):
        return b"".join([chunk async for chunk in chunks(request, holding, most=most)])


async def chunks(request: Request, holding: Holding, *, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it arrives; `BodyTooLargeError` beyond `most` bytes, from what its head says where it says so.

    Raises `MediaTypeError` for a compressed body: what it grows to would be known too late.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        raise MediaTypeError(
            f"the body is compressed ({printable(packed)[:40]}); send it as it is, without Content-Encoding"
        )
    said = request.headers.get("content-length", "")
    too_large = BodyTooLargeError(
        f"the body has more than {most:,} bytes, which is the limit; save the picture smaller, or as JPEG"
    )
    if said.isdecimal() and int(said) > most:
        raise too_large
    async for chunk in request.stream():
        if holding.taken + len(chunk) > most:
            raise too_large
        holding.take(len(chunk))
        yield chunk


@asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """Raises `SlowBodyError` where what is inside takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise SlowBodyError(f"the body did not arrive within {seconds:g} seconds; send it again") from error
