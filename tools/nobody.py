"""Photographs and textures that show nobody, from Debian packages and two wheels, for training and for a test apart:

    python -m tools.nobody EXTRACTED OUT

EXTRACTED holds what `dpkg-deb -x` made of the packages that nobody.csv names, and the unpacked wheels; OUT gets `learnt`,
`held-out-photographs` and `held-out-textures`, each a folder that `--data folder:` takes. Every picture of the table was looked
at, as a thumbnail. Half of the photographs and a quarter of the textures are held out, by the SHA-256 of their names
alone. Pictures are made no larger than 1,280 pixels, then textures of less than 600 are repeated to twice their sides. The packages'
licences hold for them (usr/share/doc/PACKAGE/copyright).
"""

import csv
import hashlib
import io
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from uepnet.annotations.labelling.csv_points import write_csv

TABLE = Path(__file__).with_name("nobody.csv")
"""kind (photograph or texture), package, path, and in a Qt resource file the number of the WebP picture, else empty."""
SIDE = 1280
SMALL = 600
HELD_OUT = {"photograph": 2, "texture": 4}
"""One in so many is held out of training."""


def pictures_in(resource: bytes) -> Iterator[Image.Image]:
    """The WebP pictures of a Qt resource file (.rcc), which holds them as they are, in their order."""
    place = resource.find(b"RIFF")
    while place >= 0:
        if resource[place + 8 : place + 12] == b"WEBP":
            length = int.from_bytes(resource[place + 4 : place + 8], "little") + 8
            yield Image.open(io.BytesIO(resource[place : place + length]))
        place = resource.find(b"RIFF", place + 4)


def held_out(kind: str, name: str) -> bool:
    """Whether training never sees the picture."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % HELD_OUT[kind] == 0


def prepared(picture: Image.Image, kind: str) -> Image.Image:
    """Upright, in colour, no side above `SIDE`; then a small texture twice in each direction."""
    picture.draft("RGB", (SIDE, SIDE))
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.thumbnail((SIDE, SIDE))
    if kind == "texture" and min(picture.size) < SMALL:
        return Image.fromarray(np.tile(np.asarray(picture), (2, 2, 1)))
    return picture


def main(extracted: Path, out: Path) -> None:
    """Write the three folders; `SystemExit` where OUT holds something."""
    if out.is_dir() and any(out.iterdir()):
        raise SystemExit(f"{out}: there is something in it; name a new folder")
    Image.MAX_IMAGE_PIXELS = None  # wallpapers of packages that we chose
    names: dict[Path, list[str]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        source = extracted / row["path"]
        member = row["member"]
        picture = next(islice(pictures_in(source.read_bytes()), int(member), None)) if member else Image.open(source)
        kind = row["kind"]
        folder = out / (f"held-out-{kind}s" if held_out(kind, row["path"] + member) else "learnt")
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{kind}-{number:03d}.jpg"
        prepared(picture, kind).save(folder / name, quality=92)
        names.setdefault(folder, []).append(name)
    for folder, of_folder in names.items():
        write_csv(folder / "heads.csv", {name: np.zeros((0, 2)) for name in of_folder})
        print(f"{folder}: {len(of_folder)} pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
