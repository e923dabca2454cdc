"""A camera's timeline as files that grow, one of each kind a day: every line in them is whole, whenever the power goes."""

import json
from datetime import datetime
from pathlib import Path

from uepnet.csv_lines import csv_line
from uepnet.errors import OutputError
from uepnet.film.moment import Moment
from uepnet.film.timeline import COLUMNS, ZONE_COLUMNS, table_line, timeline_path, zone_lines

TAIL = 1_000_000
"""Bytes at the end of a file in which its last line is looked for."""


class DayFiles:
    """Appends moments to STEM.DATE.timeline.jsonl and .csv (.zones.csv too, with zones), by the date in UTC."""

    def __init__(self, stem: Path, *, zones: bool) -> None:
        self._stem = stem
        self._zones = zones

    def add(self, moment: Moment, *, date: datetime) -> None:
        """One more moment; `OutputError` where it cannot be written."""
        record = moment.as_json()
        day = self._stem.with_name(f"{self._stem.name}.{date:%Y-%m-%d}")
        try:
            _append(timeline_path(day, ".jsonl"), f"{json.dumps(record)}\n".encode())
            _append(timeline_path(day, ".csv"), table_line(record), header=csv_line(COLUMNS).encode())
            if self._zones:
                _append(timeline_path(day, ".zones.csv"), zone_lines(record), header=csv_line(ZONE_COLUMNS).encode())
        except OSError as error:
            raise OutputError(f"{day}: the timeline cannot be written ({error.strerror}); make room") from error


def _append(path: Path, lines: bytes, *, header: bytes = b"") -> None:
    """Write at the end, after a header in a new file, and take half a line away again where the disk was full."""
    with path.open("ab") as file:
        end = file.tell()
        if end == 0:
            lines = header + lines
        elif not _ends_whole(path):
            end = _cut_half_line(path)
        try:
            file.write(lines)
            file.flush()
        except OSError:
            file.truncate(end)
            raise


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _cut_half_line(path: Path) -> int:
    """Cut what a power failure left of a line, and say where the file ends now."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        begin = file.seek(max(0, size - TAIL))
        end = begin + file.read().rfind(b"\n") + 1
        file.truncate(end)
        return end
