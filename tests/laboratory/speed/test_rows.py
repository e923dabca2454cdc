"""What a speed is worth against its aim."""

import pytest

from uepnet.laboratory.speed.rows import Aim, Speed, Use


def speed(aim: Aim, *, seconds: float = 0.5) -> Speed:
    return Speed("part", "name", seconds, 20.0, aim=aim, use=Use("copy", 300.0, 1000.0), note="how")


@pytest.mark.parametrize(
    ("aim", "seconds", "met"),
    [
        (Aim(40), 0.5, True),
        (Aim(41), 0.5, False),
        (Aim(40, most_seconds=0.5), 0.5, True),
        (Aim(40, most_seconds=0.49), 0.5, False),
        (Aim(0.6, against="limit"), 0.5, True),
        (Aim(0.61, against="limit"), 0.5, False),
        (Aim(0.6, against="limit"), 0.6, False),
    ],
)
def test_an_aim_is_met_or_not(aim: Aim, seconds: float, met: bool) -> None:
    assert speed(aim, seconds=seconds).met is met


def test_the_record() -> None:
    record = speed(Aim(1000)).as_json()
    assert (record["times_plain"], record["share"], record["aim"], record["met"]) == (40.0, 0.6, "1,000 x plain", False)
    assert (record["part"], record["name"], record["limit"], record["note"]) == ("part", "name", "copy", "how")
