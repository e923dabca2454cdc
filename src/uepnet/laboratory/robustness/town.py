"""Peopleless places and stuff of a town: brick walls, asphalt, facades, lights at night and fabric."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from uepnet.laboratory.robustness.patterns import Picture, finished, power_noise


def bricks(rng: np.random.Generator, height: int, width: int) -> Picture:
    """A wall in running bond: every brick of its own red, rough, with a lit upper and a dark lower edge in pale mortar."""
    tall = float(rng.uniform(12, 40))
    long, joint = 2.8 * tall, 0.12 * tall
    rows, columns = np.indices((height, width)).astype(float)
    course = (rows // tall).astype(int)
    across = columns + (course % 2) * long / 2
    number = (across // long).astype(int)
    shades = rng.normal(0, 14, (course.max() + 1, number.max() + 1, 3)) + rng.normal(0, 12, (1, 1, 1))
    down, along = rows % tall, across % long
    mortar = ((down < joint) | (along < joint))[..., None]
    edge = 22.0 * (down < 1.8 * joint) - 26.0 * (down > tall - 0.6 * joint)
    rough = 9 * power_noise(rng, height, width, power=0.5)
    clay = np.array([150, 78, 58]) + shades[course, number] + (edge + rough)[..., None]
    pale = np.array([176, 170, 160]) + 0.7 * rough[..., None]
    stain = 10 * power_noise(rng, height, width, power=1.5, finest=30.0)[..., None]
    return finished(np.where(mortar, pale, clay) + stain)


def asphalt(rng: np.random.Generator, height: int, width: int) -> Picture:
    """A road: grit, stains, cracks, and the worn white line of a lane."""
    grit = 15 * rng.normal(size=(height, width)) + 10 * power_noise(rng, height, width, power=0.0, finest=4.0)
    stain = 9 * power_noise(rng, height, width, power=1.5, finest=20.0)
    road = rng.uniform(75, 120) + grit + stain
    marks = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(marks)
    left, lean = rng.uniform(0.2, 0.8) * width, rng.normal(0, 0.3) * width
    broad = rng.uniform(0.015, 0.04) * width
    draw.polygon([(left, 0), (left + broad, 0), (left + lean + broad, height), (left + lean, height)], fill=255)
    paint = np.asarray(marks) / 255.0 * np.clip(0.8 + 0.3 * power_noise(rng, height, width, power=0.7), 0, 1)
    road = road + paint * (205 - road)
    cracks = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(cracks)
    for _ in range(int(rng.integers(2, 7))):
        way = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.35, 60))
        xs = rng.uniform(0, width) + np.cumsum(9 * np.cos(way))
        ys = rng.uniform(0, height) + np.cumsum(9 * np.sin(way))
        pen.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=255, width=2)
    dark = np.asarray(cracks.filter(ImageFilter.GaussianBlur(0.7))) / 255.0
    return finished((road * (1 - 0.75 * dark))[..., None] + np.array([0.0, 1.0, 3.0]))


def windows(rng: np.random.Generator, height: int, width: int) -> Picture:
    """The front of a large building: storeys of windows with frames, sills, blinds and the sky in their panes."""
    wall = rng.uniform(120, 205) + rng.normal(0, 12, 3)
    rough = 4 * power_noise(rng, height, width, power=0.8)[..., None]
    canvas = Image.fromarray(finished(wall + rough))
    draw = ImageDraw.Draw(canvas)
    wide, tall = rng.uniform(14, 60), rng.uniform(20, 80)
    gap, storey = wide * rng.uniform(1.3, 2.2), tall * rng.uniform(1.4, 2.0)
    frame = _ink(wall + rng.choice([-70, 55]))
    for top in np.arange(0.4 * (storey - tall), height, storey):
        draw.rectangle((0, top + tall * 1.25, width, top + tall * 1.29), fill=_ink(wall - 22))
        for left in np.arange(0.5 * (gap - wide), width, gap):
            pane = rng.uniform(25, 70) + np.array([0, 6, 14]) + (rng.random() < 0.12) * np.array([150, 120, 60])
            draw.rectangle((left - 2, top - 2, left + wide + 2, top + tall + 2), fill=frame)
            draw.rectangle((left, top, left + wide, top + tall), fill=_ink(pane))
            draw.polygon(
                [(left, top), (left + 0.7 * wide, top), (left, top + 0.6 * tall)], fill=_ink(pane + rng.uniform(10, 70))
            )
            if rng.random() < 0.35:
                blind = top + rng.uniform(0.15, 0.9) * tall
                draw.rectangle((left, top, left + wide, blind), fill=_ink(np.full(3, rng.uniform(170, 225))))
            middle = left + wide / 2
            draw.line((middle, top, middle, top + tall), fill=frame, width=max(1, round(wide / 18)))
            draw.rectangle((left - 3, top + tall, left + wide + 3, top + tall + 3), fill=_ink(wall - 45))
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.6)))


def night_lights(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Lamps out of focus at night: translucent discs with a brighter rim in the colours of a street, over darkness."""
    light = np.zeros((height, width, 3))
    colours = np.array([[255, 190, 90], [255, 240, 210], [230, 60, 40], [70, 200, 110], [110, 150, 255]], dtype=float)
    largest = rng.uniform(6, 34)
    for _ in range(int(rng.integers(40, 180))):
        radius = largest * rng.uniform(0.4, 1.0)
        x, y = rng.uniform(0, width), height * rng.beta(3, 3)
        top, left = max(0, int(y - radius - 2)), max(0, int(x - radius - 2))
        rows, columns = np.ogrid[top : min(height, int(y + radius + 3)), left : min(width, int(x + radius + 3))]
        distance = np.hypot(rows - y, columns - x) / radius
        disc = np.clip((1 - distance) * radius, 0, 1) * (0.75 + 0.45 * distance**6)
        colour = colours[rng.integers(len(colours))] * rng.uniform(0.15, 0.75)
        light[top : top + disc.shape[0], left : left + disc.shape[1]] += disc[..., None] * colour
    haze = np.linspace(30, 8, height)[:, None, None] * np.array([0.5, 0.6, 1.0])
    return finished(haze + light + rng.normal(0, 3, (height, width, 3)))


def fabric(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Woven cloth: threads of two colours pass over and under each other, uneven, with soft folds."""
    thread = float(rng.uniform(3, 10))
    rows, columns = np.indices((height, width)).astype(float)
    rows += 0.8 * power_noise(rng, height, width, power=1.2, finest=8.0)
    columns += 0.8 * power_noise(rng, height, width, power=1.2, finest=8.0)
    down, across = rows / thread, columns / thread
    weft = (np.floor(down) + np.floor(across)) % 2 == 0
    round_weft, round_warp = np.sin(np.pi * (down % 1)), np.sin(np.pi * (across % 1))
    shape = np.where(weft, round_weft * (0.7 + 0.3 * round_warp), round_warp * (0.7 + 0.3 * round_weft))
    first = rng.uniform(40, 220, 3)
    second = np.clip(first + rng.normal(0, 45, 3), 20, 235)
    colour = np.where(weft[..., None], first, second)
    folds = 1 + 0.18 * np.sin(power_noise(rng, height, width, power=2.0, finest=40.0) * 3)
    fuzz = 5 * rng.normal(size=(height, width, 1))
    return finished(colour * ((0.55 + 0.5 * shape) * folds)[..., None] + fuzz)


def _ink(colour: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = np.clip(colour, 0, 255).astype(int).tolist()
    return red, green, blue
