"""Pictures from files to RGB pixels: whatever the file's mode, the same eight bits of red, green and blue."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from uepnet.errors import PictureError, PictureTooLargeError

PictureSource = Path | bytes | BinaryIO
"""A file, the bytes of one, or an open one."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "JPEG2000", "AVIF")
"""What a camera or a browser writes; Pillow knows more, such as PostScript, which would run another program."""

PICTURE_SUFFIXES = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k", ".avif"),
    }
)
"""What counts as a picture in a folder; a file that is named itself may be called as it likes."""

EXIF_ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})
"""The EXIF orientations that exchange width and height."""

BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, AssertionError),
    *(OverflowError, MemoryError, RuntimeError, struct.error, zlib.error),
)
"""What Pillow raises on a damaged file, depending on the format and the place of the damage."""


def read_picture(source: PictureSource, *, max_megapixels: float = 64.0) -> UInt8[np.ndarray, "height width 3"]:
    """The picture upright (EXIF rotation applied) in eight-bit RGB; transparency over white, the first frame of several.

    Raises `PictureTooLargeError` from the header alone, before the pixels are decoded, and `PictureError` for anything
    that is no whole picture. Above 178 megapixels Pillow refuses, whatever the limit.
    """
    with _opened(source) as picture:
        megapixels = picture.width * picture.height / 1e6
        if megapixels > max_megapixels:
            raise PictureTooLargeError(
                f"{_name(source)}: {picture.width} x {picture.height} = {megapixels:.1f} megapixels, the limit is "
                f"{max_megapixels:g}; scale the picture down or raise the limit (--max-megapixels)"
            )
        return np.array(_as_rgb(ImageOps.exif_transpose(picture)), dtype=np.uint8)


def picture_size(source: PictureSource) -> tuple[int, int]:
    """Width and height of the upright picture, from the header alone but for PNG (EXIF may come last) and TIFF."""
    with _opened(source) as picture:
        if picture.format == "TIFF":
            picture.load()  # Pillow turns a TIFF upright itself, while it loads it
        if picture.getexif().get(EXIF_ORIENTATION) in SIDEWAYS:
            return picture.height, picture.width
        return picture.width, picture.height


@contextmanager
def _opened(source: PictureSource) -> Iterator[Image.Image]:
    """An opened picture; everything that Pillow can raise while it is in use becomes a `PictureError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `max_megapixels` is our limit
            picture = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS)
        with picture:
            yield picture
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureTooLargeError(f"{_name(source)}: {error}; scale the picture down") from error
    except FileNotFoundError as error:
        raise PictureError(f"{_name(source)}: there is no such file") from error
    except IsADirectoryError as error:
        raise PictureError(f"{_name(source)}: this is a folder, but one picture is wanted") from error
    except PermissionError as error:
        raise PictureError(f"{_name(source)}: there is no right to read this file") from error
    except UnidentifiedImageError as error:
        raise PictureError(
            f"{_name(source)}: this is no picture in a format that can be read ({', '.join(FORMATS)})"
        ) from error
    except BROKEN as error:
        raise PictureError(f"{_name(source)}: the picture is broken or cut short ({error})") from error


def _as_rgb(picture: Image.Image) -> Image.Image:
    """Eight-bit RGB of a picture in any mode.

    Sixteen bits keep their upper eight. The modes I and F do not say which value is white: it is the first of 1 (F
    only), 255 and 65535 that no value exceeds, else the largest value.
    """
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")
    if picture.mode in ("I", "F"):
        values = np.asarray(picture, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("some of its values are not finite")
        largest = float(values.max())
        white = next((white for white in (1.0, 255.0, 65535.0)[picture.mode == "I" :] if largest <= white), largest)
        return Image.fromarray(np.clip(np.rint(values * (255.0 / white)), 0, 255).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        over_white = Image.new("RGBA", picture.size, "white")
        over_white.alpha_composite(picture.convert("RGBA"))
        return over_white.convert("RGB")
    return picture.convert("RGB")


def _name(source: PictureSource) -> str:
    if isinstance(source, Path):
        return str(source)
    return str(getattr(source, "name", "the picture"))
