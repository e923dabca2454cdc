"""Findings as pictures: the points drawn, the suspicious ones ringed and enlarged, repeated pictures side by side."""

import textwrap
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFont

from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.subject import Reading
from uepnet.errors import PictureError

LONGEST_SIDE = 1400
"""Pixels of a picture's longer side in the drawing; half of it where several stand side by side."""
SIDE_BY_SIDE = 4
"""Repeated pictures that are drawn at most."""
MARGIN = 0.06
"""Of the longer side, left free around a picture with points outside; points farther out are drawn on the rim."""
VIEWS, VIEW, REACH = 6, 228, 24.0
"""Suspicious points enlarged at most, the side of such a view, and the picture's pixels that it shows around a point."""
DOT, RING, INK, PAPER = "#40e0d0", "#ff2d2d", "#ffffff", "#16181d"
LINE = 22
"""Pixels of a line of text."""


def draw_finding(finding: Finding) -> Image.Image | None:
    """The finding as a picture, or None where none of its pictures can be read."""
    longest = LONGEST_SIDE if len(finding.pictures) == 1 else LONGEST_SIDE // 2
    panels: list[Image.Image] = []
    views: list[Image.Image] = []
    for reading in finding.pictures[:SIDE_BY_SIDE]:
        try:
            picture = Image.fromarray(reading.subject.data_set.pixels(reading.subject.entry))
        except PictureError:
            continue
        suspicious = finding.points if reading is finding.pictures[0] else finding.points[:0]
        panels.append(_panel(picture, reading, suspicious, longest=longest))
        inside = (suspicious >= 0).all(axis=1) & (suspicious < picture.size).all(axis=1)
        views += [_view(picture, reading, suspicious, centre) for centre in _spread(suspicious[inside])]
    if not panels:
        return None
    rows = [_row(panels[first : first + 2]) for first in range(0, len(panels), 2)]
    return _stacked([*rows, *([_row(views)] if views else [])], title=finding.message)


def _panel(
    picture: Image.Image, reading: Reading, suspicious: Float[np.ndarray, "points 2"], *, longest: int
) -> Image.Image:
    """The whole picture with all of its points, and a rim if some of them are outside."""
    scale = longest / max(picture.size)
    shown = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    outside = reading.heads is not None and not reading.heads.inside().all()
    rim = round(MARGIN * longest) if outside else 0
    panel = Image.new("RGB", (shown.width + 2 * rim, shown.height + 2 * rim), PAPER)
    panel.paste(shown, (rim, rim))
    pen = ImageDraw.Draw(panel)
    inner = np.array([4.0, 4.0]), np.array(panel.size) - 5.0
    for x, y in np.clip(_points(reading) * scale + rim, *inner):
        _disc(pen, x, y, radius=max(1.5, _dot(reading) * scale))
    for x, y in np.clip(suspicious * scale + rim, *inner):
        pen.ellipse((x - 14, y - 14, x + 14, y + 14), outline=RING, width=3)
    return panel


def _view(
    picture: Image.Image, reading: Reading, suspicious: Float[np.ndarray, "points 2"], centre: Float[np.ndarray, " xy"]
) -> Image.Image:
    """What lies around one suspicious point, enlarged; beyond the picture it is black."""
    left, top = centre - REACH
    scale = VIEW / (2 * REACH)
    box = (left, top, left + 2 * REACH, top + 2 * REACH)
    view = picture.transform((VIEW, VIEW), Image.Transform.EXTENT, box, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(view)
    for points, colour in ((_points(reading), DOT), (suspicious, RING)):
        for x, y in (points[np.abs(points - centre).max(axis=1) <= REACH] - (left, top)) * scale:
            _disc(pen, x, y, radius=3.0, colour=colour)
    return view


def _spread(points: Float[np.ndarray, "points 2"]) -> list[Float[np.ndarray, " xy"]]:
    """Some of the points, none of them in the view of another."""
    chosen: list[Float[np.ndarray, " xy"]] = []
    for point in points:
        if len(chosen) < VIEWS and all(np.abs(point - other).max() > REACH for other in chosen):
            chosen.append(point)
    return chosen


def _points(reading: Reading) -> Float[np.ndarray, "heads 2"]:
    return np.zeros((0, 2)) if reading.heads is None else reading.heads.xy


def _dot(reading: Reading) -> float:
    """A dot's radius in the picture's pixels: heads stay visible between the dots of a dense crowd."""
    if reading.heads is None or not len(reading.heads):
        return 1.0
    per_head = np.sqrt(reading.heads.width * reading.heads.height / len(reading.heads))
    return float(min(0.07 * per_head, 0.004 * max(reading.heads.width, reading.heads.height)))


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, *, radius: float, colour: str = DOT) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _row(pictures: Sequence[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + 6 * (len(pictures) - 1)
    row = Image.new("RGB", (width, max(picture.height for picture in pictures)), PAPER)
    left = 0
    for picture in pictures:
        row.paste(picture, (left, 0))
        left += picture.width + 6
    return row


def _stacked(rows: Sequence[Image.Image], *, title: str) -> Image.Image:
    """The rows below each other, under the title."""
    font = ImageFont.load_default(16)
    width = max(700, *(row.width for row in rows))
    lines = textwrap.wrap(title, width=width // 9)
    top = LINE * len(lines) + 10
    sheet = Image.new("RGB", (width, top + sum(row.height + 6 for row in rows)), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        pen.text((8, 5 + LINE * number), line, font=font, fill=INK)
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height + 6
    return sheet
