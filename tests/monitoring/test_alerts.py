"""Alerts: raised once after a while above, cleared once clearly below, never fluttering, silent where nothing is counted."""

from collections.abc import Callable

import numpy as np
import pytest
from pydantic import ValidationError

from uepnet.film.moment import Moment
from uepnet.monitoring.alerts import Alert, AlertRule

Make = Callable[..., Moment]


def told(alert: Alert, moments: list[Moment]) -> list[tuple[float, bool, float]]:
    """When what was raised (True) or cleared, and the number."""
    changes = [(moment.seconds, alert.look(moment)) for moment in moments]
    return [(seconds, change.raised, change.value) for seconds, change in changes if change is not None]


def test_raised_and_cleared_once(make_moment: Make) -> None:
    alert = Alert(AlertRule(above=50.0, for_seconds=3.0))
    people = [40, 60, 60, 60, 60, 60, 48, 46, 44, 44, 44, 44, 44, 60]
    moments = [make_moment(float(at), float(number)) for at, number in enumerate(people)]
    assert told(alert, moments) == [(4.0, True, 60.0), (11.0, False, 44.0)]


def test_a_number_at_the_threshold_does_not_flutter(make_moment: Make) -> None:
    """Without the distance between raising and clearing this would be told a hundred times."""
    alert = Alert(AlertRule(above=50.0, for_seconds=0.0))
    noisy = 50.0 + np.random.default_rng(0).uniform(-4.0, 4.0, 400)
    assert len(told(alert, [make_moment(float(at), float(people)) for at, people in enumerate(noisy)])) == 1


def test_a_short_peak_is_not_told(make_moment: Make) -> None:
    alert = Alert(AlertRule(above=50.0, for_seconds=3.0))
    assert told(alert, [make_moment(float(at), 60.0 if at % 3 else 40.0) for at in range(60)]) == []


def test_no_count_is_no_all_clear(make_moment: Make) -> None:
    alert = Alert(AlertRule(above=50.0, for_seconds=2.0))
    moments = [make_moment(float(at), 60.0) for at in range(4)]
    moments += [make_moment(float(at), 0.0, state="dark") for at in range(4, 60)]
    assert told(alert, moments) == [(2.0, True, 60.0)]
    assert alert.raised


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (AlertRule(measure="people", zone="stage", above=50.0, for_seconds=0.0), 60.0),
        (AlertRule(measure="density", zone="stage", above=2.5, for_seconds=0.0), 3.0),
        (AlertRule(measure="capacity", zone="stage", above=0.5, for_seconds=0.0), 0.6),
        (AlertRule(measure="people", by="low", above=45.0, for_seconds=0.0), 50.0),
        (AlertRule(measure="people", by="high", above=65.0, for_seconds=0.0), 70.0),
    ],
)
def test_what_is_compared(make_moment: Make, rule: AlertRule, value: float) -> None:
    assert told(Alert(rule), [make_moment(0.0, 60.0)]) == [(0.0, True, value)]
    assert told(Alert(rule), [make_moment(0.0, 10.0)]) == []


def test_growth_is_in_people_a_minute(make_moment: Make) -> None:
    alert = Alert(AlertRule(measure="growth", above=20.0, for_seconds=0.0, over_seconds=30.0))
    moments = [make_moment(float(at), 100.0 + at * 0.5) for at in range(60)]
    assert told(alert, moments) == [(30.0, True, 30.0)]


def test_growth_is_not_measured_across_a_cut(make_moment: Make) -> None:
    alert = Alert(AlertRule(measure="growth", above=20.0, for_seconds=0.0, over_seconds=30.0))
    moments = [make_moment(float(at), 100.0) for at in range(40)]
    moments += [make_moment(float(at), 400.0, scene=2) for at in range(40, 90)]
    assert told(alert, moments) == []


def test_a_fall_is_a_negative_growth(make_moment: Make) -> None:
    assert AlertRule(measure="growth", above=-10.0).cleared_at < -10.0


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"above": 5.0, "clear": 5.0}, "cleared below"),
        ({"above": 5.0, "measure": "density"}, "that of a zone"),
        ({"above": 5.0, "measure": "noise"}, "people"),
        ({"above": 5.0, "zones": "a"}, "Extra"),
    ],
)
def test_impossible_rules_are_refused(settings: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        AlertRule.model_validate(settings)
