"""Reading, counting and writing pictures one after the other: for pictures of which memory holds only one at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from uepnet.errors import UepnetError
from uepnet.inference.pipeline import Outcome

Job = TypeVar("Job")
Picture = TypeVar("Picture")
Result = TypeVar("Result")


def one_by_one(
    jobs: Iterable[Job],
    *,
    read: Callable[[Job], Picture],
    count: Callable[[Job, Picture], Result],
    write: Callable[[Job, Picture, Result], None],
) -> Iterator[Outcome[Job, Result]]:
    """What `overlapped` gives, with no picture in memory while the next one is read.

    >>> outcomes = one_by_one([2, 3], read=lambda side: side, count=lambda _, side: side**2, write=lambda *_: None)
    >>> [(outcome.job, outcome.result) for outcome in outcomes]
    [(2, 4), (3, 9)]
    """
    for job in jobs:
        yield _outcome(job, read=read, count=count, write=write)


def _outcome(
    job: Job,
    *,
    read: Callable[[Job], Picture],
    count: Callable[[Job, Picture], Result],
    write: Callable[[Job, Picture, Result], None],
) -> Outcome[Job, Result]:
    try:
        picture = read(job)
        result = count(job, picture)
    except UepnetError as error:
        return Outcome(job, error=error)
    try:
        write(job, picture, result)
    except UepnetError as error:
        return Outcome(job, result, error)
    return Outcome(job, result)
