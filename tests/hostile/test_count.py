"""`uepnet count` and what strangers hand in: one line each, the others counted, no hang, bounded memory."""

import json
import os
import socket
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.errors import PictureError, PictureTooLargeError
from uepnet.inference.sources import pictures_of
from uepnet.pictures import LARGEST_MEGAPIXELS, LONGEST_SIDE, picture_size, read_picture

Program = Callable[..., subprocess.CompletedProcess[str]]


def outcomes(told: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """By file name: "counted", or the kind of the error."""
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    return {Path(row["source"]).name: row["error"]["kind"] if "error" in row else "counted" for row in rows}


@pytest.mark.parametrize("megapixels", [64, 500])
def test_bombs_are_refused_in_little_memory(
    limited_program: Program, bombs: dict[str, bytes], good_picture: Path, megapixels: int
) -> None:
    for name, content in bombs.items():
        (good_picture.parent / name).write_bytes(content)
    told = limited_program("count", "--json", "--max-megapixels", megapixels, good_picture.parent)
    assert (told.returncode, told.stderr) == (1, "")
    assert outcomes(told) == {**dict.fromkeys(bombs, "picture-too-large"), good_picture.name: "counted"}


def test_what_pillow_warns_of_is_not_shown(limited_program: Program, good_picture: Path) -> None:
    """A TIFF whose directory is cut short, one with impossible samples, and a broken EXIF in a good WebP."""
    folder, exif = good_picture.parent, Image.Exif()
    exif[0x010E] = "words" * 30
    picture = Image.new("RGB", (70, 70), (9, 9, 200))
    picture.save(folder / "a.tif")
    picture.save(folder / "b.tif")
    picture.save(folder / "c.webp", exif=exif)
    whole = (folder / "a.tif").read_bytes()
    (folder / "a.tif").write_bytes(whole[:60])
    samples = whole.index(b"\x15\x01\x03\0\x01\0\0\0") + 8
    (folder / "b.tif").write_bytes(whole[:samples] + b"\xff\xff" + whole[samples + 2 :])
    webp = (folder / "c.webp").read_bytes()
    entry = webp.index(b"MM\0*") + 10
    (folder / "c.webp").write_bytes(webp[:entry] + b"\x01\x0e\0\x02\x0f\xff\xff\xff" + webp[entry + 8 :])
    told = limited_program("count", "--json", folder)
    assert (told.returncode, told.stderr) == (1, "")
    broken = dict.fromkeys(("a.tif", "b.tif"), "picture-format")
    assert outcomes(told) == {**broken, "c.webp": "counted", good_picture.name: "counted"}


def test_what_is_no_file_is_named_and_never_waited_for(
    limited_program: Program, good_picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    monkeypatch.chdir(good_picture.parent)
    os.mkfifo("pipe.jpg")
    Path("loop.jpg").symlink_to("loop.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.jpg")
        sources = ["pipe.jpg", "socket.jpg", "/dev/zero", "loop.jpg", "x" * 5000, "a\nb\x1b[31m.jpg", good_picture]
        told = limited_program("count", *sources)
    assert told.returncode == 1
    lines = told.stderr.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("uepnet: error: ") and "\x1b" not in line for line in lines)
    assert all("a pipe, a socket or a device" in line for line in lines[:3])
    assert good_picture.name in told.stdout


def test_a_pipe_is_refused_by_the_reader_too(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe.jpg")
    for read in (read_picture, picture_size):
        with pytest.raises(PictureError, match="a pipe, a socket or a device"):
            read(tmp_path / "pipe.jpg")


def test_links_that_go_round_bring_no_picture_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them would otherwise be followed in 2 to the power of 40 ways."""
    monkeypatch.chdir(tmp_path)
    for folder in ("a/b", ".hidden"):
        Path(folder).mkdir(parents=True)
    for name in ("x.jpg", "a/x.jpg", "a/b/x.jpg", ".hidden/x.jpg"):
        Path(name).touch()
    for link in ("a/up", "a/b/up", "a/b/top"):
        Path(link).symlink_to(tmp_path, target_is_directory=True)
    everywhere = {Path("x.jpg"), Path("a/x.jpg"), Path("a/b/x.jpg")}
    assert set(pictures_of("**/*.jpg")) == set(pictures_of("**/**/x.jpg")) == everywhere
    assert set(pictures_of("a/**/x.*")) == everywhere - {Path("x.jpg")}
    assert set(pictures_of(f"{tmp_path}/**/b/x.jpg")) == {tmp_path / "a/b/x.jpg"}


def test_a_folder_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(PictureError, match=r"this cannot be read \(Permission denied\)"):
        pictures_of(str(tmp_path))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 3000), (3000, 1), (2, 70_000)])
def test_the_smallest_and_the_thinnest_are_read(tmp_path: Path, width: int, height: int) -> None:
    Image.new("RGB", (width, height), (1, 2, 3)).save(tmp_path / "thin.png")
    picture = read_picture(tmp_path / "thin.png")
    assert picture.shape == (height, width, 3)
    assert (picture == (1, 2, 3)).all()


def test_a_side_may_not_be_endless(tmp_path: Path) -> None:
    Image.new("L", (LONGEST_SIDE + 1, 1)).save(tmp_path / "thread.png")
    with pytest.raises(PictureTooLargeError, match="200001 x 1 pixels, but a side has 200000 at most; cut the picture"):
        read_picture(tmp_path / "thread.png")


def test_no_limit_above_the_largest_can_be_set(tmp_path: Path) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    for limit in (0.0, -1.0, LARGEST_MEGAPIXELS + 1, float("nan")):
        with pytest.raises(ValueError, match="max_megapixels is"):
            read_picture(tmp_path / "a.png", max_megapixels=limit)


def test_blocks_are_put_where_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every mode and orientation a picture of many blocks is what it is in one piece."""
    random = np.random.default_rng(0)
    pictures = {
        "RGB": Image.fromarray(random.integers(0, 256, (50, 70, 3), dtype=np.uint8)),
        "RGBA": Image.fromarray(random.integers(0, 256, (50, 70, 4), dtype=np.uint8)),
        "I;16": Image.fromarray(random.integers(0, 65536, (50, 70), dtype=np.uint16)),
        "I": Image.fromarray(random.integers(0, 99_999, (50, 70), dtype=np.int32)),
        "P": Image.fromarray(random.integers(0, 256, (50, 70, 3), dtype=np.uint8)).quantize(16),
    }
    for mode, picture in pictures.items():
        for orientation in range(1, 9):
            path = tmp_path / f"{picture.mode}-{orientation}.{'tif' if mode == 'I' else 'png'}"
            exif = Image.Exif()
            exif[0x0112] = orientation
            picture.save(path, exif=exif)
            monkeypatch.setattr("uepnet.pictures.BLOCK", 1000)
            whole = read_picture(path)
            monkeypatch.setattr("uepnet.pictures.BLOCK", 16)
            np.testing.assert_array_equal(read_picture(path), whole)


def test_pillow_s_own_limit_and_the_warning_filters_are_put_back(bombs: dict[str, bytes]) -> None:
    before, filters = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    for content in bombs.values():
        with pytest.raises(PictureTooLargeError):
            read_picture(content)
    assert (before, filters) == (Image.MAX_IMAGE_PIXELS, list(warnings.filters))


def test_too_little_memory_is_said_so(monkeypatch: pytest.MonkeyPatch, good_picture: Path) -> None:
    def refuse(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("uepnet.pictures._upright_rgb", refuse)
    with pytest.raises(PictureTooLargeError, match="the memory is not enough for it; scale it down"):
        read_picture(good_picture)
