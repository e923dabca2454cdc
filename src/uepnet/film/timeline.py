"""The moments of a film as files: JSON Lines, CSV, and a CSV of its zones beside it."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from uepnet.csv_lines import csv_line
from uepnet.errors import OutputError
from uepnet.film.moment import Moment
from uepnet.whole_files import whole_file

FIRST = ("time", "date", "state", "scene", "count", "low", "high", "smooth", "smooth_low", "smooth_high")
COLUMNS = (*FIRST, "coverage", "source", "model", "width", "height", "seconds", "warnings")
ZONE_COLUMNS = (
    *("time", "date", "scene", "name", "count", "low", "high", "smooth", "smooth_low", "smooth_high"),
    *("area_m2", "density", "level", "status", "limit"),
)


class Timeline:
    """Writes STEM.timeline.jsonl and .csv, with zones .zones.csv too, each whole once it is closed, and closed whatever
    happens in the `with` block: every line is a moment that was counted. `OutputError` where that cannot be.
    """

    def __init__(self, stem: Path, *, zones: bool) -> None:
        self._stem = stem
        self._zones = zones
        self._open = ExitStack()

    def __enter__(self) -> "Timeline":
        try:
            self._lines = self._file(".jsonl")
            self._table = self._file(".csv")
            self._zone_table = self._file(".zones.csv") if self._zones else None
            self._table.write(csv_line(COLUMNS).encode())
            if self._zone_table is not None:
                self._zone_table.write(csv_line(ZONE_COLUMNS).encode())
        except OSError as error:
            self._open.close()
            raise self._refusal(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._open.close()
        except OSError as error:
            raise self._refusal(error) from error

    def add(self, moment: Moment) -> None:
        """One more moment."""
        record = moment.as_json()
        try:
            self._lines.write(f"{json.dumps(record)}\n".encode())
            self._table.write(table_line(record))
            if self._zone_table is not None:
                self._zone_table.write(zone_lines(record))
        except OSError as error:
            raise self._refusal(error) from error

    def _file(self, suffix: str) -> BinaryIO:
        return self._open.enter_context(whole_file(timeline_path(self._stem, suffix)))

    def _refusal(self, error: OSError) -> OutputError:
        return OutputError(
            f"{timeline_path(self._stem, '')}: the timeline cannot be written ({error.strerror}); name another --out"
        )


def timeline_path(stem: Path, suffix: str) -> Path:
    """The file of a timeline; `suffix` with its dot."""
    return stem.with_name(f"{stem.name}.timeline{suffix}")


def table_line(record: Mapping[str, Any]) -> bytes:
    """The line of a moment in the CSV."""
    return csv_line(record[name] for name in COLUMNS).encode("utf-8", errors="backslashreplace")


def zone_lines(record: Mapping[str, Any]) -> bytes:
    """The lines of a moment's zones in theirs."""
    when = {name: record[name] for name in ("time", "date", "scene")}
    rows = ([{**when, **zone}[name] for name in ZONE_COLUMNS] for zone in record["zones"])
    return "".join(csv_line(row) for row in rows).encode("utf-8", errors="backslashreplace")
