"""Sheets from rows: what is shown, what is kept, and what reads "not run"."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.codec import decode, encode
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import fit_partitions
from uepnet.counting.sigma import sigma_of
from uepnet.laboratory.reproduce.cases import choose_cases
from uepnet.laboratory.reproduce.catalogue import ERROR_TABLES, PROXY_RULES
from uepnet.laboratory.reproduce.claims import ERRORS_RULE, NUMBERS_RULE
from uepnet.laboratory.reproduce.error_sheets import error_sheet
from uepnet.laboratory.reproduce.exact import table6
from uepnet.laboratory.reproduce.folds import folds_sheet
from uepnet.laboratory.reproduce.patch_sheets import PATCH_SHEETS, patch_sheet
from uepnet.laboratory.reproduce.plots import draw_errors
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


def test_a_line_has_a_bar_for_each_of_its_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[tuple[str, list[float]]] = []

    def remember(_: Axes, places: np.ndarray, *__: object, label: str = "", **___: object) -> None:
        bars.append((label, np.asarray(places).round(2).tolist()))

    monkeypatch.setattr(Axes, "barh", remember)
    monkeypatch.setattr(Axes, "legend", lambda *_, **__: None)
    of_both: dict[str, object] = {"line": "both", "decodes": ["argmax", "mean"], "seeds": "0", "paper_mae": None}
    of_both |= {f"mae_{decode}": 1.0 for decode in ("argmax", "mean")}
    of_both |= {f"mae_{decode}_by_seed": [1.0] for decode in ("argmax", "mean")}
    draw_errors([of_both, of_both | {"line": "one", "decodes": ["mean"]}], title="bars")
    assert bars == [
        ("argmax decode", [1.14]),
        ("mean decode, or the only one", [0.86, 0.0]),
    ]
    bars.clear()
    draw_errors([of_both], title="bars")
    assert [label for label, _ in bars] == ["argmax decode", "mean decode"]


def test_every_line_is_read_by_its_own_proxies_and_decode() -> None:
    offsets = {"mean mean": 1.0, "mean argmax": 2.0, "midpoint mean": 3.0, "midpoint argmax": 5.0}
    record = row(0.0)
    for reading, offset in offsets.items():
        record["readings"][reading] = row(offset)["readings"]["mean mean"]
    table = ERROR_TABLES["table5"]
    sheet = error_sheet(table, {label: {0: record} for label in table.lines}, data_set="shanghaitech-b", notes=())
    by_line = {line["line"]: (line["mae_argmax"], line["mae_mean"]) for line in sheet.lines}
    assert by_line["UEP, MCP"] == (2.0, 1.0)
    assert by_line["UEP, midpoint"] == (5.0, 3.0)
    claims = {claim["claim"]: claim for claim in sheet.claims}
    assert claims["MCP is better than midpoints, with UEP"]["argmax_difference"] == "-3.00 (-3.00 to -3.00)"
    assert claims["MCP is better than midpoints, with UEP"]["mean_difference"] == "-2.00 (-2.00 to -2.00)"


def test_a_training_that_counts_nobody_is_named() -> None:
    table = ERROR_TABLES["table7"]
    rows: dict[str, dict[int, Record]] = {label: {} for label in table.lines}
    rows["MSE"] = {0: row(1.0), 1: row(0.0)}
    rows["MSE"][1]["readings"]["mean mean"] = {"mae": 25.0, "rmse": 27.4, "bias": -25.0, "counts": [0.0] * 4}
    sheet = error_sheet(table, rows, data_set="shanghaitech-b", notes=("a note",))
    assert sheet.notes[:2] == ("a note", ERRORS_RULE)
    assert "counts nobody in any picture: MSE, seed 1." in sheet.notes[2]


def test_a_training_that_counts_nobody_is_left_out_of_what_is_said_of_patches() -> None:
    kind = PATCH_SHEETS["background"]
    rows: dict[str, dict[int, Record]] = {label: {} for label in kind.variants}
    rows["MSE"] = {0: patch_row(background=0.2, wrong=0.1), 1: patch_row(background=0.0, wrong=0.1)}
    rows["MSE"][1]["readings"]["mean mean"]["counts"] = [0.0] * 4
    rows["UEPNet"] = {seed: patch_row(background=0.1, wrong=0.1) for seed in (0, 1)}
    sheet = patch_sheet(kind, rows, data_set="shanghaitech-b", notes=("a note",))
    assert (sheet.lines[0]["mean"], sheet.lines[0]["seeds"]) == ("40.0%", "0")
    assert sheet.claims[0]["seeds"] == "0"
    assert sheet.notes[1:] == (
        NUMBERS_RULE,
        "Left out, because the network counts nobody in any picture: MSE, seed 1.",
    )


def patch_row(*, background: float, wrong: float | None, spread: float = 1.0) -> Record:
    """A record with these figures by argmax, and with twice the background share by the mean decode."""
    accuracy = [None if wrong is None else 1.0 - wrong, 0.9, 0.9, 0.9, 0.9]
    figures = {
        "background_share": background,
        "above_largest_share": 0.25,
        "distance": {"accuracy": accuracy},
        "classes": {"samples": [4, 2], "class_mae": [0.1, 0.2], "contribution": [0.4, 0.4], "spread": spread},
        "gradient": {"patches": [0.5, 0.5], "gradient": [0.5, 0.5], "large": 0.1},
    }
    patches = {"argmax": figures, "mean": {**figures, "background_share": 2 * background}}
    return {**row(1.0), "patches": patches}


def test_a_sheet_of_patches(tmp_path: Path) -> None:
    kind = PATCH_SHEETS["border-distance"]
    rows: dict[str, dict[int, Record]] = {label: {} for label in kind.variants}
    rows["one head"] = {seed: patch_row(background=0.1, wrong=wrong) for seed, wrong in enumerate((0.6, 0.4))}
    rows["IPH"] = {seed: patch_row(background=0.1, wrong=wrong) for seed, wrong in enumerate((0.3, 0.2))}
    rows["IPH, MS"] = {0: patch_row(background=0.1, wrong=None)}
    sheet = patch_sheet(kind, rows, data_set="shanghaitech-b", notes=("a note",))
    by_line = {line["line"]: line for line in sheet.lines}
    assert (by_line["one head"]["argmax"], by_line["IPH"]["argmax"]) == ("50.0%", "25.0%"), "the share that is wrong"
    assert by_line["IPH, MS"]["argmax"] == "not run", "an empty bin is no figure"
    assert sheet.claims[0]["argmax"] == "so at every seed"
    assert sheet.claims[0]["argmax_difference"] == "-30.0%, -20.0%"
    assert sheet.claims[1]["argmax"] == "not run"
    page = markdown(sheet)
    assert "share wrong next to a border, argmax" in page
    assert "difference by seed" in page
    assert "95 %" not in page
    write_sheet(sheet, tmp_path, command="c")
    (notes,) = (one for one in read_result(tmp_path / "border-distance.json").figures if one["part"] == "notes")
    assert notes["about"] == kind.note


def test_one_seed_says_nothing_of_shares() -> None:
    kind = PATCH_SHEETS["background"]
    rows = {
        label: {0: patch_row(background=share, wrong=0.1)}
        for label, share in zip(kind.variants, (0.3, 0.2, 0.1), strict=True)
    }
    sheet = patch_sheet(kind, rows, data_set="shanghaitech-b", notes=())
    assert (sheet.claims[0]["argmax"], sheet.claims[0]["argmax_difference"]) == ("not separable here", "-50.0%")
    assert [line["mean"] for line in sheet.lines] == ["60.0%", "40.0%", "20.0%"], "a regression has one decode"
    assert sheet.lines[0]["paper"] == "10.21%"
    assert {line["above_largest"] for line in sheet.lines} == {"25.00%"}


def test_without_rows_everything_reads_not_run() -> None:
    for table in ERROR_TABLES.values():
        sheet = error_sheet(table, {label: {} for label in table.lines}, data_set="shanghaitech-b", notes=())
        assert all(line["argmax"] == line["mean"] == "not run" for line in sheet.lines)
        assert all(claim["argmax"] == "not run" for claim in sheet.claims)
        assert sheet.plot is not None


@pytest.mark.parametrize(("offset", "verdict"), [(2.1, "holds"), (5.0, "does not hold"), (1.0, "does not hold")])
def test_insensitive_to_the_number_of_intervals(offset: float, verdict: str) -> None:
    table = ERROR_TABLES["fig4"]
    rows = {label: {0: row(offset if label == "UEP, 10" else 2.0)} for label in table.lines}
    sheet = error_sheet(table, rows, data_set="street", notes=())
    assert sheet.claims[-1]["argmax"] == f"{verdict}, one seed"
    assert sheet.plot is not None


@pytest.mark.parametrize(
    ("offsets", "verdict", "most"),
    [
        ((2.1, 2.15), "holds", "up to 7%"),
        ((2.1, 5.0), "not separable here", "up to 150%"),
        ((1.0, 5.0), "does not hold", "up to 150%"),
    ],
)
def test_every_seed_has_to_agree_on_the_number_of_intervals(
    offsets: tuple[float, float], verdict: str, most: str
) -> None:
    table = ERROR_TABLES["fig4"]
    rows = {
        label: {seed: row(offsets[seed] if label == "UEP, 10" else 2.0) for seed in (0, 1)} for label in table.lines
    }
    claim = error_sheet(table, rows, data_set="street", notes=()).claims[-1]
    assert (claim["argmax"], claim["argmax_difference"]) == (verdict, most)


@pytest.mark.parametrize("fixed", [None, 15.0])
def test_table_6_is_the_sum_of_all_patches_rewritten(layouts: dict[str, str], fixed: float | None) -> None:
    opened = (open_data_set(layouts["ucf-qnrf"], split=split) for split in ("train", "val"))
    fitted, measured = (replace(data_set, fixed_sigma=fixed) for data_set in opened)
    lines = {(line["patch"], line["line"]): line for line in table6(fitted, measured).lines}
    for patch in (8, 32):
        counts = [
            [local_counts(d.heads(e), sigma_of(d.heads(e), fixed=fixed), patch=patch).ravel() for e in d.entries]
            for d in (fitted, measured)
        ]
        for name, rule in PROXY_RULES.items():
            (partition,) = fit_partitions(np.concatenate(counts[0]), heads="single", proxies=rule)
            off = [
                abs(sum(c - decode(encode(np.array([c]), partition.borders), partition.proxies)[0] for c in one))
                for one in counts[1]
            ]
            assert lines[patch, f"UEP, {name}"]["error"] == pytest.approx(np.mean(off))


def test_table_6_has_the_paper_s_figures_on_their_lines(layouts: dict[str, str]) -> None:
    fitted, measured = (open_data_set(layouts["ucf-qnrf"], split=split) for split in ("train", "val"))
    as_part_b = table6(fitted, replace(measured, name="shanghaitech-b"))
    printed = {(line["patch"], line["line"]): line["paper"] for line in as_part_b.lines if line["paper"] != "-"}
    assert printed == {
        (16, "Two-Linear (S-DCNet), midpoint"): "17.84",
        (16, "Two-Linear (S-DCNet), MCP"): "3.20",
        (32, "log (Liu et al.), midpoint"): "11.04",
        (32, "log (Liu et al.), MCP"): "1.70",
        (8, "UEP, midpoint"): "1.88",
        (8, "UEP, MCP"): "0.27",
    }
    for name, classes in (("shanghaitech-a", 55), ("shanghaitech-b", 25), ("ucf-qnrf", 27)):
        lines = table6(fitted, replace(measured, name=name)).lines
        assert {line["classes"] for line in lines if "Two-Linear" in str(line["line"])} == {classes}
        assert {line["classes"] for line in lines if "log" in str(line["line"])} == {57}


def test_folds_are_averaged_as_the_field_does() -> None:
    records = {fold: {0: row(0.0)} for fold in range(1, 6)}
    for fold, of_seeds in records.items():
        for figures in of_seeds[0]["readings"].values():
            figures["counts"] = [
                true + off for true, off in zip(TRUTH, (0.0, 2.0 * fold, 0.0, -2.0 * fold), strict=True)
            ]
    sheet = folds_sheet(records, convention="ccnn", how="preset cpu", notes=())
    assert sheet.lines[-1]["mae_mean"] == pytest.approx(3.0)
    assert sheet.lines[-1]["rmse_mean"] == pytest.approx(3.0 * 2**0.5)
    assert "preset cpu" in str(sheet.lines[-1]["protocol"])
    del records[3]
    assert folds_sheet(records, convention="ccnn", how="", notes=()).lines[-1]["mean"] == "not run"


def test_cases_are_chosen_by_their_rule() -> None:
    truth = np.arange(1, 13) * 10
    counts = truth.astype(np.float64)
    counts[5] = 300.0
    chosen = choose_cases(truth, counts)
    assert list(chosen["sparse"]) == [0, 1, 2]
    assert list(chosen["congested"]) == [11, 10, 9]
    assert chosen["bad"][0] == 5
    small = choose_cases(np.array([0, 2, 100, 1000]), np.array([0.0, 6.0, 150.0, 1000.0]))
    assert list(small["bad"]) == [2], "4 people too many of 2 weigh less than 50 of 100: 4 / 12 and 50 / 110"
    assert choose_cases(truth[:1], counts[:1]) == {"sparse": [0], "congested": [], "bad": []}
    assert choose_cases(truth[:2], counts[:2]) == {"sparse": [0], "congested": [1], "bad": []}
