"""Digest and luminance of a picture."""

from collections.abc import Callable

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from uepnet.annotations.check.fingerprint import GRID, fingerprint

Photograph = Callable[..., UInt8[np.ndarray, "height width 3"]]


def test_the_digest_knows_every_pixel_and_the_shape(photograph: Photograph) -> None:
    pixels = photograph(1)
    changed = pixels.copy()
    changed[80, 100, 2] ^= 1
    digests = [fingerprint(pixels).digest, fingerprint(changed).digest, fingerprint(pixels.reshape(80, 480, 3)).digest]
    assert len(set(digests)) == 3
    assert fingerprint(pixels.copy()).digest == digests[0]


def test_a_view_of_a_larger_array_has_the_digest_of_its_copy(photograph: Photograph) -> None:
    pixels = photograph(1)
    assert fingerprint(pixels[10:50, 20:90]).digest == fingerprint(pixels[10:50, 20:90].copy()).digest


def test_luminance_is_the_mean_of_each_cell(photograph: Photograph) -> None:
    pixels = photograph(2, width=4 * GRID, height=2 * GRID)
    grey = pixels @ np.array([0.299, 0.587, 0.114])
    expected = np.array([[grey[2 * r : 2 * r + 2, 4 * c : 4 * c + 4].mean() for c in range(GRID)] for r in range(GRID)])
    assert (
        np.abs(fingerprint(pixels).luminance - expected).max() <= 1.5
    )  # rounded three times: the colours' sum, the rows' mean, the columns'


def test_another_size_has_nearly_the_same_luminance(photograph: Photograph) -> None:
    pixels = photograph(3, width=4 * GRID, height=4 * GRID)
    smaller = np.asarray(Image.fromarray(pixels).resize((GRID, 2 * GRID), Image.Resampling.BOX))
    difference = fingerprint(pixels).luminance.astype(int) - fingerprint(smaller).luminance
    assert np.abs(difference).max() <= 3
