"""Reading, counting and writing many pictures at once, so that the model never waits for a file.

One thread reads ahead, the caller's own counts, and one writes. A single thread reads, since opening a picture sets
warning filters that the whole process shares, and since one is enough: a picture is decoded in a fraction of the time
that counting takes.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from uepnet.errors import UepnetError

AHEAD = 2
"""Pictures that are read before they are counted, and as many that are counted before they are written."""

Job = TypeVar("Job")
Picture = TypeVar("Picture")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Job, Result]):
    """What became of a job: a result, an error, or both where a result could not be written."""

    job: Job
    result: Result | None = None
    error: UepnetError | None = None


def overlapped(
    jobs: Iterable[Job],
    *,
    read: Callable[[Job], Picture],
    count: Callable[[Job, Picture], Result],
    write: Callable[[Job, Picture, Result], None],
    ahead: int = AHEAD,
) -> Generator[Outcome[Job, Result], None, None]:
    """The outcome of each job in the order of the jobs, each once it is written.

    A `UepnetError` becomes the outcome of its own job; any other error, and an interruption, ends the run after the
    outcomes of what is counted by then. At most 2 x `ahead` + 1 pictures are held at a time, and `jobs` is drawn from no
    further ahead than that.

    >>> outcomes = overlapped([2, 3], read=lambda side: side, count=lambda _, side: side**2, write=lambda *_: None)
    >>> [(outcome.job, outcome.result) for outcome in outcomes]
    [(2, 4), (3, 9)]
    """
    if ahead < 1:
        raise ValueError(f"{ahead} pictures cannot be read ahead; give 1 or more")
    waiting = iter(jobs)
    unread: deque[tuple[Job, Future[Picture]]] = deque()
    unwritten: deque[Future[Outcome[Job, Result]]] = deque()
    reader, writer = ThreadPoolExecutor(1, "uepnet-reading"), ThreadPoolExecutor(1, "uepnet-writing")
    try:
        try:
            while True:
                unread.extend((job, reader.submit(read, job)) for job in islice(waiting, ahead + 1 - len(unread)))
                if not unread:
                    break
                unwritten.append(_counted(*unread.popleft(), count=count, write=write, writer=writer))
                yield from _written(unwritten, leave=ahead)
            yield from _written(unwritten, leave=0)
        except (Exception, KeyboardInterrupt):
            yield from _written(unwritten, leave=0)
            raise
    finally:
        reader.shutdown(cancel_futures=True)
        writer.shutdown(cancel_futures=True)


def _counted(
    job: Job,
    reading: "Future[Picture]",
    *,
    count: Callable[[Job, Picture], Result],
    write: Callable[[Job, Picture, Result], None],
    writer: ThreadPoolExecutor,
) -> "Future[Outcome[Job, Result]]":
    """Count the picture, now, and have the result written; an error passes the writer too, which keeps the order."""
    try:
        picture = reading.result()
        result = count(job, picture)
    except UepnetError as error:
        return writer.submit(Outcome, job, error=error)
    return writer.submit(_write, job, picture, result, write)


def _write(
    job: Job, picture: Picture, result: Result, write: Callable[[Job, Picture, Result], None]
) -> Outcome[Job, Result]:
    try:
        write(job, picture, result)
    except UepnetError as error:
        return Outcome(job, result, error)
    return Outcome(job, result)


def _written(unwritten: "deque[Future[Outcome[Job, Result]]]", *, leave: int) -> Iterator[Outcome[Job, Result]]:
    """Take out what is written, and wait for the rest but the last `leave`."""
    while unwritten and (len(unwritten) > leave or unwritten[0].done()):
        wait([unwritten[0]])  # before it is taken out: an interruption while waiting must not lose it
        yield unwritten.popleft().result()
