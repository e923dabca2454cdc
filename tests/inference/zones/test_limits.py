"""The status of a zone follows its definition, step by step from empty to full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.inference.zones.limits import limit_of, status_of

ORDER = ("ok", "near limit", "may be over", "over")


@pytest.mark.parametrize(
    ("count", "high", "status"),
    [
        (0.0, None, "ok"),
        (90.4, None, "ok"),
        (90.6, None, "near limit"),
        (100.4, None, "near limit"),
        (100.6, None, "over"),
        (50.0, 100.4, "ok"),
        (50.0, 100.6, "may be over"),
        (95.0, 100.6, "may be over"),
        (95.0, 99.0, "near limit"),
        (101.0, 180.0, "over"),
    ],
)
def test_around_a_limit_of_a_hundred(count: float, high: float | None, status: str) -> None:
    assert status_of(count, high=high, limit=100.0) == status


def test_nobody_may_be_where_the_limit_is_0() -> None:
    assert [status_of(count, high=None, limit=0.0) for count in (0.0, 0.4, 0.6)] == ["ok", "ok", "over"]


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0, 200), st.floats(0, 200))
def test_more_people_are_never_a_better_status(count: float, more: float, spread: float, limit: float) -> None:
    before = status_of(count, high=count + spread, limit=limit)
    after = status_of(count + more, high=count + more + spread, limit=limit)
    assert before is not None
    assert after is not None
    assert ORDER.index(after) >= ORDER.index(before)


def test_without_a_limit_there_is_no_status() -> None:
    assert limit_of(people_limit=None, density_limit=None, area_m2=10.0) is None
    assert status_of(1e6, high=None, limit=None) is None


def test_the_lower_limit_holds() -> None:
    assert limit_of(people_limit=30, density_limit=4.0, area_m2=10.0) == 30
    assert limit_of(people_limit=50, density_limit=4.0, area_m2=10.0) == 40
    assert limit_of(people_limit=50, density_limit=None, area_m2=None) == 50
    with pytest.raises(ValueError, match="needs the zone's area"):
        limit_of(people_limit=50, density_limit=4.0, area_m2=None)
