"""HEIC pictures are read like any other where the extra is installed, and named clearly where it is not."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.errors import MissingExtraError, PictureError, PictureTooLargeError
from uepnet.heic import is_heic
from uepnet.inference.sources import pictures_of
from uepnet.pictures import picture_size, read_picture

ORIENTATION = 0x0112


def quarters() -> Image.Image:
    """Red, green, blue and grey quarters of a picture of 96 x 64 pixels."""
    pixels = np.empty((64, 96, 3), dtype=np.uint8)
    pixels[:32, :48], pixels[:32, 48:], pixels[32:, :48], pixels[32:, 48:] = (200, 0, 0), (0, 160, 0), (0, 0, 200), 128
    return Image.fromarray(pixels)


def encoded(orientation: int = 1, form: str = "HEIF") -> bytes:
    if form == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    quarters().save(file, format=form, quality=95, exif=exif.tobytes())
    return file.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_like_a_jpeg(orientation: int) -> None:
    heic, jpeg = encoded(orientation), encoded(orientation, "JPEG")
    assert is_heic(heic[:64])
    assert not is_heic(jpeg[:64])
    found, expected = read_picture(heic).astype(int), read_picture(jpeg).astype(int)
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 4
    assert picture_size(heic) == picture_size(jpeg)


def test_folders_find_it_and_every_kind_of_source_works(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.HEIC"
    path.write_bytes(encoded())
    assert pictures_of(str(tmp_path)) == (path,)
    with path.open("rb") as file:
        assert np.array_equal(read_picture(path), read_picture(file))


def test_its_size_is_limited_like_that_of_others() -> None:
    with pytest.raises(PictureTooLargeError, match="96 x 64"):
        read_picture(encoded(), max_megapixels=0.001)


@pytest.mark.parametrize("kept", [24, 100, 300, 0.5, 0.9])
def test_a_broken_one_is_a_broken_picture(kept: float) -> None:
    whole = encoded()
    with pytest.raises(PictureError):
        read_picture(whole[: int(kept if kept > 1 else kept * len(whole))])


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(MissingExtraError, match=r"photo\.heic.*uepnet\[heic\]"):
        read_picture(path)
