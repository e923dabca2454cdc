"""Things on a surface that are no people: shapes, strokes, marks like writing, and round things of every size."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from uepnet.scenes.empty_fields import colour

Ink = tuple[int, int, int]


def _ink(rng: np.random.Generator) -> Ink:
    red, green, blue = (255 * colour(rng)).astype(int).tolist()
    return red, green, blue


def _bright(rng: np.random.Generator) -> Ink:
    """A bright or vivid colour, as fruit, lamps, balls and stones have it and hair and skin do not."""
    strong = rng.permutation([rng.uniform(0.8, 1.0), rng.uniform(0.2, 1.0), rng.uniform(0.0, 0.5)])
    pale = np.full(3, rng.uniform(0.75, 1.0))
    red, green, blue = (255 * (strong if rng.random() < 0.6 else pale)).astype(int).tolist()
    return red, green, blue


def polygons(rng: np.random.Generator, canvas: Image.Image) -> None:
    """Overlapping flat shapes with three to eight corners."""
    draw = ImageDraw.Draw(canvas)
    largest = rng.uniform(0.03, 0.6) * max(canvas.size)
    for _ in range(int(rng.integers(5, 120))):
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 9))))
        reach = rng.uniform(0.2, 1.0) * largest
        x = rng.uniform(0, canvas.width) + reach * np.cos(angles)
        y = rng.uniform(0, canvas.height) + reach * np.sin(angles)
        draw.polygon(list(zip(x.tolist(), y.tolist(), strict=True)), fill=_ink(rng))


def blocks(rng: np.random.Generator, canvas: Image.Image) -> None:
    """Upright rectangles with an edge, alone or in rows and columns."""
    draw = ImageDraw.Draw(canvas)
    regular = rng.random() < 0.5
    wide, high = (float(np.exp(rng.uniform(np.log(4), np.log(150)))) for _ in range(2))
    gap = rng.uniform(1.1, 2.5)
    corners = [(x, y) for y in np.arange(2, canvas.height, high * gap) for x in np.arange(2, canvas.width, wide * gap)]
    if not regular:
        corners = [(x, y) for x, y in rng.uniform(0, 1, (int(rng.integers(5, 150)), 2)) * canvas.size]
    fill, edge = _ink(rng), _ink(rng)
    for x, y in corners:
        grown = 1.0 if regular else rng.uniform(0.3, 2.0)
        here = fill if regular and rng.random() < 0.8 else _ink(rng)
        draw.rectangle((x, y, x + grown * wide, y + grown * high), fill=here, outline=edge)


def strokes(rng: np.random.Generator, canvas: Image.Image) -> None:
    """Wandering lines of one width or many: twigs, wires, cracks, scribbles."""
    draw = ImageDraw.Draw(canvas)
    step, turn = rng.uniform(2, 40), rng.uniform(0.02, 1.2)
    widest = int(rng.integers(1, 14))
    inks = [_ink(rng) for _ in range(int(rng.integers(1, 6)))]
    for _ in range(int(rng.integers(10, 250))):
        angles = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, turn, int(rng.integers(3, 30))))
        x = rng.uniform(0, canvas.width) + np.cumsum(step * np.cos(angles))
        y = rng.uniform(0, canvas.height) + np.cumsum(step * np.sin(angles))
        line = list(zip(x.tolist(), y.tolist(), strict=True))
        draw.line(line, fill=inks[rng.integers(len(inks))], width=int(rng.integers(1, widest + 1)))


def glyphs(rng: np.random.Generator, canvas: Image.Image) -> None:
    """Lines of small marks, each of a few strokes and arcs in its own box, as an unknown writing would look."""
    draw = ImageDraw.Draw(canvas)
    size = float(np.exp(rng.uniform(np.log(6), np.log(70))))
    shapes = [rng.uniform(0, 1, (int(rng.integers(2, 5)), 4)) for _ in range(int(rng.integers(8, 30)))]
    ink, width = _ink(rng), max(1, round(size * rng.uniform(0.06, 0.2)))
    for top in np.arange(rng.uniform(0, size), canvas.height, size * rng.uniform(1.2, 2.2)):
        left, end = rng.uniform(0, 3 * size), canvas.width * rng.uniform(0.6, 1.1)
        while left < end:
            for x0, y0, x1, y1 in shapes[rng.integers(len(shapes))] * size * 0.8:
                if x0 < x1 and y0 < y1:
                    draw.arc((left + x0, top + y0, left + x1, top + y1), 30, 300, fill=ink, width=width)
                else:
                    draw.line((left + x0, top + y0, left + x1, top + y1), fill=ink, width=width)
            left += size * (rng.uniform(0.8, 1.0) + (rng.random() < 0.2))


def rounds(rng: np.random.Generator, canvas: Image.Image) -> None:
    """Bright or vivid round things, strewn or in rows, shaded, ringed or flat: fruit, stones, lamps, bubbles."""
    draw = ImageDraw.Draw(canvas)
    size = float(np.exp(rng.uniform(np.log(2), np.log(60))))
    number = int(min(1500, rng.uniform(0.02, 0.5) * canvas.width * canvas.height / (4 * size * size)) + 3)
    centres = rng.uniform(0, 1, (number, 2)) * canvas.size
    if rng.random() < 0.3:
        across = max(2, int(canvas.width / (size * rng.uniform(2.1, 4))))
        order = np.arange(number)
        centres = np.stack([(order % across + 0.5) / across * canvas.width, (order // across) * 2.6 * size], axis=1)
    inks = [_bright(rng) for _ in range(int(rng.integers(1, 5)))]
    ringed, spread, squash = rng.random() < 0.25, rng.uniform(0, 0.5), rng.uniform(0.6, 1.0)
    for x, y in centres:
        radius = size * float(np.exp(rng.normal(0, spread)))
        ink = inks[rng.integers(len(inks))]
        if ringed:
            draw.ellipse(_box(x, y, radius, squash), outline=ink, width=max(1, round(radius / 4)))
            continue
        for part in np.linspace(1, 0.25, 4 if radius > 3 else 1):
            light = 0.7 + 0.4 * (1 - part)
            shade = tuple(min(255, int(light * value)) for value in ink)
            lifted = (1 - part) * radius * 0.4
            draw.ellipse(_box(x - lifted, y - lifted, radius * part, squash), fill=shade)


def _box(x: float, y: float, radius: float, squash: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius * squash, x + radius, y + radius * squash


MARKS: dict[str, Callable[[np.random.Generator, Image.Image], None]] = {
    "polygons": polygons,
    "blocks": blocks,
    "strokes": strokes,
    "glyphs": glyphs,
    "rounds": rounds,
}
