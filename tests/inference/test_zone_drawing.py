"""Zones are seen on the picture: their outlines where they are, what they leave out hatched, and their words."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageColor

from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zone_drawing import dashes, draw_zones
from uepnet.inference.zone_style import STYLES

SQUARE = ((50.0, 30.0), (150.0, 30.0), (150.0, 120.0), (50.0, 120.0))
HOLE = ((80.0, 80.0), (120.0, 80.0), (120.0, 110.0), (80.0, 110.0))
UNIT = 12


def drawn(result: CountResult, *zones: ZoneCount, scale: int = 3) -> np.ndarray:
    """The zones on a grey view, as whole numbers that can be subtracted."""
    view = Image.new("RGB", (result.width * scale, result.height * scale), "#646464")
    return np.asarray(draw_zones(view, replace(result, zones=zones), unit=UNIT)).astype(int)


def like(pixels: np.ndarray, colour: str) -> np.ndarray:
    return np.abs(pixels - np.array(ImageColor.getrgb(colour)[:3])).sum(axis=-1) < 60


@pytest.mark.parametrize("scale", [1, 3, 7])
def test_the_outline_is_where_the_zone_is(result: CountResult, scale: int) -> None:
    pixels = drawn(result, ZoneCount("bar", 3.0, None, None, include=(SQUARE,)), scale=scale)
    white = like(pixels, "#ffffff")
    assert white[round(75 * scale), round(50 * scale) - 1 : round(50 * scale) + 2].any()
    assert white[round(120 * scale) - 1 : round(120 * scale) + 2, round(100 * scale)].any()
    outside = np.ones_like(white)
    margin = UNIT
    outside[30 * scale - margin : 120 * scale + margin, 50 * scale - margin : 150 * scale + margin] = False
    assert (pixels[outside] == 100).all()


def test_statuses_differ_in_colour_and_in_the_length_of_what_is_drawn(result: CountResult) -> None:
    """Along the lower side: a line drawn through, dashes and shorter dashes."""
    shares = {}
    for status in STYLES:
        pixels = drawn(result, ZoneCount("bar", 3.0, None, None, status=status, limit=3.0, include=(SQUARE,)))
        shares[status] = like(pixels[358:363, 160:440], STYLES[status].colour).any(axis=0).mean()
    assert shares["ok"] == shares[None] == shares["over"] == 1
    assert 0.6 < shares["near limit"] < 0.85
    assert 0.4 < shares["may be over"] < shares["near limit"]


def test_over_is_the_thickest_line(result: CountResult) -> None:
    thick, thin = (
        like(
            drawn(result, ZoneCount("bar", 3.0, None, None, status=status, limit=3.0, include=(SQUARE,))),
            STYLES[status].colour,
        )[340:380, 300].sum()
        for status in ("over", "ok")
    )
    assert thick >= 2 * thin


def test_what_is_left_out_is_hatched(result: CountResult) -> None:
    zone = ZoneCount("bar", 3.0, None, None, include=(SQUARE,), exclude=(HOLE,))
    changed = (drawn(result, zone) != drawn(result, replace(zone, exclude=()))).any(axis=2)
    assert changed[250:320, 250:350].all()
    assert not changed[340:352, 200:400].any()


def test_a_zone_without_outline_has_a_label_only(result: CountResult) -> None:
    pixels = drawn(result, ZoneCount("everything", 3.0, None, None))
    assert (pixels != 100).any()
    assert (pixels[200:] == 100).all()


def test_dashes_cover_their_share_and_end_with_the_line() -> None:
    line = [(0.0, 0.0), (30.0, 0.0), (30.0, 40.0)]
    pieces = list(dashes(line, dash=4.0, gap=6.0))
    lengths = [sum(np.hypot(*np.subtract(b, a)) for a, b in itertools.pairwise(piece)) for piece in pieces]
    assert lengths == pytest.approx([4.0] * 7)
    assert pieces[3] == [(30.0, 0.0), (30.0, 4.0)]
