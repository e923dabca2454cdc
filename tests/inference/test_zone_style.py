"""Every status has a look of its own, with and without colours."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from PIL import ImageColor

from uepnet.inference.result import ZoneCount
from uepnet.inference.zone_style import CASING, STYLES, density_of, people_in, status_in, style_of
from uepnet.inference.zones.limits import Status

ZONE = ZoneCount(
    "bar", 54.6, 40.2, 71.0, area_m2=40.0, density=1.365, level="constrained", status="near limit", limit=60.0
)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = np.array(ImageColor.getrgb(colour)[:3]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_every_status_has_a_style_and_those_that_warn_differ_without_colour() -> None:
    assert set(STYLES) == {None, *get_args(Status)}
    patterns = [(style.dash, style.gap, style.width) for status, style in STYLES.items() if status not in (None, "ok")]
    assert len(set(patterns)) == 3
    assert (STYLES["ok"].dash, STYLES["ok"].gap, STYLES["ok"].width) not in patterns


@pytest.mark.parametrize("status", STYLES)
def test_every_line_stands_out_from_its_edge(status: str | None) -> None:
    """Contrast of at least 3 to 1, as WCAG 2.2 asks of what is no text."""
    assert (luminance(STYLES[status].colour) + 0.05) / (luminance(CASING) + 0.05) >= 3


def test_a_zone_may_have_a_colour_but_keeps_its_pattern() -> None:
    style = style_of(replace(ZONE, colour="#00ff00"))
    assert (style.colour, style.dash, style.gap) == ("#00ff00", STYLES["near limit"].dash, STYLES["near limit"].gap)
    assert style_of(ZONE) == STYLES["near limit"]


def test_words() -> None:
    assert people_in(ZONE) == "55 people (40 to 71)"
    assert people_in(replace(ZONE, count=1.2, low=None)) == "1 person"
    assert density_of(ZONE) == "1.36 per sq m, constrained"
    assert density_of(replace(ZONE, density=None)) == ""
    assert status_in(ZONE) == "near limit 60"
    assert status_in(replace(ZONE, status="ok", limit=1234.9)) == "ok, limit 1,234"
    assert status_in(replace(ZONE, status=None, limit=None)) == ""


def test_a_limit_is_one_number_wherever_it_is_shown() -> None:
    zone = replace(ZONE, limit=187.6)
    assert zone.limit_in_words() == "187"
    assert status_in(zone).endswith(zone.limit_in_words())
    assert zone.density_in_words() in density_of(zone)
    assert replace(ZONE, limit=None, density=None).limit_in_words() == ""
