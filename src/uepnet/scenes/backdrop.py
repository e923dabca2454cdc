"""What there is before anybody comes: sky, buildings, trees, a stage, and the ground."""

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFilter

from uepnet.scenes.camera import Camera
from uepnet.scenes.light import Light
from uepnet.scenes.texture import clouds

WALLS = ((176, 160, 140), (150, 120, 100), (196, 188, 176), (120, 116, 116), (170, 140, 112), (138, 146, 152), (208, 196, 168))
GROUNDS = ((120, 118, 114), (142, 136, 126), (92, 92, 94), (160, 150, 134), (86, 108, 66), (150, 126, 98), (74, 74, 78))
FINE = 2
"""The backdrop is drawn twice as large and shrunk, so that its lines are smooth."""

Colour = tuple[int, int, int]


def draw_backdrop(rng: np.random.Generator, camera: Camera, light: Light, *, ground: str) -> Float[np.ndarray, "height width 3"]:
    """The empty scene, RGB in [0, 1], before the light is applied."""
    width, height = camera.width, camera.height
    picture = Image.new("RGB", (width * FINE, height * FINE), _colour(np.array(GROUNDS[rng.integers(len(GROUNDS))]) * 1.0))
    draw = ImageDraw.Draw(picture)
    _paving(draw, rng, camera)
    far = float(camera.feet(np.array([camera.top]))[0])
    if camera.top > 0.03 * height:
        _sky(picture, light, far)
        _skyline(draw, rng, width, far, light)
        if ground == "stage":
            _stage(draw, rng, width, far)
        elif rng.random() < 0.5:
            _trees(draw, rng, width, far)
    picture = picture.resize((width, height), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 1.0))))
    canvas = np.asarray(picture, dtype=np.float32) / 255
    mottle = 0.05 * clouds(rng, width=width, height=height, grain=40) + 0.03 * clouds(rng, width=width, height=height, grain=3, octaves=2)
    return np.clip(canvas * (1 + mottle[..., None]), 0, 1)


def _colour(values: Float[np.ndarray, "3"]) -> Colour:
    red, green, blue = (int(value) for value in np.clip(values, 0, 255))
    return red, green, blue


def _sky(picture: Image.Image, light: Light, far: float) -> None:
    rows = max(round(far * FINE), 1)
    ramp = np.linspace(0.85, 1.1, rows)[:, None] * np.array(light.sky) * 255
    strip = np.repeat(np.clip(ramp, 0, 255).astype(np.uint8)[:, None, :], picture.width, axis=1)
    picture.paste(Image.fromarray(strip), (0, 0))


def _paving(draw: ImageDraw.ImageDraw, rng: np.random.Generator, camera: Camera) -> None:
    """Lines of slabs, kerbs and markings that run to the vanishing point."""
    width, height = camera.width * FINE, camera.height * FINE
    shade = int(rng.integers(70, 190))
    vanish = (rng.uniform(0.2, 0.8) * width, camera.horizon * FINE)
    kind = rng.random()
    if kind < 0.45:
        step = rng.uniform(1.5, 6) * float(camera.head_size(np.array([camera.bottom]))[0]) * FINE
        for x in np.arange(-3 * width, 4 * width, step):
            draw.line([(float(x), float(height)), vanish], fill=(shade, shade, shade), width=1 + FINE // 2)
        row = float(camera.height)
        while row > camera.top and rng.random() < 0.99:
            draw.line([(0, row * FINE), (width, row * FINE)], fill=(shade, shade, shade), width=1 + FINE // 2)
            row -= float(camera.head_size(np.array([row]))[0]) * rng.uniform(1.5, 3)
    elif kind < 0.75:
        for _ in range(int(rng.integers(1, 5))):
            x, wide = rng.uniform(-1, 2) * width, rng.uniform(0.01, 0.4) * width
            tone = _colour(np.array(GROUNDS[rng.integers(len(GROUNDS))]) * rng.uniform(0.8, 1.2))
            draw.polygon([(x, height), (x + wide, height), vanish], fill=tone)


def _skyline(draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, far: float, light: Light) -> None:
    x = -rng.uniform(0, 0.2) * width
    while x < width:
        wide = rng.uniform(0.08, 0.4) * width
        tall = far * rng.uniform(0.25, 1.3)
        if rng.random() < 0.85:
            _building(draw, rng, (x, far - tall, x + wide, far), light)
        x += wide * rng.uniform(0.8, 1.05)


def _building(draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[float, float, float, float], light: Light) -> None:
    left, top, right, bottom = (side * FINE for side in box)
    wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.65, 1.1)
    draw.rectangle([left, top, right, bottom], fill=_colour(wall))
    draw.rectangle([left, top, right, top + 6], fill=_colour(wall * 0.7))
    pitch = rng.uniform(14, 40) * FINE
    across, down = pitch * rng.uniform(0.3, 0.7), pitch * rng.uniform(0.3, 0.8)
    dark = light.name in ("night", "show", "dusk")
    for y in np.arange(top + pitch * 0.4, bottom - pitch * 0.7, pitch * rng.uniform(1.0, 1.4)):
        for x in np.arange(left + pitch * 0.25, right - across, pitch):
            glass = np.array((60, 70, 84)) * rng.uniform(0.6, 1.7)
            if dark and rng.random() < 0.4:
                glass = np.array((255, 220, 150))
            draw.rectangle([x, y, x + across, y + down], fill=_colour(glass), outline=_colour(wall * 0.8))
    if rng.random() < 0.5:
        _lettering(draw, rng, left, bottom - pitch * 0.6, right, pitch * 0.4)


def _lettering(draw: ImageDraw.ImageDraw, rng: np.random.Generator, left: float, top: float, right: float, tall: float) -> None:
    """A shop sign: a coloured board with strokes like letters."""
    board = _colour(rng.uniform(30, 220, 3))
    draw.rectangle([left, top, right, top + tall], fill=board)
    x = left + tall
    while x < right - tall:
        for _ in range(3):
            ends = rng.uniform(0.15, 0.85, 4) * tall
            draw.line([(x + ends[0] * 0.6, top + ends[1]), (x + ends[2] * 0.6, top + ends[3])], fill=(240, 240, 235), width=FINE)
        x += tall * rng.uniform(0.6, 0.9)


def _stage(draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, far: float) -> None:
    middle, half = width * rng.uniform(0.35, 0.65), width * rng.uniform(0.15, 0.35)
    left, right, top, bottom = (v * FINE for v in (middle - half, middle + half, far * 0.25, far))
    draw.rectangle([left, top, right, bottom], fill=(34, 30, 40))
    draw.rectangle([left + 20, top + 20, right - 20, bottom - (bottom - top) * 0.25], fill=_colour(rng.uniform(40, 170, 3)))
    for x in np.arange(left, right, 14 * FINE):
        draw.line([(x, top), (x + 7 * FINE, top + 8 * FINE), (x + 14 * FINE, top)], fill=(150, 150, 155), width=FINE)
        if rng.random() < 0.4:
            r = rng.uniform(3, 6) * FINE
            draw.ellipse([x - r, top + 9 * FINE - r, x + r, top + 9 * FINE + r], fill=(255, 250, 225))
    for x in (left - 16 * FINE, right):
        draw.rectangle([x, top + (bottom - top) * 0.2, x + 16 * FINE, bottom], fill=(20, 20, 22))


def _trees(draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, far: float) -> None:
    for _ in range(int(rng.integers(2, 9))):
        x, crown = rng.uniform(0, width) * FINE, rng.uniform(0.15, 0.5) * far * FINE
        base = far * FINE
        draw.line([(x, base), (x, base - crown * 1.2)], fill=(70, 54, 40), width=max(round(crown * 0.1), 2))
        green = np.array((58, 84, 44)) * rng.uniform(0.6, 1.3)
        for _ in range(60):
            dx, dy = rng.normal(0, 0.33, 2) * crown
            r = crown * rng.uniform(0.05, 0.16)
            y = base - crown * 1.5 + dy
            leaf = _colour(green * (0.95 - 0.45 * dy / crown) * rng.uniform(0.75, 1.25))
            draw.ellipse([x + dx - r, y - r, x + dx + r, y + r], fill=leaf)
