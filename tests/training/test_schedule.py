"""The learning rate over a training."""

import math

import pytest

from uepnet.training.config import OptimiserConfig
from uepnet.training.schedule import Cosine, Plateau, make_schedule


def test_cosine_rises_then_falls_to_nothing() -> None:
    schedule = Cosine(steps=110, warm_up=10)
    factors = [schedule.factor(step) for step in range(110)]
    assert factors[:11] == pytest.approx([min(1.0, (step + 1) / 11) for step in range(11)])
    assert factors[60] == pytest.approx(0.5 * (1 + math.cos(math.pi / 2)))
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[-1] < 0.001


def test_cosine_follows_the_clock_where_there_is_one() -> None:
    schedule = make_schedule(OptimiserConfig(warm_up=10), steps=1000, minutes=2.0)
    assert schedule.factor(5, seconds=60.0) == pytest.approx(6 / 11), "the warm-up goes by steps"
    assert schedule.factor(20, seconds=60.0) == pytest.approx(0.5)
    assert schedule.factor(20, seconds=120.0) == pytest.approx(0.0)
    assert schedule.factor(20, seconds=500.0) == pytest.approx(0.0)
    assert schedule.factor(999, seconds=1.0) < 0.001, "the steps may end first"


def test_plateau_falls_to_a_tenth_when_the_mean_loss_stagnates() -> None:
    schedule = Plateau(patience=3, warm_up=0)
    for loss in (5.0, 5.0, 5.0, 4.0, 4.0, 4.0):
        schedule.observe(loss)
    assert schedule.factor(6) == 1.0
    for loss in (4.0, 4.0, 4.0):
        schedule.observe(loss)
    assert schedule.factor(9) == pytest.approx(0.1)
    for loss in (6.0, 1.0, 4.9):
        schedule.observe(loss)
    assert schedule.factor(12) == pytest.approx(0.1), "the mean of the window fell, single losses do not matter"


def test_plateau_goes_on_from_its_state() -> None:
    whole, first, second = (Plateau(patience=4, warm_up=2) for _ in range(3))
    losses = [3.0, 2.0, 4.0, 1.0, 9.0, 9.0, 9.0, 9.0, 2.0]
    for loss in losses:
        whole.observe(loss)
    for loss in losses[:6]:
        first.observe(loss)
    second.state.update(first.state)
    for loss in losses[6:]:
        second.observe(loss)
    assert second.state == whole.state


def test_make_schedule_takes_the_one_named() -> None:
    assert isinstance(make_schedule(OptimiserConfig(schedule="cosine"), steps=10), Cosine)
    assert isinstance(make_schedule(OptimiserConfig(schedule="plateau"), steps=10), Plateau)
