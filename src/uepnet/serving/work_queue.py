"""The threads that count, and the queue before them: bounded, left by clients that go, emptied before the server stops."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from uepnet.serving.deadline import Deadline
from uepnet.serving.refusals import BusyError, StoppingError

Answer = TypeVar("Answer")


class ClientGoneError(Exception):
    """The client has closed its connection."""


class WorkQueue:
    """`workers` threads and room for `waiting` pieces of work more; `seconds` is what each may take, waiting included.

    Its methods belong to the event loop; the work runs in a thread.
    """

    def __init__(self, *, workers: int, waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="count")
        self._workers = workers
        self._room = workers + waiting
        self._seconds = seconds
        self._held = 0
        self._stopping = False

    @property
    def counting(self) -> int:
        """Pieces of work in a thread."""
        return min(self._held, self._workers)

    @property
    def waiting(self) -> int:
        """Pieces of work that wait for one."""
        return self._held - self.counting

    def refuse_if_stopping(self) -> None:
        """Raise `StoppingError` where no work is taken any more."""
        if self._stopping:
            raise StoppingError("the server is stopping; send the picture again when it is back")

    def refuse_if_full(self) -> None:
        """Raise `BusyError` where there is no room, and `StoppingError` where there will be none; before a body is read."""
        self.refuse_if_stopping()
        if self._held >= self._room:
            raise BusyError(f"{self._held} pictures are counted or wait already; send the picture again in a moment")

    async def run(self, work: Callable[[Deadline], Answer], *, gone: Awaitable[None]) -> Answer:
        """The answer of a piece of work.

        Raises what the work raises, `OutOfTimeError` when its time is over, and `ClientGoneError` once `gone` is done;
        the place in the queue is free again only when the thread has really let go of the work.
        """
        self.refuse_if_full()
        deadline = Deadline(self._seconds)
        loop = asyncio.get_running_loop()
        self._held += 1
        future = self._threads.submit(_checked, work, deadline)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._let_go))
        answer: asyncio.Future[Answer] = asyncio.wrap_future(future)
        leaving: asyncio.Future[None] = asyncio.ensure_future(gone)
        try:
            either: list[asyncio.Future[Any]] = [answer, leaving]
            await asyncio.wait(either, timeout=deadline.remaining(), return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            if leaving.done():
                raise ClientGoneError
            raise deadline.passed()
        finally:
            deadline.abandon()
            answer.cancel()
            leaving.cancel()
            with suppress(asyncio.CancelledError):
                await leaving

    def _let_go(self) -> None:
        self._held -= 1

    def close(self) -> None:
        """Take no more work; what is in hand goes on."""
        self._stopping = True

    async def stop(self) -> None:
        """Take no more, and wait for what is in the threads."""
        self.close()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=False)


def _checked(work: Callable[[Deadline], Answer], deadline: Deadline) -> Answer:
    """Work that is not begun once nobody waits for it."""
    deadline.check()
    return work(deadline)
