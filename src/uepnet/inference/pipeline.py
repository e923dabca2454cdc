"""Reading, counting and writing many pictures at once, so that the model never waits for a file.

One thread reads, since opening a picture sets warning filters that the whole process shares, and since one is enough: a
picture is decoded in a fraction of the time that counting takes. One thread writes. Between them as many count as the
caller asks for: on a machine of two cores, two pictures at once with one thread each are counted sooner than one after
the other with two threads each, which would have to wait for one another at every layer.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable
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
    at_once: int = 1,
) -> Generator[Outcome[Job, Result], None, None]:
    """The outcome of each job in the order of the jobs, each once it is written; `at_once` are counted at a time.

    A `UepnetError` becomes the outcome of its own job; any other error, and an interruption, ends the run after the
    outcomes of what is counted by then. At most 2 x `ahead` + `at_once` pictures are held at a time, and `jobs` is
    drawn from no further ahead than that.

    >>> outcomes = overlapped([2, 3], read=lambda side: side, count=lambda _, side: side**2, write=lambda *_: None)
    >>> [(outcome.job, outcome.result) for outcome in outcomes]
    [(2, 4), (3, 9)]
    """
    if ahead < 1:
        raise ValueError(f"{ahead} pictures cannot be read ahead; give 1 or more")
    if at_once < 1:
        raise ValueError(f"{at_once} pictures cannot be counted at once; give 1 or more")
    waiting = iter(jobs)
    running: deque[_Passage[Job, Picture, Result]] = deque()
    reader, writer = ThreadPoolExecutor(1, "uepnet-reading"), ThreadPoolExecutor(1, "uepnet-writing")
    counter = ThreadPoolExecutor(at_once, "uepnet-counting")

    def passage(job: Job) -> "_Passage[Job, Picture, Result]":
        reading = reader.submit(read, job)
        counting = counter.submit(lambda: count(job, reading.result()))
        return _Passage(counting, writer.submit(lambda: _written(job, reading, counting, write)))

    try:
        try:
            while True:
                running.extend(passage(job) for job in islice(waiting, 2 * ahead + at_once - len(running)))
                if not running:
                    break
                yield _first(running)
        except (Exception, KeyboardInterrupt):
            counter.shutdown(wait=False, cancel_futures=True)
            while running:
                if running[0].counted():
                    yield _first(running)
                else:
                    running.popleft()
            raise
    finally:
        for stage in (reader, counter, writer):
            stage.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Passage(Generic[Job, Picture, Result]):
    """One job on its way through the three stages."""

    counting: "Future[Result]"
    writing: "Future[Outcome[Job, Result]]"

    def counted(self) -> bool:
        """Whether there is a result; waits for a count that has begun, which nothing can stop."""
        return not self.counting.cancelled() and self.counting.exception() is None


def _first(running: "deque[_Passage[Job, Picture, Result]]") -> Outcome[Job, Result]:
    """Take out the first outcome when it is written; an error that is none of ours is raised."""
    wait([running[0].writing])  # before it is taken out: an interruption while waiting must not lose it
    return running.popleft().writing.result()


def _written(
    job: Job,
    reading: "Future[Picture]",
    counting: "Future[Result]",
    write: Callable[[Job, Picture, Result], None],
) -> Outcome[Job, Result]:
    try:
        result = counting.result()
    except UepnetError as error:
        return Outcome(job, error=error)
    try:
        write(job, reading.result(), result)
    except UepnetError as error:
        return Outcome(job, result, error)
    return Outcome(job, result)
