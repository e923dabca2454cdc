"""Peopleless places outdoors: sky, foliage, grass, water and pebbles."""

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFilter

from uepnet.laboratory.robustness.patterns import Picture, finished, power_noise

Point = tuple[float, float]


def sky(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Blue above, pale at the horizon, with white clouds that are grey beneath."""
    down = np.linspace(0, 1, height)[:, None, None]
    zenith, horizon = np.array([60, 110, 190]) + rng.uniform(-25, 25, 3), np.array([190, 210, 230])
    clear = zenith + down**1.3 * (horizon - zenith)
    billows = power_noise(rng, height, width, power=1.6, finest=3.0)
    cover = np.clip((billows - rng.uniform(-0.4, 0.8)) * 1.4, 0, 1)[..., None]
    depth = np.clip(billows - np.roll(billows, -max(2, height // 40), axis=0), -1, 1)[..., None]
    cloud = 235 - 25 * cover + 30 * depth + np.array([0, 1, 4])
    return finished(clear + cover * (cloud - clear) + rng.normal(0, 1.5, (height, width, 1)))


def foliage(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Leaves over leaves, dark ones behind, lit ones before, with a vein and a shine."""
    canvas = Image.new("RGB", (width, height), (12, 20, 10))
    draw = ImageDraw.Draw(canvas)
    length = rng.uniform(8, 30)
    hue = rng.uniform(-15, 25)
    layers = 5
    shade = power_noise(rng, height, width, power=1.2, finest=20.0)
    per_layer = int(height * width / length**2 * 0.9)
    for layer in range(layers):
        light = 0.35 + 0.65 * layer / (layers - 1)
        for x, y in rng.uniform(0, 1, (per_layer, 2)) * (width, height):
            here = light * (1 + 0.25 * shade[int(y), int(x)]) * rng.uniform(0.75, 1.15)
            green = np.array([70 + hue, 120, 40]) * here
            _leaf(draw, x, y, length * rng.uniform(0.6, 1.4), rng.uniform(0, 2 * np.pi), green)
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.6)))


def _leaf(
    draw: ImageDraw.ImageDraw, x: float, y: float, length: float, angle: float, green: Float[np.ndarray, " 3"]
) -> None:
    """A pointed oval: along its axis the two halves, of which one catches more light, and the vein between them."""
    along, aside = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    root = np.array([x, y])
    middle, tip = root + 0.45 * length * along, root + length * along
    for side, light in ((0.24, 1.0), (-0.24, 1.3)):
        edge = middle + side * length * aside
        draw.polygon([_at(root), _at(edge), _at(tip)], fill=_ink(green * light))
    draw.line([_at(root), _at(tip)], fill=_ink(green * 1.5))


def grass(rng: np.random.Generator, height: int, width: int) -> Picture:
    """A lawn seen at a slant: blades bend, are longer towards the viewer and hide the soil."""
    canvas = Image.new("RGB", (width, height), (45, 50, 22))
    draw = ImageDraw.Draw(canvas)
    longest = rng.uniform(12, 36)
    feet = np.sort(rng.uniform(0, 1.05, int(height * width / (longest * 1.6))))
    for foot in feet:
        length = longest * (0.25 + 0.75 * foot) * rng.uniform(0.6, 1.2)
        x, y = rng.uniform(0, width), foot * height
        bend = rng.normal(0, 0.45) * length
        blade = [(x, y), (x + 0.3 * bend, y - 0.6 * length), (x + bend, y - length)]
        dry = rng.random() < 0.08
        colour = np.array([150, 140, 70]) if dry else np.array([60, 115, 35])
        draw.line(blade, fill=_ink(colour * rng.uniform(0.5, 1.35)), width=1 + round(1.3 * foot * rng.random()))
    return np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.5)))


def water(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Ripples on a lake in perspective, with the sky and the sun on their slopes."""
    depth = 1.0 / np.linspace(0.12, 1.0, height)[:, None]
    across = np.linspace(-1, 1, width)[None, :] * depth * width / max(height, 1)
    slope = np.zeros((height, width))
    for _ in range(24):
        angle, pace = rng.normal(0, 0.5), np.exp(rng.uniform(1.5, 4.2))
        slope += np.cos(pace * (across * np.sin(angle) + depth * np.cos(angle)) + rng.uniform(0, 6.3)) / pace**0.4
    slope = slope / slope.std() + 0.35 * power_noise(rng, height, width, power=0.6)
    share = np.clip(0.5 + 0.22 * slope, 0, 1)[..., None]
    deep, bright = np.array([20, 55, 75]) + rng.uniform(-15, 15, 3), np.array([150, 180, 200])
    sun = np.clip(slope - 2.1, 0, 1)[..., None] * 160
    return finished(deep + share * (bright - deep) + sun)


def pebbles(rng: np.random.Generator, height: int, width: int) -> Picture:
    """A shingle beach: stones of many sizes, the large last, each with a shadow, a lit side and specks."""
    canvas = Image.new("RGB", (width, height), (60, 56, 50))
    draw = ImageDraw.Draw(canvas)
    size = rng.uniform(5, 16)
    count = int(height * width / size**2 * 0.9)
    radii = np.sort(size * np.exp(rng.normal(-0.2, 0.4, count)))
    for radius, (x, y) in zip(radii, rng.uniform(0, 1, (count, 2)) * (width, height), strict=True):
        stone = rng.uniform(80, 190) + rng.normal(0, 8, 3) + np.array([6, 2, -6])
        outline, turn = rng.uniform(0.8, 1.1, 9), rng.uniform(0, 6.3)
        squash = rng.uniform(0.6, 0.95)
        for lift, share, light in ((-0.18, 1.05, 0.35), (0, 1, 0.85), (0.1, 0.8, 1.0), (0.22, 0.5, 1.12)):
            around = turn + np.arange(9) * 2 * np.pi / 9
            ring = radius * share * outline
            xs, ys = x - lift * radius + ring * np.cos(around), y - lift * radius + squash * ring * np.sin(around)
            draw.polygon(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=_ink(stone * light))
    soft = np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.9))).astype(float)
    return finished(soft + rng.normal(0, 7, (height, width, 1)))


def _at(place: Float[np.ndarray, " 2"]) -> Point:
    return float(place[0]), float(place[1])


def _ink(colour: Float[np.ndarray, " 3"]) -> tuple[int, int, int]:
    red, green, blue = np.clip(colour, 0, 255).astype(int).tolist()
    return red, green, blue
