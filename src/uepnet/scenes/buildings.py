"""What stands behind a crowd: houses with windows and shop signs, trees, a stage, the walls of a hall."""

import numpy as np
from jaxtyping import Float
from PIL import ImageDraw

FINE = 2
"""The backdrop is drawn twice as large and shrunk, so that its lines are smooth."""

LEAVES = 700
"""Dabs of green to a tree, from the dark inside to the light outside."""

WALLS = (
    (176, 160, 140),
    (150, 120, 100),
    (196, 188, 176),
    (120, 116, 116),
    (170, 140, 112),
    (138, 146, 152),
    (208, 196, 168),
)

Draw = ImageDraw.ImageDraw
Tone = Float[np.ndarray, "3"]


def paint_of(tone: Tone) -> tuple[int, int, int]:
    """A tone (0-255, perhaps beyond) as Pillow wants it."""
    red, green, blue = (int(value) for value in np.clip(tone, 0, 255))
    return red, green, blue


def draw_skyline(draw: Draw, rng: np.random.Generator, *, width: int, far: float, lit: bool) -> None:
    """A row of houses of which the feet are at the row `far`; `lit`: some windows glow."""
    x = -rng.uniform(0, 0.2) * width
    while x < width:
        wide, tall = rng.uniform(0.08, 0.4) * width, far * rng.uniform(0.25, 1.3)
        if rng.random() < 0.85:
            _house(draw, rng, (x, far - tall, x + wide, far), lit=lit)
        x += wide * rng.uniform(0.8, 1.05)


def _house(draw: Draw, rng: np.random.Generator, box: tuple[float, float, float, float], *, lit: bool) -> None:
    left, top, right, bottom = (side * FINE for side in box)
    wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.65, 1.1)
    strips = 12
    edges = np.linspace(left, right, strips + 1)
    for index, light in enumerate(np.linspace(1.06, rng.uniform(0.8, 1.0), strips)):
        draw.rectangle([edges[index], top, edges[index + 1], bottom], fill=paint_of(wall * light))
    pitch = rng.uniform(16, 44) * FINE
    floor = pitch * rng.uniform(1.0, 1.6)
    across, down = pitch * rng.uniform(0.35, 0.8), floor * rng.uniform(0.4, 0.7)
    for y in np.arange(top + floor * 0.35, bottom - floor * 1.1, floor):
        draw.rectangle([left, y - floor * 0.18, right, y - floor * 0.12], fill=paint_of(wall * 0.82))
        for x in np.arange(left + (pitch - across) / 2, right - across, pitch):
            _window(draw, rng, (x, y, x + across, y + down), wall, lit=lit)
    draw.rectangle([left - 4, top, right + 4, top + floor * 0.14], fill=paint_of(wall * 0.7))
    _shops(draw, rng, (left, bottom - floor, right, bottom), wall, lit=lit)


def _window(
    draw: Draw, rng: np.random.Generator, box: tuple[float, float, float, float], wall: Tone, *, lit: bool
) -> None:
    x0, y0, x1, y1 = box
    glass = (
        np.array((255.0, 220.0, 150.0)) * rng.uniform(0.7, 1)
        if lit and rng.random() < 0.4
        else np.array((62.0, 72.0, 86.0)) * rng.uniform(0.5, 1.9)
    )
    draw.rectangle([x0, y0, x1, y1], fill=paint_of(glass), outline=paint_of(wall * 1.15), width=FINE)
    if y1 - y0 > 6 * FINE:
        draw.line([((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1)], fill=paint_of(wall * 1.1), width=1)
        draw.line([(x0, y0 + 0.35 * (y1 - y0)), (x1, y0 + 0.35 * (y1 - y0))], fill=paint_of(wall * 1.1), width=1)
        draw.rectangle([x0 - 2, y1, x1 + 2, y1 + FINE], fill=paint_of(wall * 0.65))
    if rng.random() < 0.2:
        draw.rectangle(
            [x0, y0, x1, y0 + rng.uniform(0.2, 0.7) * (y1 - y0)],
            fill=paint_of(np.array((190.0, 184.0, 170.0)) * rng.uniform(0.7, 1.1)),
        )


def _shops(
    draw: Draw, rng: np.random.Generator, box: tuple[float, float, float, float], wall: Tone, *, lit: bool
) -> None:
    """The ground floor: dark or glowing shop windows, awnings, boards with strokes like letters."""
    left, top, right, bottom = box
    draw.rectangle([left, top, right, bottom], fill=paint_of(wall * 0.75))
    x, tall = left, bottom - top
    while x < right - tall * 0.5:
        wide = tall * rng.uniform(0.8, 2.2)
        end = min(x + wide, right)
        pane = (
            np.array((250.0, 226.0, 170.0))
            if lit and rng.random() < 0.6
            else np.array((70.0, 72.0, 78.0)) * rng.uniform(0.5, 1.5)
        )
        draw.rectangle([x + 4, top + tall * 0.3, end - 4, bottom - tall * 0.08], fill=paint_of(pane))
        sign = rng.uniform(20, 230, 3)
        if rng.random() < 0.35:
            draw.polygon(
                [
                    (x + 2, top + tall * 0.2),
                    (end - 2, top + tall * 0.2),
                    (end + 4, top + tall * 0.5),
                    (x - 4, top + tall * 0.5),
                ],
                fill=paint_of(sign),
            )
        elif rng.random() < 0.7:
            _lettering(draw, rng, (x + 4, top + tall * 0.08, end - 4, top + tall * 0.28), sign)
        x = end


def _lettering(draw: Draw, rng: np.random.Generator, box: tuple[float, float, float, float], board: Tone) -> None:
    left, top, right, bottom = box
    tall = bottom - top
    if right - left < tall or tall < 3:
        return
    draw.rectangle([left, top, right, bottom], fill=paint_of(board))
    ink = (245, 244, 238) if board.mean() < 140 else (30, 28, 30)
    x = left + tall * 0.5
    while x < right - tall:
        for _ in range(3):
            ends = rng.uniform(0.15, 0.85, 4) * tall
            draw.line(
                [(x + ends[0] * 0.6, top + ends[1]), (x + ends[2] * 0.6, top + ends[3])],
                fill=ink,
                width=max(int(tall * 0.1), 1),
            )
        x += tall * rng.uniform(0.6, 0.9)


def draw_trees(draw: Draw, rng: np.random.Generator, *, width: int, far: float) -> None:
    """Trees in leaf, or the bare ones of winter."""
    bare = rng.random() < 0.3
    for _ in range(int(rng.integers(2, 9))):
        foot = (rng.uniform(0, width) * FINE, far * FINE)
        crown = rng.uniform(0.2, 0.5) * far * FINE
        if bare:
            _branch(draw, rng, foot, angle=-np.pi / 2, length=crown * 0.55, depth=6)
        else:
            _leaves(draw, rng, foot, crown)


def _leaves(draw: Draw, rng: np.random.Generator, foot: tuple[float, float], crown: float) -> None:
    x, base = foot
    draw.line([(x, base), (x, base - crown * 1.3)], fill=(70, 56, 44), width=max(round(crown * 0.08), 2))
    green = np.array((62.0, 84.0, 44.0)) * rng.uniform(0.6, 1.3) * (1, 1, rng.uniform(0.6, 1.2))
    clump = (np.clip(rng.normal(0, 0.24, (16, 2)), -0.42, 0.42) * crown)[rng.integers(16, size=LEAVES)]
    angle, reach = rng.uniform(0, 2 * np.pi, LEAVES), 0.2 * np.sqrt(rng.random(LEAVES))
    away = np.stack([np.cos(angle), 0.8 * np.sin(angle)], axis=1) * reach[:, None]
    centres = clump + away * crown + (x, base - crown * 1.5)
    light = 0.65 + np.arange(LEAVES) / 2000 - 1.5 * away[:, 1] - 0.2 * (centres[:, 1] - base + crown * 1.5) / crown
    tones = green * np.clip(light * rng.uniform(0.85, 1.15, LEAVES), 0.4, 1.35)[:, None]
    radii = crown * rng.uniform(0.012, 0.035, LEAVES)
    for (u, v), r, tone in zip(centres.tolist(), radii.tolist(), tones.astype(int).tolist(), strict=True):
        draw.ellipse([u - r, v - r * 0.8, u + r, v + r * 0.8], fill=tuple(tone))


def _branch(
    draw: Draw, rng: np.random.Generator, start: tuple[float, float], *, angle: float, length: float, depth: int
) -> None:
    end = (start[0] + np.cos(angle) * length, start[1] + np.sin(angle) * length)
    shade = 50 + 6 * (6 - depth)
    draw.line([start, end], fill=(shade, shade - 6, shade - 10), width=max(round(length * 0.02 * depth), 1))
    if depth == 0:
        return
    for _ in range(2 if depth > 4 else 3):
        _branch(
            draw, rng, end, angle=angle + rng.normal(0, 0.5), length=length * rng.uniform(0.55, 0.8), depth=depth - 1
        )


def draw_stage(draw: Draw, rng: np.random.Generator, *, width: int, far: float) -> None:
    """A roof of trusses with lamps over a bright screen, towers of loudspeakers beside it."""
    middle, half = width * rng.uniform(0.35, 0.65), width * rng.uniform(0.15, 0.35)
    left, right, top, bottom = (side * FINE for side in (middle - half, middle + half, far * 0.2, far))
    draw.rectangle([left, top, right, bottom], fill=(34, 30, 40))
    beside, above = min(20, 0.4 * (right - left)), min(24, 0.5 * (bottom - top))  # a small picture has a small stage
    screen, tone = [left + beside, top + above, right - beside, bottom - (bottom - top) * 0.25], rng.uniform(40, 170, 3)
    draw.rectangle(screen, fill=paint_of(tone))
    for _ in range(30):
        x, y = rng.uniform(screen[0], screen[2]), rng.uniform(screen[1], screen[3])
        reach = rng.uniform(2, 40)
        sides = [x, y, min(x + 2 * reach, screen[2]), min(y + reach, screen[3])]
        draw.rectangle(sides, fill=paint_of(tone * rng.uniform(0.6, 1.6)))
    for x in np.arange(left, right, 14 * FINE):
        draw.line([(x, top), (x + 7 * FINE, top + 8 * FINE), (x + 14 * FINE, top)], fill=(150, 150, 155), width=FINE)
        if rng.random() < 0.4:
            r = rng.uniform(3, 6) * FINE
            draw.ellipse([x - r, top + 9 * FINE - r, x + r, top + 9 * FINE + r], fill=(255, 250, 225))
    draw.line([(left, top), (right, top)], fill=(160, 160, 165), width=2 * FINE)
    for x in (left - 18 * FINE, right):
        for y in np.arange(top + (bottom - top) * 0.2, bottom, 14 * FINE):
            draw.rectangle([x, y, x + 18 * FINE, y + 13 * FINE], fill=(20, 20, 22), outline=(60, 60, 64))


def draw_hall(draw: Draw, rng: np.random.Generator, *, width: int, far: float) -> None:
    """The walls and the ceiling of a station or a fair: panels, pillars, beams, rows of lamps, boards."""
    wall, bottom = np.array((172.0, 164.0, 150.0)) * rng.uniform(0.7, 1.15), far * FINE
    draw.rectangle([0, 0, width * FINE, bottom], fill=paint_of(wall))
    draw.rectangle([0, 0, width * FINE, bottom * 0.4], fill=paint_of(wall * 0.7))
    vanish = (width * FINE / 2, bottom * 0.8)
    for x in np.linspace(-width, 2 * width, 13) * FINE:
        mid = (x + (vanish[0] - x) * 0.5, bottom * 0.4)
        draw.line([(x, 0), mid], fill=paint_of(wall * 0.5), width=3 * FINE)
        r = 3 * FINE
        draw.ellipse([mid[0] - 2 * r, mid[1] - r - 12, mid[0] + 2 * r, mid[1] + r - 12], fill=(255, 250, 232))
    for x in np.arange(rng.uniform(0, 60), width, rng.uniform(90, 200)) * FINE:
        draw.rectangle(
            [x, bottom * 0.4, x + 14 * FINE, bottom], fill=paint_of(wall * 1.15), outline=paint_of(wall * 0.6)
        )
    for _ in range(int(rng.integers(1, 5))):
        x, y = rng.uniform(0, width * 0.8) * FINE, rng.uniform(0.42, 0.7) * bottom
        wide, tall = rng.uniform(60, 200) * FINE, rng.uniform(0.06, 0.14) * bottom
        _lettering(draw, rng, (x, y, x + wide, y + tall), rng.uniform(10, 220, 3))
