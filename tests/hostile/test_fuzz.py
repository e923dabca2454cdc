"""Files of strangers, made by damaging good ones: every reader gives an answer or a `UepnetError`, and soon.

The search that is guided by which lines of the readers were run is for a whole night, not for every run of the tests:
UEPNET_FUZZ_SECONDS says how long it looks in each reader.
"""

import io
import json
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, cast

import numpy as np
import pytest
import scipy.io
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save

from uepnet.annotations.labelling.formats import FORMS, read_heads
from uepnet.annotations.labelling.text_points import read_text_points
from uepnet.annotations.mat_files import as_points, read_mat, variable
from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.errors import UepnetError
from uepnet.inference.zones.zone_file import read_zones
from uepnet.network.model_file import load_model
from uepnet.pictures import picture_size, read_picture

SLOWEST = 5.0
"""Seconds for one small file, on a busy machine."""
POINTS = {"a.jpg": np.array([[1.5, 2.25], [30.0, 20.0]]), "b.png": np.zeros((0, 2))}
SIZES = {"a.jpg": (64, 48), "b.png": (10, 10)}
CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]]
ZONES = {
    "units": "fractions",
    "ground": {"points": [{"picture": [x, y], "metres": [9 * x, 7 * y]} for x, y in CORNERS]},
    "zones": [{"name": "gate", "include": [CORNERS[:3]], "density_limit": 2.0, "people_limit": 40}],
}
NASTY = (b"\xff" * 4, b"\0" * 8, b"1e999", b"9" * 400, b"-1", b"null", b"[" * 40, b'""', b"\xed\xa0\x80", b"\\ud800")


def saved(variables: dict[str, Any], **options: Any) -> bytes:
    file = io.BytesIO()
    scipy.io.savemat(cast(Any, file), variables, **options)  # the stubs know no open files
    return file.getvalue()


def read_mat_points(path: Path) -> object:
    return as_points(variable(read_mat(path), "points", path=path), path=path)


def read_both(path: Path) -> object:
    return picture_size(path), read_picture(path, max_megapixels=4)


def points_name(form: str) -> str:
    return f"{form}-points{'.json' if FORMS[form].folder else Path(FORMS[form].download).suffix}"


def good_files(folder: Path) -> dict[str, tuple[Callable[[Path], object], bytes]]:
    """By name: the reader, and a small file that it reads."""
    found: dict[str, tuple[Callable[[Path], object], bytes]] = {}
    for form, known in FORMS.items():
        path = folder / known.download
        known.write(path, POINTS, SIZES)
        content = (path / "a.json").read_bytes() if known.folder else path.read_bytes()
        found[points_name(form)] = (read_heads, content)
    found["lines.txt"] = (read_text_points, b"1.5 2.25\n30, 20\n")
    for form, packed in (("5", False), ("5", True), ("4", False)):
        options = {"format": form, "do_compression": packed}
        found[f"version{form}{packed}.mat"] = (read_mat_points, saved({"points": POINTS["a.jpg"]}, **options))
    cells = np.empty((1, 2), dtype=object)
    cells[0, :] = [{"location": POINTS["a.jpg"], "number": 2}, "text"]
    found["nested.mat"] = (read_mat_points, saved({"points": cells}))
    found["zones.json"] = (read_zones, json.dumps(ZONES).encode())
    found["weights.safetensors"] = (load_model, save({"a": np.ones(2)}, metadata={METADATA_KEY: "{}"}))
    found["description.json"] = (
        lambda path: ModelDescription.from_json(path.read_bytes(), source=str(path)),
        b'{"name": "a", "network": {"encoder": "vgg16"}, "partitions": [{"borders": [0.5], "proxies": [0, 1]}], '
        b'"mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]}',
    )
    picture = Image.fromarray(np.random.default_rng(4).integers(0, 256, (20, 28, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    saving: dict[str, dict[str, Any]] = {
        "GIF": {"save_all": True, "append_images": [picture.rotate(180)]},
        "PNG": {"save_all": True, "append_images": [picture.rotate(180)], "exif": exif},
        "TIFF": {"compression": "tiff_adobe_deflate", "exif": exif},
        "JPEG": {"progressive": True, "exif": exif},
    }
    for form in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "PPM", "JPEG2000", "AVIF"):
        file = io.BytesIO()
        picture.save(file, form, **saving.get(form, {}))
        found[f"picture.{form.lower()}"] = (read_both, file.getvalue())
    return found


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Callable[[Path], object], bytes]]:
    return good_files(tmp_path_factory.mktemp("good"))


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A few bits turned, and a few pieces cut out, repeated, overwritten or put in."""
    result = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        place, size = chance.randrange(len(result) + 1), chance.choice((1, 2, 4, 16))
        match chance.randrange(6):
            case 0 if place < len(result):
                result[place] ^= 1 << chance.randrange(8)
            case 1:
                del result[place : place + size]
            case 2:
                result[place:place] = chance.randbytes(size)
            case 3:
                other = chance.randrange(len(result) + 1)
                result[place : place + size] = result[other : other + 4 * size]
            case 4:
                del result[place:]
            case _:
                result[place : place + size] = chance.choice(NASTY)
    return bytes(result)


def expect_an_answer_or_a_clear_error(reader: Callable[[Path], object], path: Path, content: bytes) -> None:
    path.write_bytes(content)
    begin = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader(path)
    except UepnetError as error:
        assert str(path) in str(error)  # noqa: PT017
    assert time.perf_counter() - begin < SLOWEST


NAMES = [
    *(points_name(form) for form in FORMS),
    *("lines.txt", "version5False.mat", "version5True.mat", "version4False.mat", "nested.mat", "zones.json"),
    *("weights.safetensors", "description.json"),
    *(f"picture.{form}" for form in ("jpeg", "png", "webp", "tiff", "bmp", "gif", "ppm", "jpeg2000", "avif")),
]


def test_the_good_files_are_good(good: dict[str, Any], tmp_path: Path) -> None:
    assert sorted(good) == sorted(NAMES)
    for name in set(NAMES) - {"weights.safetensors", "nested.mat"}:
        reader, content = good[name]
        (tmp_path / name).write_bytes(content)
        reader(tmp_path / name)


@pytest.mark.parametrize("name", NAMES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(seed=st.integers(0, 2**32))
@example(seed=0)
def test_damage_gives_an_answer_or_a_clear_error(good: dict[str, Any], tmp_path: Path, name: str, seed: int) -> None:
    reader, content = good[name]
    expect_an_answer_or_a_clear_error(reader, tmp_path / name, damaged(content, random.Random(seed)))


@contextmanager
def lines_run(seen: set[tuple[str, int]]) -> Iterator[None]:
    """Adds the lines of our own files that are run."""

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if "uepnet" not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


@pytest.mark.fuzz
@pytest.mark.skipif("UEPNET_FUZZ_SECONDS" not in os.environ, reason="a long search; set UEPNET_FUZZ_SECONDS")
@pytest.mark.parametrize("name", NAMES)
def test_damage_that_reaches_new_lines_is_damaged_further(good: dict[str, Any], tmp_path: Path, name: str) -> None:
    reader, content = good[name]
    chance, known, pool = random.Random(name), set[tuple[str, int]](), [content]
    end = time.monotonic() + float(os.environ["UEPNET_FUZZ_SECONDS"])
    while time.monotonic() < end:
        tried, run = damaged(chance.choice(pool), chance), set[tuple[str, int]]()
        with lines_run(run):
            expect_an_answer_or_a_clear_error(reader, tmp_path / name, tried)
        if not run <= known:
            known |= run
            pool.append(tried)
    assert known
