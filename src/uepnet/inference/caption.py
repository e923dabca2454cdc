"""The strip below an overlay: the count in words, the scale of the colours, and what counted."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from uepnet.inference.heat_scale import HeatScale, heat_over
from uepnet.inference.result import CountResult
from uepnet.printable import printable

NARROWEST = 480
"""Pixels; the strip is at least so wide, whatever the picture."""
LONGEST = 200
"""Letters of a text that are looked at; no strip has room for more."""
SMALLEST = 0.8
"""Share of the usual size below which words are cut instead of made smaller."""
INK, FAINT, PAPER = "#ffffff", "#b8bcc6", "#16181d"


def unit_of(shown: Image.Image) -> int:
    """The height of small letters on a drawing of a view, in pixels."""
    return max(10, round(max(shown.width, NARROWEST) / 52))


def draw_caption(shown: Image.Image, result: CountResult, *, scale: HeatScale) -> Image.Image:
    """The drawing with a strip below it."""
    width = max(shown.width, NARROWEST)
    unit = unit_of(shown)
    small = ImageFont.load_default(1.15 * unit)
    drawing = Image.new("RGB", (width, shown.height + 7 * unit), PAPER)
    drawing.paste(shown, ((width - shown.width) // 2, 0))
    pen = ImageDraw.Draw(drawing)
    upper, lower = shown.height + 3 * unit, shown.height + round(5.7 * unit)
    left, right = width - 18 * unit, width - 2 * unit
    people, size = result.people(), f", {result.width} x {result.height} pixels"
    room = left - 3 * unit
    model, _ = shortened(printable(result.model), 1.15 * unit, room - small.getlength(size))
    what = f"{model}{size}"
    pen.text((unit, upper), people, font=fitting(people, 3.0 * unit, room), fill=INK, anchor="lm")
    pen.text((unit, lower), what, font=fitting(what, 1.15 * unit, room), fill=FAINT, anchor="lm")
    positions = np.linspace(0.0, 1.0, right - left, dtype=np.float32)
    drawing.paste(_strip(positions, height=unit + unit // 2), (left, upper - unit))
    ticks = np.array(scale.ticks(), dtype=np.float32)
    for tick, position in zip(ticks, scale.position(ticks), strict=True):
        x = left + float(position) * (right - left)
        pen.text((x, upper + 1.3 * unit), f"{tick:g}", font=small, fill=INK, anchor="mm")
    pen.text(((left + right) / 2, lower), "people per 100 x 100 pixels", font=small, fill=FAINT, anchor="mm")
    return drawing


def fitting(text: str, size: float, room: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font in the size given, or smaller if the text would need more room (in pixels)."""
    needed = ImageFont.load_default(size).getlength(text)
    return ImageFont.load_default(size * min(1.0, room / max(needed, 1.0)))


def shortened(text: str, size: float, room: float) -> tuple[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]:
    """The text in a font that is at most a little smaller than `size`, cut where that is not enough."""
    whole, text = text, text[:LONGEST]
    font = fitting(text, size, room)
    smallest = ImageFont.load_default(SMALLEST * size)
    if text == whole and font.getlength(text) >= smallest.getlength(text):
        return text, font
    while text and smallest.getlength(f"{text}...") > room:
        text = text[:-1]
    return f"{text}...", smallest


def _strip(positions: np.ndarray, *, height: int) -> Image.Image:
    """The colours from left to right, over the strip's paper as they are over the picture."""
    paper = Image.new("RGB", (len(positions), height), PAPER)
    return heat_over(paper, np.broadcast_to(positions, (height, len(positions))))
