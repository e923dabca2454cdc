"""The table of pictures of nobody, and what is made of it."""

import csv
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools import nobody
from uepnet.annotations.catalog import open_data_set


def webp(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 256), colour).save(file, format="WEBP", lossless=True)
    return file.getvalue()


def test_pictures_of_a_resource_file_are_found_in_their_order() -> None:
    found = list(nobody.pictures_in(b"qresRIFFnone" + webp("red") + b"between" + webp("blue") + b"RIFF"))
    assert [picture.convert("RGB").getpixel((9, 9)) for picture in found] == [(255, 0, 0), (0, 0, 255)]


def test_every_row_of_the_table_is_whole_and_its_own() -> None:
    with nobody.TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["path"], row["member"]) for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} == set(nobody.HELD_OUT)
    assert all((row["member"] != "") == row["path"].endswith(".rcc") for row in rows)
    assert not any(row["path"].startswith("/") or ".." in row["path"] for row in rows)


def test_the_pictures_held_out_stay_held_out() -> None:
    """What results/nobody.json was measured on: another rule would put pictures into it that `general` has learnt from."""
    with nobody.TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = [row for row in rows if nobody.held_out(row["kind"], row["path"] + row["member"])]
    assert [row["kind"] for row in held].count("photograph") == 63
    assert [row["kind"] for row in held].count("texture") == 87
    names = "\n".join(sorted(row["path"] + row["member"] for row in held))
    assert hashlib.sha256(names.encode()).hexdigest()[:16] == "937a468a9d981c2f"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(SystemExit, match="there is something in it"):
        nobody.main(tmp_path, tmp_path)


def test_folders_hold_pictures_of_nobody_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"usr/share/{number}.png" for number in range(40)]
    rows = "".join(f"{('photograph', 'texture')[number % 2]},some,{name},\n" for number, name in enumerate(names))
    table = tmp_path / "table.csv"
    table.write_text(f"kind,package,path,member\n{rows}", encoding="utf-8")
    monkeypatch.setattr(nobody, "TABLE", table)
    generator = np.random.default_rng(0)
    for number, name in enumerate(names):
        size = (300, 1500) if number == 0 else (300, 400)
        place = tmp_path / "extracted" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(generator.integers(0, 255, (*size, 3), dtype=np.uint8)).save(place)
    nobody.main(tmp_path / "extracted", tmp_path / "out")
    sets = {path.name: open_data_set(f"folder:{path}", split="all") for path in (tmp_path / "out").iterdir()}
    assert set(sets) == {"learnt", "held-out-photographs", "held-out-textures"}
    assert sum(map(len, sets.values())) == 40
    assert 3 <= len(sets["held-out-photographs"]) <= 17
    shapes = {entry.name: one.pixels(entry).shape for one in sets.values() for entry in one.entries}
    assert shapes["photograph-000.jpg"] == (256, 1280, 3)
    assert shapes["texture-001.jpg"] == (600, 800, 3)
    assert shapes["photograph-002.jpg"] == (300, 400, 3)
    assert all(len(one.heads(entry)) == 0 for one in sets.values() for entry in one.entries)
