"""What there is before anybody comes: the ground, the sky, and what stands at the far end of the crowd."""

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFilter

from uepnet.scenes.buildings import FINE, draw_hall, draw_skyline, draw_stage, draw_trees, paint_of
from uepnet.scenes.camera import Camera
from uepnet.scenes.light import Light
from uepnet.scenes.texture import clouds

GROUNDS = (
    (128, 126, 122),
    (146, 140, 130),
    (96, 96, 98),
    (168, 158, 142),
    (96, 116, 74),
    (152, 130, 104),
    (80, 80, 84),
    (128, 96, 84),
)
Tone = Float[np.ndarray, "3"]


def draw_backdrop(
    rng: np.random.Generator, camera: Camera, light: Light, *, ground: str
) -> Float[np.ndarray, "height width 3"]:
    """The empty scene, RGB in [0, 1], before the light is applied; `ground` is "open", "seats" or "stage"."""
    width, height = camera.width, camera.height
    tone = np.array(GROUNDS[rng.integers(len(GROUNDS))]) * rng.uniform(0.85, 1.15)
    picture = Image.new("RGB", (width * FINE, height * FINE), paint_of(tone))
    draw = ImageDraw.Draw(picture)
    if ground == "seats":
        _seats(draw, rng, camera)
    else:
        _paving(draw, rng, camera, tone)
    far = camera.feet_at(camera.top)
    if camera.top > 0.03 * height:
        _far_end(picture, rng, far=far, light=light, stage=ground == "stage")
    blur = ImageFilter.GaussianBlur(float(rng.uniform(0.2, 1.0)))
    canvas = np.asarray(picture.resize((width, height), Image.Resampling.BOX).filter(blur), dtype=np.float32) / 255
    mottle = 0.05 * clouds(rng, width=width, height=height, grain=width / 24)
    grain = 0.04 * clouds(rng, width=width, height=height, grain=3.0, octaves=2)
    below = np.clip((np.arange(height, dtype=np.float32) - far) / 8 + 1, 0.35, 1)[:, None]
    canvas = canvas * (1 + (mottle + grain) * below)[..., None]
    clipped: Float[np.ndarray, "height width 3"] = np.clip(canvas, 0, 1)
    return clipped


def _far_end(picture: Image.Image, rng: np.random.Generator, *, far: float, light: Light, stage: bool) -> None:
    """Sky, and before it houses, trees, a hall's walls or a stage; they stand on the row `far`."""
    draw, width = ImageDraw.Draw(picture), picture.width // FINE
    rows = max(round(far * FINE), 1)
    ramp = np.linspace(0.9, 1.15, rows)[:, None] * np.array(light.sky) * 255
    if light.name not in ("night", "show", "hall"):
        puffs = clouds(rng, width=64, height=32, grain=20.0)
        veil = Image.fromarray(np.clip(128 + 40 * puffs, 0, 255).astype(np.uint8)).resize(
            (picture.width, rows), Image.Resampling.BICUBIC
        )
        white = np.clip(np.asarray(veil, dtype=np.float32)[..., None] / 255 - 0.45, 0, 0.5)
        strip = ramp[:, None, :] * (1 - white) + 240 * white
    else:
        strip = np.repeat(ramp[:, None, :], picture.width, axis=1)
    picture.paste(Image.fromarray(np.clip(strip, 0, 255).astype(np.uint8)), (0, 0))
    if light.name == "hall":
        draw_hall(draw, rng, width=width, far=far)
    elif rng.random() < 0.8:
        draw_skyline(draw, rng, width=width, far=far, lit=light.name in ("night", "show", "dusk"))
    if stage:
        draw_stage(draw, rng, width=width, far=far)
    elif light.name != "hall" and rng.random() < 0.5:
        draw_trees(draw, rng, width=width, far=far)


def _paving(draw: ImageDraw.ImageDraw, rng: np.random.Generator, camera: Camera, tone: Tone) -> None:
    """Slabs, kerbs, lanes or a zebra crossing, all running to the vanishing point."""
    width, height = camera.width * FINE, camera.height * FINE
    vanish = (rng.uniform(0.2, 0.8) * width, camera.horizon * FINE)
    kind = rng.choice(["slabs", "lanes", "zebra", "plain"], p=[0.45, 0.3, 0.1, 0.15])
    nearest = camera.size_at(camera.bottom) * FINE
    if kind == "slabs":
        joint = paint_of(tone * rng.choice([rng.uniform(0.72, 0.9), rng.uniform(1.08, 1.2)]))
        slab = rng.uniform(2.0, 6.0)
        for x in np.arange(-3 * width, 4 * width, slab * nearest):
            draw.line([(float(x), float(height)), vanish], fill=joint, width=FINE)
        row = float(camera.height)
        while row > camera.top:
            draw.line([(0, row * FINE), (width, row * FINE)], fill=joint, width=FINE)
            row -= max(camera.size_at(row) * slab * (1.05 - camera.foreshortening), 1.5)
    elif kind == "lanes":
        for _ in range(int(rng.integers(1, 5))):
            x, wide = rng.uniform(-1, 2) * width, rng.uniform(0.01, 0.4) * width
            lane = np.array(GROUNDS[rng.integers(len(GROUNDS))]) * rng.uniform(0.8, 1.2)
            draw.polygon([(x, height), (x + wide, height), vanish], fill=paint_of(lane))
    elif kind == "zebra":
        top, bottom = np.sort(rng.uniform(camera.top, camera.bottom, 2)) * FINE
        for x in np.arange(-2 * width, 3 * width, 4 * nearest):
            ends = [x + (vanish[0] - x) * (height - y) / (height - vanish[1]) for y in (top, bottom)]
            thick = [2 * nearest * (y - vanish[1]) / (height - vanish[1]) for y in (top, bottom)]
            stripe = [(ends[0], top), (ends[0] + thick[0], top), (ends[1] + thick[1], bottom), (ends[1], bottom)]
            draw.polygon(stripe, fill=(206, 204, 198))


def _seats(draw: ImageDraw.ImageDraw, rng: np.random.Generator, camera: Camera) -> None:
    """Steps with rows of empty seats: small round-backed things where heads might be."""
    colour, step = rng.uniform(30, 200, 3), rng.uniform(60, 170, 3).mean() * np.ones(3)
    row, index = float(camera.top), 0
    while row < camera.height + 40:
        size = camera.size_at(row)
        tall = size * 1.8
        box = [0, row * FINE, camera.width * FINE, (row + tall) * FINE]
        draw.rectangle(box, fill=paint_of(step * (0.8 if index % 2 else 1.0)))
        if rng.random() < 0.9:
            for x in np.arange(0, camera.width, size * 2.2):
                seat = paint_of(colour * rng.uniform(0.75, 1.15))
                sides = [x * FINE, (row + 0.2 * tall) * FINE, (x + size * 1.7) * FINE, (row + 0.85 * tall) * FINE]
                draw.rounded_rectangle(sides, radius=size * 0.3 * FINE, fill=seat)
        row, index = row + tall, index + 1
