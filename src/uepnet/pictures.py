"""Pictures from files to RGB pixels: whatever the file's mode, the same eight bits of red, green and blue.

The pixels are converted and turned upright block by block into the one array that is returned, so that besides what
Pillow decodes (four bytes a pixel) no second copy of a large picture is in memory.
"""

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageFile, UnidentifiedImageError

from uepnet.errors import PictureError, PictureFormatError, PictureTooLargeError
from uepnet.heic import HEAD, is_heic, read_heic_with_pillow

PictureSource = Path | bytes | BinaryIO
"""A file, the bytes of one, or an open one."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "JPEG2000", "AVIF")
"""What a camera or a browser writes; Pillow knows more, such as PostScript, which would run another program."""

PICTURE_SUFFIXES = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k", ".avif"),
        *(".heic", ".heif", ".hif"),
    }
)
"""What counts as a picture in a folder; a file that is named itself may be called as it likes."""

OVERLAY_SUFFIX = ".overlay.jpg"
RESULT_SUFFIX = ".count.json"
"""How the files end that `uepnet count --out` writes: beside the pictures, perhaps."""

LARGEST_MEGAPIXELS = 500.0
"""No limit can be set higher."""
DECODED_WHOLE = {"WEBP": 178.0, "GIF": 178.0, "JPEG2000": 178.0, "AVIF": 178.0, "HEIF": 178.0}
"""Megapixels at most in formats whose decoders hold further copies of the whole picture."""
LONGEST_SIDE = 200_000
"""Pixels; a thread of a picture of few megapixels would cost far more work than its file says."""

MOST_SCANS = 250
"""Of one JPEG with the previews in it."""
JPEG_SCAN = b"\xff\xda"
"""Begins a scan; within compressed pixels FF is followed by 00 or by a marker of another kind."""
PIECE = 1 << 20
"""Bytes that are looked at together."""

EXIF_ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})
"""The EXIF orientations that exchange width and height."""

BLOCK = 1024
"""Pixels; the side of the blocks that are converted at once."""

BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, AssertionError),
    *(OverflowError, RuntimeError, struct.error, zlib.error),
)
"""What Pillow raises on a damaged file, depending on the format and the place of the damage."""

_pillow_s_limit = threading.Lock()


def read_picture(source: PictureSource, *, max_megapixels: float = 64.0) -> UInt8[np.ndarray, "height width 3"]:
    """The picture upright (EXIF rotation applied) in eight-bit RGB; transparency over white, the first frame of several.

    Raises `PictureTooLargeError` from the header alone, before the pixels are decoded, and `PictureError` for anything
    that is no whole picture. `max_megapixels` can be `LARGEST_MEGAPIXELS` at most.
    """
    if not 0 < max_megapixels <= LARGEST_MEGAPIXELS:
        raise ValueError(f"max_megapixels is {max_megapixels}; it can be up to {LARGEST_MEGAPIXELS:g}")
    with _opened(source) as picture:
        _refuse_too_large(picture, max_megapixels, name=_name(source))
        _refuse_endless(picture, name=_name(source))
        return _upright_rgb(picture)


def picture_size(source: PictureSource) -> tuple[int, int]:
    """Width and height of the upright picture, from the header alone but for PNG, whose EXIF may come last."""
    with _opened(source) as picture:
        if picture.format != "TIFF" and picture.getexif().get(EXIF_ORIENTATION) in SIDEWAYS:
            return picture.height, picture.width
        return picture.width, picture.height  # Pillow itself says the upright size of a TIFF


def _refuse_too_large(picture: Image.Image, max_megapixels: float, *, name: str) -> None:
    width, height = picture.size
    megapixels = width * height / 1e6
    limit = min(max_megapixels, DECODED_WHOLE.get(picture.format or "", LARGEST_MEGAPIXELS))
    if megapixels > limit:
        raised = "raise the limit (--max-megapixels)" if limit == max_megapixels else "save it as JPEG, PNG or TIFF"
        raise PictureTooLargeError(
            f"{name}: {width} x {height} = {megapixels:.1f} megapixels, the limit is "
            f"{limit:g}{'' if limit == max_megapixels else f' for {picture.format}'}; scale the picture down or {raised}"
        )
    if max(width, height) > LONGEST_SIDE:
        raise PictureTooLargeError(
            f"{name}: {width} x {height} pixels, but a side has {LONGEST_SIDE} at most; cut the picture into pieces"
        )


def _refuse_endless(picture: Image.Image, *, name: str) -> None:
    """A JPEG may be drawn in scans, one over the other: a few bytes each in the file, and each a walk over all pixels."""
    if picture.format not in ("JPEG", "MPO") or not isinstance(picture, ImageFile.ImageFile) or picture.fp is None:
        return
    file = picture.fp
    place, scans, last = file.tell(), 0, b""
    file.seek(0)
    while chunk := file.read(PIECE):
        scans += (last + chunk).count(JPEG_SCAN)
        last = chunk[-1:]
    file.seek(place)
    if scans > MOST_SCANS:
        raise PictureTooLargeError(
            f"{name}: it is drawn in {scans:,} scans, photographs have about 10; save it anew in another program"
        )


@contextmanager
def _opened(source: PictureSource) -> Iterator[Image.Image]:
    """An opened picture; everything that Pillow can raise while it is in use becomes a `PictureError`."""
    try:
        with _identified(source) as picture:
            yield picture
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureTooLargeError(
            f"{_name(source)}: more than {LARGEST_MEGAPIXELS:g} megapixels, which is the most that is counted; "
            "scale the picture down"
        ) from error
    except MemoryError as error:
        raise PictureTooLargeError(f"{_name(source)}: the memory is not enough for it; scale it down") from error
    except UnidentifiedImageError as error:
        raise PictureFormatError(
            f"{_name(source)}: this is no picture in a format that can be read ({', '.join(FORMATS)})"
        ) from error
    except BROKEN as error:
        raise PictureError(f"{_name(source)}: {_why(error)}") from error


def _why(error: Exception) -> str:
    """What is wrong with a file: its place on the disk, or what is inside."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a folder, but one picture is wanted"
    if isinstance(error, PermissionError):
        return "there is no right to read this file"
    if isinstance(error, OSError) and error.strerror:
        return f"the file cannot be read ({error.strerror})"
    return f"the picture is broken or cut short ({error})"


def _identified(source: PictureSource) -> Image.Image:
    """The picture after its header."""
    if isinstance(source, Path) and source.exists() and not (source.is_file() or source.is_dir()):
        raise PictureError(f"{source}: this is a pipe, a socket or a device; name a picture file, or pipe one into -")
    formats: tuple[str, ...] = FORMATS
    if is_heic(_head(source)):
        read_heic_with_pillow(_name(source))
        formats = (*FORMATS, "HEIF")
    with _our_limit(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=formats)


def _head(source: PictureSource) -> bytes:
    """The first bytes; an open file is left at its place."""
    if isinstance(source, bytes):
        return source[:HEAD]
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(HEAD)
    place = source.tell()
    head = source.read(HEAD)
    source.seek(place)
    return head


@contextmanager
def _our_limit() -> Iterator[None]:
    """`LARGEST_MEGAPIXELS` as Pillow's own limit, which is one for the whole process and so put back at once."""
    with _pillow_s_limit:
        before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = round(LARGEST_MEGAPIXELS * 1e6) // 2  # Pillow refuses above twice its number
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _upright_rgb(picture: Image.Image) -> UInt8[np.ndarray, "height width 3"]:
    """The pixels, each block converted and put where it stands in the upright picture."""
    with _our_limit() if picture.format == "TIFF" else nullcontext():  # Pillow checks a TIFF's size once more
        picture.load()
    orientation = picture.getexif().get(EXIF_ORIENTATION, 1)  # after loading: it may stand behind the pixels
    width, height = picture.size
    upright = np.empty((width, height, 3) if orientation in SIDEWAYS else (height, width, 3), dtype=np.uint8)
    stored = _as_stored(upright, orientation)
    white = _white(picture)
    for (left, top, right, bottom), block in _blocks(picture):
        stored[top:bottom, left:right] = _as_rgb(block, white=white)
    return upright


def _as_stored(
    upright: UInt8[np.ndarray, "height width 3"], orientation: int
) -> UInt8[np.ndarray, "stored_height stored_width 3"]:
    """A view of an upright picture in which its pixels stand as in the file, by the EXIF standard's table."""
    view = upright.transpose(1, 0, 2) if orientation in SIDEWAYS else upright
    if orientation in (3, 4, 6, 7):
        view = view[::-1]
    return view[:, ::-1] if orientation in (2, 3, 7, 8) else view


def _blocks(picture: Image.Image) -> Iterator[tuple[tuple[int, int, int, int], Image.Image]]:
    """Pieces of a picture, each with its left, upper, right and lower border."""
    for top in range(0, picture.height, BLOCK):
        for left in range(0, picture.width, BLOCK):
            box = (left, top, min(left + BLOCK, picture.width), min(top + BLOCK, picture.height))
            yield box, picture.crop(box)


def _white(picture: Image.Image) -> float:
    """The value that is white in the modes I and F, which do not say it; 255 in every other mode.

    It is the first of 1 (F only), 255 and 65535 that no value exceeds, else the largest value.
    """
    if picture.mode not in ("I", "F"):
        return 255.0
    largest = -np.inf
    for _, block in _blocks(picture):
        values = np.asarray(block)
        if not np.isfinite(values).all():
            raise ValueError("some of its values are not finite")
        largest = max(largest, float(values.max()))
    return next((white for white in (1.0, 255.0, 65535.0)[picture.mode == "I" :] if largest <= white), largest)


def _as_rgb(picture: Image.Image, *, white: float) -> UInt8[np.ndarray, "height width 3"]:
    """Eight-bit RGB of a picture in any mode; sixteen bits keep their upper eight, and `white` is for I and F alone."""
    if picture.mode.startswith("I;16"):
        picture = Image.fromarray((np.asarray(picture).astype(np.uint16) >> 8).astype(np.uint8))
    elif picture.mode in ("I", "F"):
        values = np.asarray(picture, dtype=np.float64) * (255.0 / white)
        picture = Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    elif picture.has_transparency_data:
        over_white = Image.new("RGBA", picture.size, "white")
        over_white.alpha_composite(picture.convert("RGBA"))
        picture = over_white
    return np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))


def _name(source: PictureSource) -> str:
    if isinstance(source, Path):
        return str(source)
    return str(getattr(source, "name", "the picture"))
