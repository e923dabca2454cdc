"""Pictures are read, counted and written at once, and what a caller sees is as if they were not."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from uepnet.errors import OutputError, PictureError
from uepnet.inference.pipeline import Outcome, overlapped

PATIENCE = 30.0
"""Seconds after which a test gives up on another thread."""


def same(job: int) -> int:
    return job


def tenfold(job: int, picture: int) -> int:
    assert picture == job
    return 10 * job


def nothing(job: int, picture: int, result: int) -> None:
    pass


def collect(outcomes: Iterator[Outcome[int, int]], results: list[int | None]) -> None:
    """Into a list of the caller's, which keeps what came before an error."""
    for outcome in outcomes:
        results.append(outcome.result)  # noqa: PERF401  # a comprehension would keep nothing


@pytest.mark.parametrize("jobs", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("ahead", [1, 2, 20])
def test_outcomes_come_in_the_order_of_the_jobs(jobs: int, ahead: int) -> None:
    def read(job: int) -> int:
        time.sleep(0.002 * (job % 3))
        return job

    def write(job: int, picture: int, result: int) -> None:
        time.sleep(0.002 * ((job + 1) % 3))

    found = list(overlapped(range(jobs), read=read, count=tenfold, write=write, ahead=ahead))
    assert found == [Outcome(job, 10 * job) for job in range(jobs)]


def test_the_next_is_read_and_the_last_written_while_one_is_counted() -> None:
    """Counting the second job waits for both, so it would never end if they came before or after it."""
    third_read, first_written = threading.Event(), threading.Event()
    counting = threading.Event()

    def read(job: int) -> int:
        if job == 2:
            assert counting.wait(PATIENCE)
            third_read.set()
        return job

    def count(job: int, picture: int) -> int:
        if job == 1:
            counting.set()
            assert third_read.wait(PATIENCE)
            assert first_written.wait(PATIENCE)
        return 10 * job

    def write(job: int, picture: int, result: int) -> None:
        if job == 0:
            assert counting.wait(PATIENCE)
            first_written.set()

    found = overlapped(range(3), read=read, count=count, write=write)
    assert [outcome.result for outcome in found] == [0, 10, 20]


def test_as_many_are_counted_at_once_as_asked_for() -> None:
    """Each count waits for the other two, so it would never end if fewer were counted at a time."""
    together = threading.Barrier(3, timeout=PATIENCE)

    def count(job: int, picture: int) -> int:
        together.wait()
        return 10 * job

    found = overlapped(range(6), read=same, count=count, write=nothing, at_once=3)
    assert [outcome.result for outcome in found] == [0, 10, 20, 30, 40, 50]


def test_one_is_counted_at_a_time_unless_asked_otherwise() -> None:
    names = [
        outcome.result
        for outcome in overlapped(
            range(5), read=same, count=lambda *_: threading.current_thread().name, write=lambda *_: None
        )
    ]
    assert len(set(names)) == 1


@pytest.mark.parametrize("ahead", [1, 2, 3])
@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("slow", ["counting", "writing"])
def test_a_bounded_number_of_pictures_is_held(ahead: int, at_once: int, slow: str) -> None:
    held, most = 0, 0
    lock = threading.Lock()

    def hold(change: int) -> None:
        nonlocal held, most
        with lock:
            held += change
            most = max(most, held)

    def read(job: int) -> int:
        hold(1)
        return job

    def count(job: int, picture: int) -> int:
        time.sleep(0.01 * (slow == "counting"))
        return job

    def write(job: int, picture: int, result: int) -> None:
        time.sleep(0.01 * (slow == "writing"))
        hold(-1)

    assert len(list(overlapped(range(25), read=read, count=count, write=write, ahead=ahead, at_once=at_once))) == 25
    assert held == 0
    assert ahead < most <= 2 * ahead + at_once


def test_jobs_are_drawn_no_further_than_they_are_needed() -> None:
    drawn = 0

    def jobs() -> Iterator[int]:
        nonlocal drawn
        for job in range(1000):
            drawn += 1
            yield job

    running = overlapped(jobs(), read=same, count=tenfold, write=nothing, ahead=2)
    for _ in range(5):
        next(running)
    running.close()
    assert drawn <= 5 + 5


def test_an_error_is_the_outcome_of_its_own_job() -> None:
    unreadable, uncountable, unwritable = PictureError("read"), PictureError("count"), OutputError("write")

    def read(job: int) -> int:
        if job == 1:
            raise unreadable
        return job

    def count(job: int, picture: int) -> int:
        if job == 2:
            raise uncountable
        return 10 * job

    def write(job: int, picture: int, result: int) -> None:
        if job == 3:
            raise unwritable

    assert list(overlapped(range(5), read=read, count=count, write=write)) == [
        Outcome(0, 0),
        Outcome(1, None, unreadable),
        Outcome(2, None, uncountable),
        Outcome(3, 30, unwritable),
        Outcome(4, 40),
    ]


def test_what_is_counted_is_written_and_told_when_a_bug_ends_the_run() -> None:
    written: list[int] = []
    failed = threading.Event()

    def count(job: int, picture: int) -> int:
        if job == 3:
            failed.set()
            raise TypeError("a bug")
        return 10 * job

    def write(job: int, picture: int, result: int) -> None:
        if job == 2:
            assert failed.wait(PATIENCE)
        written.append(job)

    told: list[int | None] = []
    with pytest.raises(TypeError, match="a bug"):
        collect(overlapped(range(10), read=same, count=count, write=write), told)
    assert told[:3] == [0, 10, 20]
    assert 30 not in told
    assert [10 * job for job in written] == told
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("uepnet-")]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """An interruption raises `KeyboardInterrupt`, also where the tests run in the background of a shell, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_what_is_counted_is_written_and_told_after_an_interruption() -> None:
    written: list[int] = []

    def count(job: int, picture: int) -> int:
        if job == 3:
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.1)
        return 10 * job

    told: list[int | None] = []
    with pytest.raises(KeyboardInterrupt):
        collect(overlapped(range(100), read=same, count=count, write=lambda job, *_: written.append(job)), told)
    assert told[:4] == [0, 10, 20, 30]
    assert [10 * job for job in written] == told
    assert len(told) < 100
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("uepnet-")]


def test_a_bug_in_writing_ends_the_run_but_loses_no_other_result() -> None:
    all_counted = threading.Event()

    def count(job: int, picture: int) -> int:
        if job == 3:
            all_counted.set()
        return 10 * job

    def write(job: int, picture: int, result: int) -> None:
        if job == 1:
            assert all_counted.wait(PATIENCE)
            raise TypeError("a bug")

    told: list[int | None] = []
    with pytest.raises(TypeError, match="a bug"):
        collect(overlapped(range(4), read=same, count=count, write=write, ahead=5), told)
    assert told == [0, 20, 30]


def test_a_caller_who_leaves_ends_the_threads() -> None:
    running = overlapped(range(100), read=same, count=tenfold, write=nothing)
    assert next(running) == Outcome(0, 0)
    running.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("uepnet-")]


def test_nothing_ahead_is_refused() -> None:
    with pytest.raises(ValueError, match="0 pictures"):
        next(overlapped([1], read=same, count=tenfold, write=nothing, ahead=0))


def test_none_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="0 pictures"):
        next(overlapped([1], read=same, count=tenfold, write=nothing, at_once=0))
