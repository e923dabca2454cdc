"""Seconds only go up, whatever a film's clock says, and each span of time has one frame."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.film.timing import Every, FrameClock


@given(
    st.lists(st.one_of(st.none(), st.floats(), st.floats(-1e5, 1e5)), max_size=40),
    st.one_of(st.none(), st.floats(-1e5, 1e5)),
)
def test_time_only_goes_up(said: list[float | None], start: float | None) -> None:
    clock = FrameClock(start=start, interval=0.04)
    seconds = [clock.seconds(one) for one in said]
    assert all(math.isfinite(one) and one >= 0 for one in seconds)
    assert seconds == sorted(seconds)


def test_a_clock_that_starts_anew_goes_on_where_it_was() -> None:
    clock = FrameClock(start=None, interval=0.5)
    assert [clock.seconds(said) for said in (7.0, 7.5, 8.0, 0.0, 2.0, None)] == [0.0, 0.5, 1.0, 1.5, 3.5, 4.0]


def test_the_film_s_own_beginning_is_0() -> None:
    assert FrameClock(start=5.0, interval=0.5).seconds(5.25) == 0.25


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.inf, math.nan])
def test_impossible_spans_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Every(seconds)
