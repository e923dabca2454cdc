"""Sheets from rows: what is shown, what is kept, and what reads "not run"."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.codec import decode, encode
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import fit_partitions
from uepnet.counting.sigma import sigma_of
from uepnet.laboratory.reproduce.cases import choose_cases
from uepnet.laboratory.reproduce.catalogue import ERROR_TABLES, PROXY_RULES
from uepnet.laboratory.reproduce.error_sheets import error_sheet
from uepnet.laboratory.reproduce.exact import table6
from uepnet.laboratory.reproduce.folds import folds_sheet
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.sheet import csv_text, markdown, write_sheet
from uepnet.laboratory.results import read_result

TRUTH = [10, 20, 30, 40]


def row(offset: float) -> Record:
    counts = [value + offset for value in TRUTH]
    figures = {"mae": abs(offset), "rmse": abs(offset), "bias": offset, "counts": counts}
    readings = {f"{rule} {decode}": figures for rule in ("mean", "midpoint") for decode in ("mean", "argmax")}
    return {"truth": TRUTH, "readings": readings, "seconds": {"learning": 60.0, "measuring": 6.0}}


def rows_of(offsets: dict[str, float]) -> dict[str, dict[int, Record]]:
    table = ERROR_TABLES["table5"]
    return {label: {seed: row(offsets[label]) for seed in (0, 1)} if label in offsets else {} for label in table.lines}


def test_a_table_beside_the_paper_s(tmp_path: Path) -> None:
    rows = rows_of({"UEP, MCP": 2.0, "UniformLen, MCP": 5.0, "UEP, midpoint": 2.0})
    sheet = error_sheet(ERROR_TABLES["table5"], rows, data_set="shanghaitech-b", notes=("a note",))
    by_line = {line["line"]: line for line in sheet.lines}
    assert by_line["UEP, MCP"]["argmax"] == "2.00 / 2.00"
    assert by_line["UEP, MCP"]["paper"] == "7.64 / 13.18"
    assert by_line["UniformNum, MCP"]["argmax"] == "not run"
    claims = {claim["claim"]: claim for claim in sheet.claims}
    assert claims["UEP is better than UniformLen, with MCP"]["argmax"] == "holds"
    assert claims["UEP is better than UniformLen, with MCP"]["argmax_difference"] == "-3.00 (-3.00 to -3.00)"
    assert claims["UEP is better than UniformLen, with MCP"]["paper"] == "-5.50"
    assert claims["UEP is better than UniformNum, with MCP"]["argmax"] == "not run"
    assert claims["MCP is better than midpoints, with UEP"]["argmax"] == "not separable here"
    page = markdown(sheet)
    assert "| UEP, MCP | 7.64 / 13.18 | 2.00 / 2.00 |" in page
    assert "a note" in page
    assert csv_text(sheet).splitlines()[0].startswith("line,variant,proxies,paper")
    write_sheet(sheet, tmp_path, command="c")
    assert {record["part"] for record in read_result(tmp_path / "table5.json").figures} == {"line", "claim", "notes"}


def test_without_rows_everything_reads_not_run() -> None:
    for table in ERROR_TABLES.values():
        sheet = error_sheet(table, {label: {} for label in table.lines}, data_set="shanghaitech-b", notes=())
        assert all(line["argmax"] == line["mean"] == "not run" for line in sheet.lines)
        assert all(claim["argmax"] == "not run" for claim in sheet.claims)
        assert sheet.plot is not None


@pytest.mark.parametrize(("offset", "verdict"), [(2.1, "holds"), (5.0, "does not hold")])
def test_insensitive_to_the_number_of_intervals(offset: float, verdict: str) -> None:
    table = ERROR_TABLES["fig4"]
    rows = {label: {0: row(offset if label == "UEP, 10" else 2.0)} for label in table.lines}
    sheet = error_sheet(table, rows, data_set="street", notes=())
    assert sheet.claims[-1]["argmax"] == verdict
    assert sheet.plot is not None


def test_table_6_is_the_sum_of_all_patches_rewritten(layouts: dict[str, str]) -> None:
    fitted, measured = (open_data_set(layouts["ucf-qnrf"], split=split) for split in ("train", "val"))
    lines = {(line["patch"], line["line"]): line for line in table6(fitted, measured).lines}
    for patch in (8, 32):
        counts = [
            [local_counts(d.heads(e), sigma_of(d.heads(e), fixed=None), patch=patch).ravel() for e in d.entries]
            for d in (fitted, measured)
        ]
        for name, rule in PROXY_RULES.items():
            (partition,) = fit_partitions(np.concatenate(counts[0]), heads="single", proxies=rule)
            off = [
                abs(sum(c - decode(encode(np.array([c]), partition.borders), partition.proxies)[0] for c in one))
                for one in counts[1]
            ]
            assert lines[patch, f"UEP, {name}"]["error"] == pytest.approx(np.mean(off))


def test_folds_are_averaged_as_the_field_does() -> None:
    records = {fold: {0: row(float(fold))} for fold in range(1, 6)}
    sheet = folds_sheet(records, convention="ccnn", notes=())
    assert sheet.lines[-1]["mae_mean"] == pytest.approx(3.0)
    del records[3]
    assert folds_sheet(records, convention="ccnn", notes=()).lines[-1]["mean"] == "not run"


def test_cases_are_chosen_by_their_rule() -> None:
    truth = np.arange(1, 13) * 10
    counts = truth.astype(np.float64)
    counts[5] = 300.0
    chosen = choose_cases(truth, counts)
    assert list(chosen["sparse"]) == [0, 1, 2]
    assert list(chosen["congested"]) == [11, 10, 9]
    assert chosen["bad"][0] == 5
