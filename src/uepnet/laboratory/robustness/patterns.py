"""Peopleless pictures that no camera took: plain ones, noise, gradients, checkerboards and pages of text."""

import string

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw, ImageFont

Picture = UInt8[np.ndarray, "height width 3"]


def finished(values: Float[np.ndarray, "height width _"]) -> Picture:
    """Eight-bit RGB of values in 0 to 255; one channel is repeated."""
    pixels = np.clip(values, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))


def power_noise(
    rng: np.random.Generator, height: int, width: int, *, power: float = 1.0, finest: float = 2.0
) -> Float[np.ndarray, "height width"]:
    """Noise of mean 0 and deviation 1: amplitude 1 / frequency^power, and nothing shorter than `finest` pixels."""
    spectrum = np.fft.rfft2(rng.normal(size=(height, width)))
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    lowest = 1.0 / max(height, width)
    spectrum *= np.maximum(frequency, lowest) ** -power * np.exp(-((frequency * finest / 2) ** 2))
    spectrum[0, 0] = 0
    noise = np.fft.irfft2(spectrum, s=(height, width))
    return np.asarray(noise / max(float(noise.std()), 1e-12))


def _flat(level: float, height: int, width: int) -> Picture:
    return finished(np.full((height, width, 1), float(level)))


def black(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Nothing at all; as every plain picture it is the same for every seed."""
    del rng
    return _flat(0, height, width)


def white(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Full white."""
    del rng
    return _flat(255, height, width)


def grey(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Middle grey."""
    del rng
    return _flat(128, height, width)


def white_noise(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Every value of every pixel on its own, all equally likely."""
    return finished(rng.integers(0, 256, (height, width, 3)).astype(float))


def pink_noise(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Coarse coloured noise, as much in every octave."""
    channels = [power_noise(rng, height, width) for _ in range(3)]
    return finished(128 + 50 * np.stack(channels, axis=-1))


def salt_and_pepper(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Grey with a tenth of the pixels black or white."""
    chance = rng.random((height, width, 1))
    return finished(np.select([chance < 0.05, chance > 0.95], [0.0, 255.0], 120.0))


def film_grain(rng: np.random.Generator, height: int, width: int) -> Picture:
    """An unlit wall on fast film: clumped grains, stronger in the middle tones, and darker corners."""
    rows, columns = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    light = rng.uniform(90, 160) - 45 * (rows**2 + columns**2)
    grain = 16 * power_noise(rng, height, width, power=0.0, finest=3.0) + 6 * rng.normal(size=(height, width))
    return finished((light + grain)[..., None])


def gradient(rng: np.random.Generator, height: int, width: int) -> Picture:
    """From one colour to another along any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    way = np.sin(angle) * rows + np.cos(angle) * columns
    share = ((way - way.min()) / max(np.ptp(way), 1e-9))[..., None]
    start, end = rng.uniform(0, 255, (2, 3))
    return finished(start + share * (end - start))


def checkerboard(rng: np.random.Generator, height: int, width: int) -> Picture:
    """Squares of two colours."""
    side = int(rng.integers(6, 48))
    odd = (np.arange(height)[:, None] // side + np.arange(width)[None, :] // side) % 2
    colours = np.array([rng.uniform(0, 90, 3), rng.uniform(160, 255, 3)])
    return finished(colours[odd])


def text_page(rng: np.random.Generator, height: int, width: int) -> Picture:
    """A printed page in one or two columns: a heading, and paragraphs of words that mean nothing."""
    page = Image.new("RGB", (width, height), tuple(rng.integers(235, 256, 3).tolist()))
    draw = ImageDraw.Draw(page)
    ink = tuple(rng.integers(0, 60, 3).tolist())
    size = int(rng.integers(10, 22))
    heading, print_ = ImageFont.load_default(2.2 * size), ImageFont.load_default(size)
    margin = round(0.06 * min(height, width))
    draw.text((margin, margin), _words(rng, 5).title(), fill=ink, font=heading)
    columns = int(rng.integers(1, 3))
    column = (width - margin) / columns
    for number in range(columns):
        left, top = margin + number * column, margin + 3.5 * size
        while top < height - margin - size:
            last = rng.random() < 0.15
            line = _words(rng, 40)
            while draw.textlength(line, font=print_) > (column - margin) * (0.5 if last else 1):
                line = line.rpartition(" ")[0]
            draw.text((left, top), line, fill=ink, font=print_)
            top += size * (2.3 if last else 1.35)
    return np.asarray(page)


def _words(rng: np.random.Generator, number: int) -> str:
    letters, likely = (
        list(string.ascii_lowercase),
        np.array([3 if letter in "aeinorst" else 1 for letter in string.ascii_lowercase]),
    )
    lengths = rng.integers(1, 10, number)
    return " ".join("".join(rng.choice(letters, length, p=likely / likely.sum())) for length in lengths)
