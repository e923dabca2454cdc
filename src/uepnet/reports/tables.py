"""Counted pictures as a table in a file: CSV for spreadsheets, JSON Lines for programs, Parquet for analysis.

The input is what `uepnet count --json` prints, one object a picture, and the columns are named by its keys. Zones would
be counted twice by whoever adds a column up, so in CSV and Parquet they stand in a second file beside the first.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from uepnet.csv_lines import csv_line
from uepnet.errors import MissingExtraError, OutputError
from uepnet.whole_files import check_place, write_whole

Record = Mapping[str, Any]
"""One picture as `CountResult.as_json` or, where it failed, `{"source", "error": {"kind", "message"}}`."""

ZONES = "zones"
COLUMNS = ("source", "count", "low", "high", "coverage", "model", "width", "height", "seconds", "warnings")
"""What every table has, in this order, however few pictures could be counted; further keys follow."""
FLOATS = frozenset({"count", "low", "high", "coverage", "seconds", "time", "smooth", "smooth_low", "smooth_high"})


def check_table(path: Path) -> None:
    """Refuse, before anything is counted, a table that could not be written after it.

    Raises what `check_form` does, and `OutputError` where the folder is missing.
    """
    check_form(path)
    check_place(path)


def check_form(path: Path) -> None:
    """`ValueError` for a suffix that is no table, `MissingExtraError` for Parquet without pyarrow."""
    suffix = path.suffix.lower()
    if suffix not in FORMS:
        raise ValueError(f"{path}: a table ends in {', '.join(FORMS)}, this one in {path.suffix or 'nothing'}")
    if suffix == ".parquet" and find_spec("pyarrow") is None:
        raise MissingExtraError(
            f"{path}: Parquet needs pyarrow; install it with pip install 'uepnet[parquet]', or write .csv or .jsonl"
        )


def zones_path(path: Path) -> Path:
    """The file of the zones beside a table.

    >>> zones_path(Path("out/counts.csv")).name
    'counts.zones.csv'
    """
    return path.with_name(f"{path.stem}.zones{path.suffix}")


def write_table(path: Path, records: Sequence[Record]) -> tuple[Path, ...]:
    """Write the table, and the zones' if there are any, each whole or not at all; says which files were written.

    A zones' table of an earlier run under the same name is removed where there are no zones now. Raises as
    `check_table`, and `OutputError` for a file that cannot be written.
    """
    check_table(path)
    contents = _contents(path, records)
    stale = zones_path(path)
    try:
        for file, content in contents.items():
            write_whole(file, content)
        if stale not in contents and _is_ours(stale):
            stale.unlink()
    except OSError as error:
        raise OutputError(f"{path}: the table cannot be written ({error.strerror}); name another file") from error
    return tuple(contents)


def _is_ours(stale: Path) -> bool:
    """Whether a file is a zones' table that `write_table` wrote; JSON Lines hold their zones themselves."""
    form = FORMS[stale.suffix.lower()]
    if form is None or not stale.is_file():
        return False
    with stale.open("rb") as file:
        return file.read(len(form.zones_begin)) == form.zones_begin


def picture_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """A flat row a picture, all with the same columns; `{"error": {"kind": ...}}` becomes the column `error.kind`."""
    flat = [_flat({key: value for key, value in record.items() if key != ZONES}) for record in records]
    return _even(flat, first=COLUMNS)


def zone_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """A flat row a zone, with the picture's `source`."""
    return _even(
        [{"source": record["source"], **_flat(zone)} for record in records for zone in record.get(ZONES, ())], first=()
    )


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    r"""UTF-8 with a header as in RFC 4180; numbers unrounded, None empty, lists joined by spaces, and no text a formula.

    >>> as_csv([{"source": "=cmd()", "count": -1.5, "low": None}]).decode()
    "source,count,low\r\n'=cmd(),-1.5,\r\n"
    """
    header = csv_line(rows[0] if rows else COLUMNS)
    return (header + "".join(csv_line(row.values()) for row in rows)).encode("utf-8", errors="backslashreplace")


def as_json_lines(records: Sequence[Record]) -> bytes:
    """The records as they are, one a line."""
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def as_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Typed columns: floats for the numbers of people and seconds even where all are missing, lists of texts as lists."""
    import pyarrow
    import pyarrow.parquet

    names = list(rows[0]) if rows else list(COLUMNS)
    columns = {name: pyarrow.array([_text_safe(row[name]) for row in rows]) for name in names}
    for name, column in columns.items():
        if name in FLOATS:
            columns[name] = column.cast(pyarrow.float64())
        elif name == "warnings":
            columns[name] = column.cast(pyarrow.list_(pyarrow.string()))
        elif pyarrow.types.is_null(column.type):
            columns[name] = column.cast(pyarrow.string())
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), sink)
    return sink.getvalue()


@dataclass(frozen=True)
class Form:
    """A table of columns, whose zones stand in a second file. `zones_begin` is how that file begins, if it is ours."""

    encode: Callable[[Sequence[Mapping[str, Any]]], bytes]
    zones_begin: bytes


FORMS: dict[str, Form | None] = {
    ".csv": Form(as_csv, b"source,name,count"),
    ".jsonl": None,
    ".parquet": Form(as_parquet, b"PAR1"),
}
"""By suffix; None for JSON Lines, which hold records as they are, zones among them."""


def _contents(path: Path, records: Sequence[Record]) -> dict[Path, bytes]:
    form = FORMS[path.suffix.lower()]
    if form is None:
        return {path: as_json_lines(records)}
    contents = {path: form.encode(picture_rows(records))}
    zones = zone_rows(records)
    return {**contents, zones_path(path): form.encode(zones)} if zones else contents


def _even(rows: Sequence[Mapping[str, Any]], *, first: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with all columns of any of them, None where a row has none."""
    names = dict.fromkeys([*first, *(name for row in rows for name in row)])
    return [{name: row.get(name) for name in names} for row in rows]


def _flat(record: Record, prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _text_safe(value: object) -> object:
    """The value with what is no Unicode (names of files can hold any bytes) written out; Parquet refuses it."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="backslashreplace").decode()
    if isinstance(value, list):
        return [_text_safe(item) for item in value]
    return value
