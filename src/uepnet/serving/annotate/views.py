"""What the page shows of a picture: all of it in one JPEG, and square pieces of it where a person looks closely.

Points are in pixels of the upright picture; the view says how large that is, whatever is sent of it.
"""

import io
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from uepnet.inference.overlay import view_size
from uepnet.inference.view import resized
from uepnet.pictures import read_picture

LONGEST = 2048
"""Pixels of the longer side of a view."""
PIECE = 1024
"""Pixels a side of a piece, as it is sent."""
KEPT_BYTES = 400_000_000
"""Of decoded pictures that are kept for the next piece; the one in use is kept whatever its size."""

Pixels = UInt8[np.ndarray, "height width 3"]


class Views:
    """The views of pictures; the last pictures are kept decoded. Safe to use from several threads."""

    def __init__(self, *, max_megapixels: float) -> None:
        self._max_megapixels = max_megapixels
        self._decoded: OrderedDict[tuple[Path, int], Pixels] = OrderedDict()
        self._lock = threading.Lock()

    def size(self, path: Path) -> tuple[int, int]:
        """Width and height of the upright picture; `PictureError` for one that cannot be read whole."""
        height, width = self.pixels(path).shape[:2]
        return width, height

    def whole(self, path: Path) -> bytes:
        """The picture as JPEG, reduced to `LONGEST` pixels at most. Raises as `size` does."""
        pixels = self.pixels(path)
        height, width = pixels.shape[:2]
        if max(width, height) <= LONGEST:
            return _jpeg(Image.fromarray(pixels))
        return _jpeg(resized(pixels, view_size(width, height, longest=LONGEST)))

    def piece(self, path: Path, *, level: int, column: int, row: int) -> bytes:
        """A square of `PIECE` times 2**level pixels as JPEG, reduced by 2**level; `ValueError` for one beyond the picture."""
        pixels = self.pixels(path)
        side = PIECE << level
        part = pixels[row * side : (row + 1) * side, column * side : (column + 1) * side]
        if part.size == 0:
            raise ValueError(f"there is no piece {column}, {row} of level {level}")
        return _jpeg(Image.fromarray(np.ascontiguousarray(part)).reduce(1 << level))

    def pixels(self, path: Path) -> Pixels:
        """The upright picture, read once for all that is shown of it; one at a time, so that memory has a bound."""
        with self._lock:
            key = (path, _changed(path))
            if key not in self._decoded:
                self._make_room()
                self._decoded[key] = read_picture(path, max_megapixels=self._max_megapixels)
            self._decoded.move_to_end(key)
            return self._decoded[key]

    def _make_room(self) -> None:
        while sum(pixels.nbytes for pixels in self._decoded.values()) > KEPT_BYTES:
            self._decoded.popitem(last=False)


def _changed(path: Path) -> int:
    """When the file was last written, so that a picture that was put in its place is read anew."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


def _jpeg(image: Image.Image) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, format="JPEG", quality=90)
    return encoded.getvalue()
