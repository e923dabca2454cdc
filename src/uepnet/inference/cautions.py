"""Reasons to doubt a count: in the picture itself, in what the model has learnt from, and in the model's own doubt.

The bounds were found on validation pictures of four data sets with a model that had learnt from two of them; they are
the same for every model (docs/robustness.md has the reasons and what they catch).
"""

import numpy as np
from jaxtyping import UInt8

from uepnet.description import ModelDescription, Seen
from uepnet.inference.backends import PatchMaps
from uepnet.inference.familiarity import strangeness

SMALLEST_SIDE = 64
"""Pixels; below this a picture is smaller than what the encoder sees around one patch."""
DARK = 16.0
"""Mean brightness, of 255, below which next to nothing can be seen."""
BLANK = 3.0
"""Standard deviation of the brightness, of 255, below which a picture shows nothing."""
PALE = 12.0
"""Standard deviation of the brightness below which there is hardly any contrast; photographs have 30 to 90."""
SOFT = 0.016
"""Mean second difference of neighbouring pixels, as a share of their standard deviation, below which a picture is
blurred: sharp photographs have 0.03 to 0.5, blurred by 5 pixels 0.006 to 0.02."""
SIDES_APART = 2.0
"""How much longer or shorter than those of the training pictures a picture's sides may be; counts are tested that far."""
MORE_HEADS = 2.0
"""How many times the heads of the fullest training pictures are believed without a warning."""
DOUBT = 1.8
"""The deviations of all patches together, in units of the count, above which the model may not know ..."""
AGREEMENT = 0.55
"""... if the likeliest classes (argmax) also give less than this share of what their mean gives."""
LEAST_DOUBT = 28.0
"""The deviations of all patches together, in people, below which being wrong hardly matters."""
LEAST_COUNT = 1.0
"""People, below which a count says that nobody is there."""


def cautions(
    picture: UInt8[np.ndarray, "height width 3"], maps: PatchMaps, description: ModelDescription
) -> tuple[str, ...]:
    """Plain sentences, none for an ordinary picture; `maps` are what the model of the description answered to it."""
    hard = _hard_to_see(picture)
    beyond = () if description.seen is None else _beyond(picture.shape, maps, description.seen)
    return (*hard, *beyond, *_unfamiliar(maps, description, doubted=bool(hard)), *_doubtful(maps))


def crowding(counts: np.ndarray) -> float:
    """How many people the average person has in its patch, itself included: high where crowds are dense.

    >>> crowding(np.array([3.0, 1.0, 0.0]))
    2.5
    """
    people = float(counts.sum(dtype=np.float64))
    return float(np.square(counts, dtype=np.float64).sum()) / people if people > 0 else 0.0


def _hard_to_see(picture: UInt8[np.ndarray, "height width 3"]) -> list[str]:
    height, width = picture.shape[:2]
    found = []
    if min(height, width) < SMALLEST_SIDE:
        found.append(
            f"The picture is only {width} x {height} pixels; below {SMALLEST_SIDE} pixels a side counts are unreliable."
        )
    step = max(1, min(height, width) // 256)
    brightness = picture[::step, ::step].mean(axis=2, dtype=np.float32)
    contrast = float(brightness.std())
    if contrast < BLANK:
        found.append("The picture is almost of one colour; there is nothing in it to count.")
        return found
    if brightness.mean() < DARK:
        found.append("The picture is very dark; people who cannot be seen are not counted.")
    elif contrast < PALE:
        found.append("The picture has hardly any contrast; people who cannot be seen are not counted.")
    if min(height, width) >= SMALLEST_SIDE and _sharpness(picture) < SOFT:
        found.append("The picture is very blurred; people who cannot be told apart are not counted.")
    return found


def _sharpness(picture: UInt8[np.ndarray, "height width 3"]) -> float:
    """The mean second difference along some rows and columns of the green channel, as a share of its deviation."""
    height, width = picture.shape[:2]
    rows = picture[:: max(1, height // 256), :, 1].astype(np.float32)
    columns = picture[:, :: max(1, width // 256), 1].astype(np.float32)
    second = np.abs(np.diff(rows, n=2, axis=1)).mean() + np.abs(np.diff(columns, n=2, axis=0)).mean()
    return float(second) / 2 / max(float(rows.std()), 1e-6)


def _beyond(shape: tuple[int, ...], maps: PatchMaps, seen: Seen) -> list[str]:
    """What lies outside the pictures that the model learnt from."""
    megapixels = shape[0] * shape[1] / 1e6
    found = []
    learnt = f"the model learnt from pictures of {seen.smallest:.2g} to {seen.largest:.2g}"
    if megapixels > seen.largest * SIDES_APART**2:
        found.append(
            f"The picture has {megapixels:.3g} megapixels and {learnt}; if heads look much larger here, count it at half "
            "the size."
        )
    elif megapixels < seen.smallest / SIDES_APART**2:
        found.append(
            f"The picture has {_small(megapixels)} megapixels and {learnt}; take a larger one if there is one."
        )
    count = float(maps.mean.sum(dtype=np.float64))
    if crowding(maps.mean) > seen.densest:
        found.append("The crowd is denser than those that the model learnt from; the count may be too low.")
    if count > MORE_HEADS * seen.most_heads:
        found.append(
            f"So many people were in none of the pictures that the model learnt from, which hold up to "
            f"{seen.most_heads:.0f}; the count may be far off."
        )
    return found


def _small(megapixels: float) -> str:
    """A small size in words.

    >>> _small(0.012), _small(1e-6)
    ('0.012', 'less than 0.001')
    """
    return f"{megapixels:.2g}" if megapixels >= 0.001 else "less than 0.001"


def _unfamiliar(maps: PatchMaps, description: ModelDescription, *, doubted: bool) -> list[str]:
    """Whether the picture looks like none that the model has learnt from; where nobody is counted and the picture is
    `doubted` already, that is enough.
    """
    nobody = float(maps.mean.sum(dtype=np.float64)) < LEAST_COUNT
    if description.familiar is None or maps.features is None or (nobody and doubted):
        return []
    if strangeness(maps.features, description.familiar) <= 1.0:
        return []
    why = "people who are there may not have been seen" if nobody else "what it counts here may be no people"
    return [f"The picture looks like none that the model has learnt from; {why}. Compare it with a count by eye."]


def _doubtful(maps: PatchMaps) -> list[str]:
    """The model's own doubt: what its class probabilities say is spread wide, and mostly rests on unlikely classes."""
    deviations = float(np.sqrt(np.maximum(maps.variance, 0), dtype=np.float64).sum())
    mean, likeliest = (float(counts.sum(dtype=np.float64)) for counts in (maps.mean, maps.argmax))
    if deviations > max(LEAST_DOUBT, DOUBT * mean) and likeliest < AGREEMENT * mean:
        return ["The model is unsure of most of what it sees here; the count may be several times too high or too low."]
    return []
