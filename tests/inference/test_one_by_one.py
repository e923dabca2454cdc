"""One picture at a time, in memory too."""

import gc
import weakref

import numpy as np

from uepnet.errors import OutputError, PictureError
from uepnet.inference.one_by_one import one_by_one


def test_no_picture_is_left_when_the_next_is_read() -> None:
    living: list[weakref.ref[np.ndarray]] = []

    def read(job: int) -> np.ndarray:
        gc.collect()
        assert not any(held() is not None for held in living)
        picture = np.full((2, 2, 3), job, dtype=np.uint8)
        living.append(weakref.ref(picture))
        return picture

    outcomes = one_by_one(range(4), read=read, count=lambda _, picture: int(picture.sum()), write=lambda *_: None)
    assert [outcome.result for outcome in outcomes] == [0, 12, 24, 36]


def test_an_error_is_the_outcome_of_its_own_job() -> None:
    def read(job: str) -> str:
        if job == "unreadable":
            raise PictureError("unreadable")
        return job

    def write(job: str, picture: str, result: int) -> None:
        if job == "unwritable":
            raise OutputError("unwritable")

    jobs = ["a", "unreadable", "unwritable", "b"]
    outcomes = list(one_by_one(jobs, read=read, count=lambda job, _: len(job), write=write))
    assert [outcome.result for outcome in outcomes] == [1, None, 10, 1]
    assert [str(outcome.error) for outcome in outcomes] == ["None", "unreadable", "unwritable", "None"]
