"""All peopleless pictures on one sheet, each with what was counted in it."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from uepnet.laboratory.robustness.figures import MOST_PER_MEGAPIXEL
from uepnet.laboratory.robustness.measure import EmptyCount

CELL = (248, 212)
"""Width and height in pixels of one picture with the line beneath it."""


def contact_sheet(empty: Sequence[EmptyCount], *, columns: int) -> UInt8[np.ndarray, "height width 3"]:
    """Row by row; the line beneath a picture that breaks the limit is red."""
    rows = -(-len(empty) // columns)
    sheet = Image.new("RGB", (columns * CELL[0], rows * CELL[1]), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, shown in enumerate(empty):
        left, top = number % columns * CELL[0] + 4, number // columns * CELL[1] + 4
        sheet.paste(Image.fromarray(shown.thumbnail), (left, top))
        ink = "black" if shown.per_megapixel <= MOST_PER_MEGAPIXEL else "red"
        line = f"{shown.kind} {shown.width} x {shown.height}: {shown.count:.2f}"
        if font.getlength(line) > CELL[0] - 8:
            line = f"{shown.count:.2f}: ...{shown.kind[-20:]}"
        draw.text((left, top + 184), line, fill=ink, font=font)
    return np.asarray(sheet)
