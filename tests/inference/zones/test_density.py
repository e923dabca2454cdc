"""Levels begin where Fruin's thresholds are."""

import pytest

from uepnet.inference.zones.density import LEVELS, level_of


@pytest.mark.parametrize(
    ("threshold", "below", "at"),
    [
        (0.43, "free", "constrained"),
        (2.0, "constrained", "reduced speed"),
        (3.6, "reduced speed", "involuntary contact"),
        (5.6, "involuntary contact", "dangerous forces"),
        (7.1, "dangerous forces", "static critical"),
    ],
)
def test_a_level_begins_at_its_threshold(threshold: float, below: str, at: str) -> None:
    assert (level_of(threshold - 1e-9), level_of(threshold)) == (below, at)


def test_every_density_has_a_level() -> None:
    assert [threshold for threshold, _ in LEVELS] == sorted(threshold for threshold, _ in LEVELS)
    assert (level_of(0.0), level_of(1e9)) == ("free", "static critical")
    with pytest.raises(ValueError, match=r"0 or more people per square metre, not -0\.1"):
        level_of(-0.1)
