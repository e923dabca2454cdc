"""The list of zones below an overlay: line, number, name, people, density and status of each."""

from PIL import Image, ImageDraw

from uepnet.inference.caption import FAINT, INK, PAPER, fitting, shortened
from uepnet.inference.result import CountResult
from uepnet.inference.zone_drawing import draw_line
from uepnet.inference.zone_style import density_of, people_in, status_in, style_of

MOST_ROWS = 40
"""Zones that are listed; the others are counted in a last line."""
COLUMNS = (0.085, 0.36, 0.57, 0.83, 1.0)
"""Where name, people, density and status begin and the last ends, in shares of the width."""
ROW = 1.9
"""Height of a row in units."""


def draw_legend(drawing: Image.Image, result: CountResult, *, unit: int) -> Image.Image:
    """The drawing with a list of its zones below it, as it is if it has none."""
    if not result.zones:
        return drawing
    listed = result.zones[:MOST_ROWS]
    rows = len(listed) + (len(result.zones) > MOST_ROWS)
    longer = Image.new("RGB", (drawing.width, drawing.height + round((ROW * rows + 1) * unit)), PAPER)
    longer.paste(drawing, (0, 0))
    pen = ImageDraw.Draw(longer)
    for row, zone in enumerate(listed):
        middle = drawing.height + (ROW * row + 1.0) * unit
        draw_line(pen, (unit, middle), (0.07 * drawing.width, middle), style=style_of(zone), line=max(1.5, unit / 7))
        words = (f"{row + 1}. {zone.name}", people_in(zone), density_of(zone), status_in(zone))
        for place, text in enumerate(words):
            begin, end = COLUMNS[place] * drawing.width, COLUMNS[place + 1] * drawing.width
            shown, font = shortened(text, 1.15 * unit, end - begin - unit)
            pen.text((begin, middle), shown, font=font, fill=INK if place != 2 else FAINT, anchor="lm")
    if rows > len(listed):
        text = f"and {len(result.zones) - MOST_ROWS} more zones, in the .count.json"
        middle = drawing.height + (ROW * len(listed) + 1.0) * unit
        pen.text(
            (COLUMNS[0] * drawing.width, middle), text, font=fitting(text, 1.15 * unit, 1e9), fill=FAINT, anchor="lm"
        )
    return longer
