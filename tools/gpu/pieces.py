"""A file in pieces no larger than a transfer takes, and the file again, if every byte is as it was.

python -m tools.gpu.pieces join FOLDER NAME OUT
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from uepnet.errors import UepnetError
from uepnet.whole_files import write_whole


class PiecesError(UepnetError):
    """Pieces are missing or damaged."""

    kind = "pieces"


def cut(path: Path, folder: Path, *, largest: int) -> list[Path]:
    """Write the file as `NAME.000`, `NAME.001`, ... of at most `largest` bytes, and what they are as `NAME.json`.

    Gives the pieces' paths; the list of them is not among these.
    """
    if largest < 1:
        raise ValueError(f"a piece has at least one byte, not {largest}")
    folder.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    pieces, listed = [], []
    for number, first in enumerate(range(0, max(1, len(content)), largest)):
        piece = content[first : first + largest]
        pieces.append(folder / f"{path.name}.{number:03d}")
        write_whole(pieces[-1], piece)
        listed.append({"file": pieces[-1].name, "sha256": hashlib.sha256(piece).hexdigest()})
    whole = {"name": path.name, "sha256": hashlib.sha256(content).hexdigest(), "pieces": listed}
    write_whole(list_of(folder, path.name), json.dumps(whole, indent=1).encode())
    return pieces


def list_of(folder: Path, name: str) -> Path:
    """Where it is written which pieces `name` has."""
    return folder / f"{name}.json"


def missing(folder: Path, name: str) -> list[str]:
    """The pieces of `name` that are not in the folder yet."""
    listed = json.loads(list_of(folder, name).read_text())["pieces"]
    return [piece["file"] for piece in listed if not (folder / piece["file"]).exists()]


def join(folder: Path, name: str, out: Path) -> None:
    """Put the pieces together at `out`, whole or not at all; `PiecesError` names the piece that is not as it was cut."""
    if absent := missing(folder, name):
        raise PiecesError(f"{folder}: {', '.join(absent)} are missing; fetch them, then join again")
    listed = json.loads(list_of(folder, name).read_text())
    parts = []
    for piece in listed["pieces"]:
        parts.append((folder / piece["file"]).read_bytes())
        if hashlib.sha256(parts[-1]).hexdigest() != piece["sha256"]:
            raise PiecesError(f"{folder / piece['file']}: the SHA-256 is not that of the piece; fetch it again")
    content = b"".join(parts)
    if hashlib.sha256(content).hexdigest() != listed["sha256"]:
        raise PiecesError(f"{folder}: the SHA-256 of {name} is not that of the file which was cut; fetch all again")
    write_whole(out, content)


def move_into(source: Path, folder: Path) -> None:
    """Move what lies in one folder into another, over what has the same name there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        shutil.move(path, folder / path.name)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["join"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("name")
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    join(given.folder, given.name, given.out)
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, SHA-256 as it was cut")


if __name__ == "__main__":
    main()
