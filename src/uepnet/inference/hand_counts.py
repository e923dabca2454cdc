"""Reads what a person counted by hand: a CSV file with the columns `picture` and `count`, parted by commas or semicolons."""

import csv
import io
from pathlib import Path

from uepnet.inference.camera import CameraError

LARGEST_FILE = 1_000_000
"""Bytes; nobody counts so many pictures by hand."""


def read_hand_counts(path: Path) -> dict[Path, int]:
    """The people counted in each picture, by picture; names are relative to the folder of the CSV file.

    Raises `CameraError` for a file that cannot be read, lacks a column, has a count that is no whole number, or names a
    picture twice.
    """
    try:
        if not path.is_file():
            raise CameraError(f"{path}: there is no such file; give a CSV file: picture,count")
        if path.stat().st_size > LARGEST_FILE:
            raise CameraError(f"{path}: larger than {LARGEST_FILE / 1e6:.0f} MB; give a CSV file: picture,count")
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a byte order mark first
    except OSError as error:
        raise CameraError(f"{path}: the hand counts cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CameraError(f"{path}: this is no text in UTF-8; save it as CSV in UTF-8") from error
    counts: dict[Path, int] = {}
    seen: set[Path] = set()
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
        missing = {"picture", "count"} - set(reader.fieldnames or ())
        if missing:
            raise CameraError(
                f"{path}: the first line names the columns picture and count, but there is no {' and no '.join(sorted(missing))}"
            )
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            picture = path.parent / _picture(row["picture"], where)
            if picture.resolve() in seen:
                raise CameraError(f"{where}: {picture} was counted before; give each picture once")
            seen.add(picture.resolve())
            counts[picture] = _whole(row["count"], where)
    except csv.Error as error:
        raise CameraError(f"{path}, line {reader.line_num}: this is no CSV ({error})") from error
    if not counts:
        raise CameraError(f"{path}: there are no counts below the first line; count some pictures by hand first")
    return counts


def _delimiter(text: str) -> str:
    """The comma, or the semicolon that spreadsheets write where the comma is a decimal point."""
    first = text.partition("\n")[0]
    return ";" if ";" in first and "," not in first else ","


def _picture(text: str | None, where: str) -> str:
    if not text or "\0" in text:
        raise CameraError(f"{where}: no picture is named; name one, relative to the folder of this file")
    return text


def _whole(text: str | None, where: str) -> int:
    cleaned = (text or "").strip()
    if not (cleaned.isascii() and cleaned.isdigit()) or len(cleaned) > 9:
        raise CameraError(f"{where}: {cleaned[:40]!r} is no number of people; give a whole number, 0 or more")
    return int(cleaned)
