"""Zones drawn over a picture: outlines by status, what is excluded hatched, and a label on each."""

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zone_labels import Placed, Size, place_labels
from uepnet.inference.zone_style import CASING, ZoneStyle, people_in, status_in, style_of

FINER = 2
"""Lines are drawn so many times larger and made smaller again, for smooth edges."""
HATCH = 9.0
"""Distance of the lines over what is excluded, in widths of a line."""
LONGEST_NAME = 22
"""Letters of a name on the picture; the legend has all of it."""
GROUND = "#101216d0"
"""Of a label: dark enough for its words, and light enough to see that a crowd goes on below it."""

Corners = Sequence[tuple[float, float]]


def draw_zones(shown: Image.Image, result: CountResult, *, unit: int) -> Image.Image:
    """The view of a picture with its zones over it; `unit` is the height of small letters in pixels."""
    scale = (shown.width / result.width, shown.height / result.height)
    line = max(1.5, unit / 7)
    layer = Image.new("RGBA", (shown.width * FINER, shown.height * FINER))
    finer = (scale[0] * FINER, scale[1] * FINER)
    excluded = dict.fromkeys(outline for zone in result.zones for outline in zone.exclude)
    if excluded:
        layer = _hatched(layer, [_scaled(outline, finer) for outline in excluded], line * FINER)
    pen = ImageDraw.Draw(layer)
    for zone in sorted(result.zones, key=lambda zone: style_of(zone).width):
        for outline in zone.include:
            _draw_outline(pen, _scaled(outline, finer), style_of(zone), line * FINER)
    drawn = Image.alpha_composite(shown.convert("RGBA"), layer.reduce(FINER))
    return Image.alpha_composite(drawn, _labels(result.zones, view=shown.size, scale=scale, unit=unit)).convert("RGB")


def dashes(corners: Corners, *, dash: float, gap: float) -> Iterator[list[tuple[float, float]]]:
    """The pieces of a line that a dashed one draws, with the corners that they go round.

    >>> list(dashes([(0, 0), (4, 0), (4, 4)], dash=5, gap=1))
    [[(0.0, 0.0), (4.0, 0.0), (4.0, 1.0)], [(4.0, 2.0), (4.0, 4.0)]]
    """
    points = np.array(corners, dtype=np.float64)
    at = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    for begin in np.arange(0.0, at[-1], dash + gap):
        end = min(begin + dash, at[-1])
        stops = [begin, *at[(at > begin) & (at < end)], end]
        yield [(float(np.interp(stop, at, points[:, 0])), float(np.interp(stop, at, points[:, 1]))) for stop in stops]


def _scaled(outline: Corners, scale: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * scale[0], y * scale[1]) for x, y in outline]


def draw_line(
    pen: ImageDraw.ImageDraw, begin: tuple[float, float], end: tuple[float, float], *, style: ZoneStyle, line: float
) -> None:
    """One straight line in a style, as the outlines have it."""
    _draw_outline(pen, [begin, end], style, line, closed=False)


def _draw_outline(
    pen: ImageDraw.ImageDraw, corners: Corners, style: ZoneStyle, line: float, *, closed: bool = True
) -> None:
    width = line * style.width
    around = (
        [*corners, *corners[:2]] if closed else list(corners)
    )  # past the first corner: it is joined like the others
    pen.line(around, fill=CASING, width=round(width + 1.6 * line), joint="curve")
    if style.gap == 0:
        pen.line(around, fill=style.colour, width=round(width), joint="curve")
        return
    for piece in dashes([*corners, *corners[:1]] if closed else corners, dash=style.dash * line, gap=style.gap * line):
        pen.line(piece, fill=style.colour, width=round(width), joint="curve")


def _hatched(layer: Image.Image, outlines: Sequence[Corners], line: float) -> Image.Image:
    """The layer with slanting lines over what the outlines hold."""
    lines = Image.new("RGBA", layer.size, (*ImageColor.getrgb(CASING), 120))
    pen = ImageDraw.Draw(lines)
    for left in np.arange(-layer.height, layer.width, HATCH * line):
        pen.line([(left, layer.height), (left + layer.height, 0)], fill="#ffffffb0", width=round(line))
    mask = Image.new("1", layer.size)
    for corners in outlines:
        ImageDraw.Draw(mask).polygon(list(corners), fill=1)
    layer = Image.composite(lines, layer, mask)
    pen = ImageDraw.Draw(layer)
    for corners in outlines:
        pen.line([*corners, *corners[:2]], fill="#ffffffe0", width=round(line), joint="curve")
    return layer


def _labels(zones: Sequence[ZoneCount], *, view: Size, scale: tuple[float, float], unit: int) -> Image.Image:
    """All labels on a layer of the size of the view."""
    layer = Image.new("RGBA", view)
    pen = ImageDraw.Draw(layer)
    texts = [_forms(zone, number) for number, zone in enumerate(zones, start=1)]
    sizes = [[_size(lines, unit) for lines in forms] for forms in texts]
    for zone, forms, place in zip(zones, texts, place_labels(zones, sizes, view=view, scale=scale), strict=True):
        _draw_label(pen, forms[place.form], place, style_of(zone), unit)
    return layer


def _forms(zone: ZoneCount, number: int) -> list[list[str]]:
    """What a label may say, from all to a mere number, which the legend explains."""
    name = zone.name if len(zone.name) <= LONGEST_NAME else f"{zone.name[: LONGEST_NAME - 3]}..."
    people, status = f"{round(zone.count):,}", status_in(zone)
    warning = [status] if zone.status not in (None, "ok") else []
    full = [f"{number}. {name}", people_in(zone), *([status] if status else [])]
    return [full, [f"{number}. {name}: {people}", *warning], [f"{number}: {people}", *warning], [f"{number}: {people}"],
            [str(number)]]  # fmt: skip


def _size(lines: Sequence[str], unit: int) -> Size:
    font = ImageFont.load_default(1.15 * unit)
    return round(max(font.getlength(text) for text in lines) + 1.2 * unit), round((1.5 * len(lines) + 0.5) * unit)


def _draw_label(pen: ImageDraw.ImageDraw, lines: Sequence[str], place: Placed, style: ZoneStyle, unit: int) -> None:
    left, top, right, lower = place.box
    around, edge = (left, top, right - 1, lower - 1), max(1, unit // 8)
    pen.rounded_rectangle(around, unit // 3, fill=GROUND, outline=style.colour, width=edge)
    font = ImageFont.load_default(1.15 * unit)
    for row, text in enumerate(lines):
        pen.text((left + 0.6 * unit, top + (1.5 * row + 1.0) * unit), text, font=font, fill="#ffffff", anchor="lm")
