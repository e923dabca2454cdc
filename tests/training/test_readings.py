"""Losses that are looked at now and then."""

import math

import pytest
import torch

from uepnet.errors import TrainingError
from uepnet.training.readings import Readings, Step


def add(readings: Readings, number: int, *, loss: float = 2.0, norm: float = 1.0) -> None:
    readings.add(number, loss=torch.tensor(loss, requires_grad=True), norm=torch.tensor(norm), rate=0.5)


def test_steps_come_in_their_order_when_they_are_due() -> None:
    readings = Readings(every=3)
    assert not readings.due
    assert readings.take() == []
    due = []
    for number in (1, 2, 3):
        add(readings, number, loss=float(number))
        due.append(readings.due)
    assert due == [False, False, True]
    assert readings.take() == [Step(number, float(number), 1.0, 0.5) for number in (1, 2, 3)]
    assert readings.take() == []


@pytest.mark.parametrize(
    ("values", "said"), [({"loss": math.nan}, "loss is nan"), ({"norm": math.inf}, "gradient is inf")]
)
def test_the_first_step_that_is_no_finite_number_is_named(values: dict[str, float], said: str) -> None:
    readings = Readings(every=20)
    for number in (1, 2):
        add(readings, number)
    for number in (3, 4):
        add(readings, number, **values)
    with pytest.raises(TrainingError, match=f"{said} at step 2"):
        readings.take()
