"""What is kept of a picture to find its copies: a digest of the pixels, and the luminance on a small grid."""

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from PIL import Image

GRID = 128
"""Cells along each side of the grid, whatever the picture's shape; a stretched copy has the same grid."""


@dataclass(frozen=True)
class Fingerprint:
    """SHA-256 of shape and pixels, and the mean luminance of each of GRID x GRID equal cells of the picture."""

    digest: bytes
    luminance: UInt8[np.ndarray, "grid grid"]


def fingerprint(pixels: UInt8[np.ndarray, "height width 3"]) -> Fingerprint:
    """The fingerprint of a picture; luminance as in ITU-R BT.601.

    >>> white = fingerprint(np.full((20, 30, 3), 255, dtype=np.uint8))
    >>> white.luminance.shape, int(white.luminance.min())
    ((128, 128), 255)
    """
    digest = hashlib.sha256(f"{pixels.shape}".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    grey = Image.fromarray(pixels).convert("L").resize((GRID, GRID), Image.Resampling.BOX)
    return Fingerprint(digest.digest(), np.asarray(grey, dtype=np.uint8))
