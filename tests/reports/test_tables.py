"""Tables: the same numbers in every format, safe to open, and whole or not there."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.csv_lines import FORMULA_STARTS
from uepnet.errors import MissingExtraError, OutputError
from uepnet.reports.tables import (
    COLUMNS,
    as_csv,
    check_table,
    picture_rows,
    write_table,
    zone_rows,
    zones_path,
)


def record(source: str = "a.jpg", *, count: float = 12.34567890123, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "count": count,
        "low": None,
        "high": None,
        "coverage": None,
        "zones": [],
        "model": "m",
        "width": 640,
        "height": 480,
        "seconds": 0.25,
        "warnings": [],
        **more,
    }


ZONE = {"name": "stage", "count": 3.5, "low": 2.0, "high": 5.0}
FAILED = {"source": "broken.jpg", "error": {"kind": "picture", "message": "cut short"}}


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_row_a_picture_and_the_failed_ones_too(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    assert write_table(path, [record(), FAILED]) == (path,)
    counted, failed = read_csv(path)
    assert list(counted) == [*COLUMNS, "error.kind", "error.message"]
    assert float(counted["count"]) == 12.34567890123  # unrounded
    assert (counted["low"], counted["error.kind"]) == ("", "")
    assert (failed["source"], failed["count"], failed["error.message"]) == ("broken.jpg", "", "cut short")


def test_zones_stand_in_a_second_file_that_vanishes_with_them(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    assert write_table(path, [record(zones=[ZONE, {**ZONE, "name": "gate"}])]) == (path, zones_path(path))
    assert [(row["source"], row["name"], row["count"]) for row in read_csv(zones_path(path))] == [
        ("a.jpg", "stage", "3.5"),
        ("a.jpg", "gate", "3.5"),
    ]
    assert len(read_csv(path)) == 1
    write_table(path, [record()])
    assert not zones_path(path).exists()


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_file_of_somebody_else_s_is_left_alone(tmp_path: Path, suffix: str) -> None:
    foreign = tmp_path / f"counts.zones.{suffix}"
    foreign.write_text("precious\n", encoding="utf-8")
    write_table(tmp_path / f"counts.{suffix}", [record()])
    assert foreign.read_text(encoding="utf-8") == "precious\n"


def test_json_lines_are_the_records(tmp_path: Path) -> None:
    path = tmp_path / "counts.jsonl"
    records = [record(zones=[ZONE]), FAILED]
    assert write_table(path, records) == (path,)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == records


def test_parquet_has_typed_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "counts.parquet"
    write_table(path, [record("odd\udce9.jpg", warnings=["dark"], zones=[ZONE]), FAILED])
    table = parquet.read_table(path)
    assert table.schema.names == [*COLUMNS, "error.kind", "error.message"]
    types = {name: str(table.schema.field(name).type) for name in table.schema.names}
    assert {types[name] for name in ("count", "low", "high", "coverage", "seconds")} == {"double"}
    assert types["width"] == "int64"
    assert table.column("warnings").to_pylist() == [["dark"], None]
    assert table.column("source").to_pylist() == ["odd\\udce9.jpg", "broken.jpg"]
    assert parquet.read_table(zones_path(path)).to_pylist() == [{"source": "odd\\udce9.jpg", **ZONE}]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_no_pictures_are_a_table_without_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"counts{suffix}"
    assert write_table(path, []) == (path,)
    assert path.exists()


@given(st.text(max_size=20))
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    (_, cells) = csv.reader(io.StringIO(as_csv([{"source": text, "n": -1.5}]).decode(), newline=""))
    assert not cells[0].startswith(FORMULA_STARTS)
    assert cells[0].removeprefix("'") == text.removeprefix("'")
    assert cells[1] == "-1.5"  # a number stays one


@given(st.lists(st.sampled_from([record(), record(camera={"factor": 1.25}), FAILED]), max_size=4))
def test_all_rows_have_the_same_columns(records: list[dict[str, Any]]) -> None:
    assert len({tuple(row) for row in picture_rows(records)}) <= 1


def test_keys_that_come_later_become_columns() -> None:
    row = picture_rows([record(camera={"factor": 1.25})])[0]
    assert row["camera.factor"] == 1.25
    assert zone_rows([record(zones=[{**ZONE, "area_m2": 40.0}])]) == [{"source": "a.jpg", **ZONE, "area_m2": 40.0}]


def test_what_cannot_be_written_is_refused_before_counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"\.csv, \.jsonl, \.parquet, this one in \.xlsx"):
        check_table(tmp_path / "counts.xlsx")
    with pytest.raises(OutputError, match="there is no folder"):
        check_table(tmp_path / "missing" / "counts.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("uepnet.reports.tables.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"uepnet\[parquet\]"):
        check_table(tmp_path / "counts.parquet")


def test_a_table_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").mkdir()
    with pytest.raises(OutputError, match="a folder has this name"):
        write_table(tmp_path / "counts.csv", [record()])
