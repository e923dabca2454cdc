"""The files of an evaluation."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.evaluate import Evaluation, evaluate
from uepnet.evaluation.protocols import PAPER
from uepnet.evaluation.report import pictures_csv, save_report, worst_rows
from uepnet.inference.counter import Counter


@pytest.fixture
def measured(red_dots, three_pictures: DataSet) -> Evaluation:
    return evaluate(Counter(red_dots), three_pictures)


def test_the_report_is_there_whole(red_dots, three_pictures: DataSet, measured: Evaluation, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    paths = save_report(measured, folder, counter=Counter(red_dots), data_set=three_pictures, worst=2)
    names = ["evaluation.json", "pictures.csv", "scatter.png", "worst-01-c.png", "worst-02-a.png"]
    assert [path.name for path in paths] == names
    assert sorted(path.name for path in folder.iterdir()) == names
    assert json.loads((folder / "evaluation.json").read_text(encoding="utf-8")) == measured.as_json()
    assert (folder / "pictures.csv").read_text(encoding="utf-8") == pictures_csv(measured)
    for path in paths[2:]:
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert min(picture.size) > 200


def test_worst_cases_of_an_earlier_report_do_not_stay(
    red_dots, three_pictures: DataSet, measured: Evaluation, tmp_path: Path
) -> None:
    for name in ("worst-01-old.png", "worst-of-all.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    save_report(measured, tmp_path, counter=Counter(red_dots), data_set=three_pictures, worst=1)
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert "worst-01-old.png" not in names
    assert {"worst-01-c.png", "worst-of-all.png", "notes.txt"} <= names


def test_worst_cases_are_counted_under_the_same_protocol(red_dots, three_pictures: DataSet, tmp_path: Path) -> None:
    counter = Counter(red_dots)
    measured = evaluate(counter, three_pictures, protocol=PAPER)
    red_dots.sizes.clear()
    save_report(measured, tmp_path, counter=counter, data_set=three_pictures, worst=1)
    assert red_dots.sizes == [(64, 64)]


def test_the_table_of_pictures_reads_back(measured: Evaluation) -> None:
    rows = list(csv.DictReader(pictures_csv(measured).splitlines()))
    assert [row["name"] for row in rows] == ["a.png", "b.png", "c.png"]
    for row, of in zip(rows, measured.rows, strict=True):
        assert int(row["truth"]) == of.truth
        assert float(row["mean"]) == of.mean
        assert float(row["argmax"]) == of.argmax
        assert float(row["error"]) == of.mean - of.truth
        assert (row["low"], row["high"], row["scene"]) == ("", "", "")
        assert (int(row["width"]), int(row["height"])) == (of.width, of.height)


def test_the_worst_are_those_with_the_largest_errors_in_either_direction(measured: Evaluation) -> None:
    counts = {"few": (100, 60.0), "right": (10, 10.0), "many": (50, 100.0), "equal": (0, 40.0)}
    rows = [replace(measured.rows[0], name=name, truth=true, mean=mean) for name, (true, mean) in counts.items()]
    evaluation = replace(measured, rows=tuple(rows))
    assert [rows[index].name for index in worst_rows(evaluation, number=3)] == ["many", "few", "equal"]
    assert len(worst_rows(evaluation, number=10)) == 4
    assert np.abs(evaluation.counts() - evaluation.truth).tolist() == [40, 0, 50, 40]
