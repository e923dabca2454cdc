"""Every kind of picture file gives the right RGB, and everything else a clear error."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.errors import PictureError, PictureTooLargeError
from uepnet.pictures import picture_size, read_picture

RNG = np.random.default_rng(5)
QUADRANTS = np.zeros((20, 30, 3), dtype=np.uint8)
"""30 x 20: red, green / blue, white, so that every rotation and mirroring is told apart."""
QUADRANTS[:10, :15] = (255, 0, 0)
QUADRANTS[:10, 15:] = (0, 255, 0)
QUADRANTS[10:, :15] = (0, 0, 255)
QUADRANTS[10:, 15:] = (255, 255, 255)

# What a viewer must do to the stored pixels, by the EXIF standard's table of orientations.
UPRIGHT: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a[::-1].transpose(1, 0, 2),
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: a[:, ::-1].transpose(1, 0, 2),
}


def encoded(picture: Image.Image | np.ndarray, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_header_alone(width: int, height: int) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", b"")


def without_app14(rest: bytes) -> bytes:
    if b"Adobe" not in rest:
        return rest
    begin = rest.index(b"Adobe") - 4
    return rest[:begin] + rest[begin + 16 :]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_exif_orientation_is_applied(orientation: int, file_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exactly: dict[str, dict[str, object]] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100, "subsampling": 0}}
    source = encoded(QUADRANTS, file_format, exif=exif, **exactly.get(file_format, {}))
    upright = UPRIGHT[orientation](QUADRANTS)
    assert picture_size(source) == (upright.shape[1], upright.shape[0])
    np.testing.assert_allclose(read_picture(source).astype(int), upright.astype(int), atol=3)


def test_a_png_whose_exif_follows_the_pixels_is_turned_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(QUADRANTS, "PNG")
    end = whole.index(b"IEND") - 4
    source = whole[:end] + png_chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")) + whole[end:]
    assert picture_size(source) == (20, 30)
    np.testing.assert_array_equal(read_picture(source), UPRIGHT[6](QUADRANTS))


def test_an_impossible_orientation_is_taken_as_none() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert picture_size(encoded(QUADRANTS, "PNG", exif=exif)) == (30, 20)
    np.testing.assert_array_equal(read_picture(encoded(QUADRANTS, "PNG", exif=exif)), QUADRANTS)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP", "PPM", "WEBP", "JPEG2000"])
def test_lossless_rgb_is_read_as_it_is(file_format: str) -> None:
    pixels = RNG.integers(0, 256, (11, 13, 3), dtype=np.uint8)
    result = read_picture(encoded(pixels, file_format, **({"lossless": True} if file_format == "WEBP" else {})))
    np.testing.assert_array_equal(result, pixels)
    assert result.flags.writeable


def test_avif_is_read() -> None:
    np.testing.assert_allclose(
        read_picture(encoded(QUADRANTS, "AVIF", subsampling="4:4:4", quality=100)).astype(int), QUADRANTS, atol=4
    )


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "JPEG"])
def test_grey_becomes_three_equal_channels(file_format: str) -> None:
    grey = np.repeat(np.arange(0, 256, 8, dtype=np.uint8)[None], 16, axis=0)
    result = read_picture(encoded(grey, file_format))
    assert (result == result[..., :1]).all()
    np.testing.assert_allclose(result[..., 0].astype(int), grey, atol=2)


def test_one_bit() -> None:
    bits = RNG.integers(0, 2, (9, 14)).astype(bool)
    np.testing.assert_array_equal(read_picture(encoded(Image.fromarray(bits), "PNG"))[..., 1], bits * 255)


def test_a_palette_gives_its_colours() -> None:
    indexed = Image.fromarray(QUADRANTS).quantize(4)
    assert indexed.mode == "P"
    np.testing.assert_array_equal(read_picture(encoded(indexed, "PNG")), np.asarray(indexed.convert("RGB")))


def palette_picture() -> Image.Image:
    picture = Image.new("P", (3, 1))
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    picture.putdata([0, 1, 2])
    return picture


def test_a_palette_with_one_transparent_colour_shows_white_there() -> None:
    source = encoded(palette_picture(), "PNG", transparency=1)
    assert read_picture(source)[0].tolist() == [[255, 0, 0], [255, 255, 255], [0, 0, 255]]


def test_a_palette_with_graded_transparency_is_mixed_with_white() -> None:
    source = encoded(palette_picture(), "PNG", transparency=bytes([255, 0, 128]))
    red, green, blue = read_picture(source)[0].tolist()
    assert (red, green) == ([255, 0, 0], [255, 255, 255])
    assert blue == pytest.approx([127, 127, 255], abs=1)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_mixed_with_white(file_format: str) -> None:
    pixels = np.array([[[200, 100, 0, 0], [200, 100, 0, 128], [200, 100, 0, 255]]], dtype=np.uint8)
    source = encoded(pixels, file_format, **({"lossless": True, "exact": True} if file_format == "WEBP" else {}))
    alpha = pixels[..., 3:] / 255.0
    expected = pixels[..., :3] * alpha + 255.0 * (1 - alpha)
    np.testing.assert_allclose(read_picture(source), expected, atol=1)


def test_grey_with_alpha_is_mixed_with_white() -> None:
    pixels = np.array([[[0, 0], [0, 51], [100, 255]]], dtype=np.uint8)
    result = read_picture(encoded(Image.fromarray(pixels, mode="LA"), "PNG"))
    np.testing.assert_allclose(result[..., 2], [[255, 204, 100]], atol=1)


def test_rgb_with_one_transparent_colour_shows_white_there() -> None:
    source = encoded(QUADRANTS, "PNG", transparency=(0, 0, 255))
    expected = np.where((QUADRANTS == (0, 0, 255)).all(axis=2, keepdims=True), 255, QUADRANTS)
    np.testing.assert_array_equal(read_picture(source), expected)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_the_upper_eight_bits(file_format: str) -> None:
    values = np.array([[0, 255, 256, 0x1234, 0x80FF, 65535]], dtype=np.uint16)
    result = read_picture(encoded(values, file_format))
    assert result[0, :, 0].tolist() == [0, 0, 1, 0x12, 0x80, 255]
    assert (result == result[..., :1]).all()


def test_sixteen_bit_grey_in_the_other_byte_order() -> None:
    values = np.array([[0x1234, 0xFF00]], dtype=">u2")
    source = encoded(Image.frombytes("I;16B", (2, 1), values.tobytes()), "TIFF")
    assert read_picture(source)[0, :, 0].tolist() == [0x12, 0xFF]


def test_sixteen_bit_grey_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    values = np.array([[0x1000, 0x2000, 0x3000], [0x4000, 0x5000, 0x6000]], dtype=np.uint16)
    result = read_picture(encoded(values, "PNG", exif=exif))
    assert result[..., 0].tolist() == [[0x40, 0x10], [0x50, 0x20], [0x60, 0x30]]


def test_sixteen_bit_rgb_keeps_the_upper_eight_bits() -> None:
    row = b"\0" + struct.pack(">6H", 0x1234, 0xFFFF, 0, 0x80FF, 0x00FF, 0x7F00)
    header = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    chunks = (png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(row)), png_chunk(b"IEND", b""))
    result = read_picture(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    assert result[0].tolist() == [[0x12, 0xFF, 0], [0x80, 0, 0x7F]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 100, 255], [0, 100, 255]),
        ([0, 257 * 100, 65535], [0, 100, 255]),
        ([0, 50_000, 100_000], [0, 128, 255]),
        ([-7, 0, 200], [0, 0, 200]),
    ],
)
def test_the_white_of_whole_numbers_is_the_smallest_range_that_holds_them(
    values: list[int], expected: list[int]
) -> None:
    source = encoded(np.array([values], dtype=np.int32), "TIFF")
    assert Image.open(io.BytesIO(source)).mode == "I"
    assert read_picture(source)[0, :, 0].tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([0.0, 25700.0, 60000.0], [0, 100, 233]),
        ([0.0, 0.0, 0.0], [0, 0, 0]),
    ],
)
def test_the_white_of_fractions_is_the_smallest_range_that_holds_them(values: list[float], expected: list[int]) -> None:
    source = encoded(np.array([values], dtype=np.float32), "TIFF")
    assert Image.open(io.BytesIO(source)).mode == "F"
    assert read_picture(source)[0, :, 0].tolist() == expected


def test_values_that_are_not_finite_are_refused() -> None:
    source = encoded(np.array([[0.0, np.nan]], dtype=np.float32), "TIFF")
    with pytest.raises(PictureError, match="not finite"):
        read_picture(source)


def test_cmyk_jpeg_gives_its_colours() -> None:
    inks = np.zeros((16, 32, 4), dtype=np.uint8)
    inks[:, 16:] = (0, 255, 255, 0)  # no cyan, all magenta and yellow: red; without ink: white
    source = encoded(Image.fromarray(inks, mode="CMYK"), "JPEG", quality=100)
    result = read_picture(source)
    np.testing.assert_allclose(result[8, 4].astype(int), [255, 255, 255], atol=4)
    np.testing.assert_allclose(result[8, 28].astype(int), [255, 0, 0], atol=4)


@pytest.mark.parametrize("transform", [0, 2])
def test_adobe_s_inverted_cmyk_and_ycck_jpeg(transform: int) -> None:
    """Photoshop stores 255 - ink, says so by an APP14 marker, and may store it as YCCK (transform 2)."""
    stored = {0: (255, 0, 0, 255), 2: (179, 171, 1, 255)}[transform]  # red as 255 - CMYK; its CMY as YCC of 255 - CMY
    quarter = np.broadcast_to(np.array(stored, dtype=np.uint8), (16, 16, 4))
    # Pillow inverts on writing too: give it the inverse so that the file holds the stored values themselves.
    plain = encoded(Image.fromarray(255 - quarter, mode="CMYK"), "JPEG", quality=100)
    adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
    source = plain[:2] + adobe + without_app14(plain[2:])
    np.testing.assert_allclose(read_picture(source)[8, 8].astype(int), [255, 0, 0], atol=6)


def test_the_first_frame_of_an_animated_gif() -> None:
    first, second = Image.fromarray(QUADRANTS), Image.new("RGB", (30, 20), "black")
    source = encoded(first, "GIF", save_all=True, append_images=[second], duration=50)
    assert getattr(Image.open(io.BytesIO(source)), "n_frames", 1) == 2
    np.testing.assert_array_equal(read_picture(source), QUADRANTS)
    assert picture_size(source) == (30, 20)


def test_path_bytes_and_open_file_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(QUADRANTS, "PNG"))
    np.testing.assert_array_equal(read_picture(path), QUADRANTS)
    np.testing.assert_array_equal(read_picture(path.read_bytes()), QUADRANTS)
    with path.open("rb") as file:
        np.testing.assert_array_equal(read_picture(file), QUADRANTS)


def test_the_content_decides_not_the_file_name(tmp_path: Path) -> None:
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(encoded(QUADRANTS, "PNG"))
    np.testing.assert_array_equal(read_picture(path), QUADRANTS)


def test_bytes_behind_the_end_of_a_jpeg_do_no_harm() -> None:
    whole = encoded(QUADRANTS, "JPEG")
    np.testing.assert_array_equal(read_picture(whole + b"\0" * 500), read_picture(whole))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_an_error(file_format: str, share: float) -> None:
    whole = encoded(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8), file_format)
    with pytest.raises(PictureError):
        read_picture(whole[: int(len(whole) * share)])


def test_zero_bytes_and_something_else_are_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    for source in (path, b"", b"hello, I am no picture", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"):
        for read in (read_picture, picture_size):
            with pytest.raises(PictureError, match="no picture in a format that can be read"):
                read(source)


def test_a_missing_file_and_a_folder_are_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.jpg: there is no such file"):
        read_picture(tmp_path / "gone.jpg")
    with pytest.raises(PictureError, match="this is a folder"):
        picture_size(tmp_path)


def test_too_many_megapixels_is_seen_in_the_header_alone() -> None:
    source = png_header_alone(9000, 8000)
    with pytest.raises(PictureTooLargeError, match=r"9000 x 8000 = 72\.0 megapixels, the limit is 64"):
        read_picture(source)
    with pytest.raises(PictureTooLargeError, match=r"the limit is 0\.0005"):
        read_picture(encoded(QUADRANTS, "JPEG"), max_megapixels=0.0005)
    assert read_picture(encoded(QUADRANTS, "PNG"), max_megapixels=0.0006).shape == (20, 30, 3)


def test_more_megapixels_than_pillow_allows_is_the_same_error() -> None:
    for read in (read_picture, picture_size):
        with pytest.raises(PictureTooLargeError):
            read(png_header_alone(60_000, 60_000))


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_pillow_s_own_warning_is_kept_quiet() -> None:
    with pytest.raises(PictureTooLargeError):
        read_picture(png_header_alone(10_000, 10_000))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "PPM", "JPEG2000", "AVIF"])
def test_damage_anywhere_gives_a_picture_or_a_picture_error(file_format: str) -> None:
    rng = np.random.default_rng(11)
    exif = Image.Exif()
    exif[0x0112] = 6
    takes_exif = file_format in ("JPEG", "PNG", "TIFF", "WEBP", "AVIF")
    whole = np.frombuffer(encoded(QUADRANTS, file_format, **({"exif": exif} if takes_exif else {})), dtype=np.uint8)
    messages = []
    for _ in range(150):
        damaged = whole.copy()
        damaged[rng.integers(0, min(len(whole), 400), 3)] = rng.integers(0, 256, 3)
        for read in (read_picture, picture_size):
            try:
                read(damaged.tobytes())
            except PictureError as error:
                messages.append(str(error))
    assert messages
    assert all(message.startswith("the picture: ") for message in messages)
