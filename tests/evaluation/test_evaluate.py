"""Evaluation of a backend whose counts are known, down to the object that `--json` prints."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.data_set import DataSet
from uepnet.errors import AnnotationError, DataSetError, PictureError
from uepnet.evaluation.evaluate import evaluate
from uepnet.evaluation.protocols import EXACT, PAPER, UCF_QNRF, WORLDEXPO10
from uepnet.evaluation.rows import PictureRow
from uepnet.inference.counter import Counter


def test_both_decodes_come_from_one_run_a_picture(red_dots, three_pictures: DataSet) -> None:
    evaluation = evaluate(Counter(red_dots), three_pictures)
    assert red_dots.sizes == [(30, 20), (70, 130), (100, 40)]
    assert [(row.name, row.truth, row.mean, row.argmax) for row in evaluation.rows] == [
        ("a.png", 0, 0.0, 0.0),
        ("b.png", 2, 2.0, 4.0),
        ("c.png", 10, 9.0, 18.0),
    ]
    assert [(row.width, row.height) for row in evaluation.rows] == red_dots.sizes
    assert evaluation.by_decode["mean"].mae == pytest.approx(1 / 3)
    assert evaluation.by_decode["argmax"].mae == pytest.approx((0 + 2 + 8) / 3)


def test_the_truth_is_the_number_of_points_even_outside_the_picture(red_dots, three_pictures: DataSet) -> None:
    assert evaluate(Counter(red_dots), three_pictures).truth.tolist() == [0, 2, 10]


def test_the_decode_is_the_counters_own_unless_one_is_named(red_dots, three_pictures: DataSet) -> None:
    assert evaluate(Counter(red_dots), three_pictures).decode == "mean"
    assert evaluate(Counter(red_dots, decode="argmax"), three_pictures).figures.bias == pytest.approx(10 / 3)
    named = evaluate(Counter(red_dots, decode="argmax"), three_pictures, decode="mean")
    assert (named.decode, named.counts().tolist(), named.counts("argmax").tolist()) == ("mean", [0, 2, 9], [0, 4, 18])


def test_counts_are_those_of_the_counter(red_dots, three_pictures: DataSet) -> None:
    counter = Counter(red_dots)
    evaluation = evaluate(counter, three_pictures)
    alone = [counter.count(entry.picture).count for entry in three_pictures.entries]
    assert evaluation.counts().tolist() == alone


def test_rows_are_told_as_they_come(red_dots, three_pictures: DataSet) -> None:
    told: list[PictureRow] = []
    evaluation = evaluate(Counter(red_dots), three_pictures, on_picture=told.append)
    assert tuple(told) == evaluation.rows


def test_json_has_the_agreed_keys_and_plain_values(red_dots, three_pictures: DataSet) -> None:
    evaluation = evaluate(Counter(red_dots), three_pictures, bootstrap_seed=7)
    told = evaluation.as_json()
    assert list(told) == [
        "dataset", "split", "images", "mae", "rmse", "nae", "bias", "mae_low", "mae_high", "range_coverage",
        "decode", "model", "protocol", "details",
    ]  # fmt: skip
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["dataset"], told["split"], told["images"], told["model"]) == ("folder", "all", 3, "red-dots")
    assert told["range_coverage"] is None
    assert told["protocol"] == EXACT.model_dump()
    assert told["mae_low"] == 0.0 <= told["mae"] <= told["mae_high"] == 1.0
    details = told["details"]
    assert details["data_digest"] == three_pictures.digest()
    assert details["heads"] == 12
    assert details["bootstrap"] == {"confidence": 0.95, "resamples": 10_000, "seed": 7}
    assert {decode: figures["mae"] for decode, figures in details["decodes"].items()} == {
        "mean": pytest.approx(1 / 3),
        "argmax": pytest.approx(10 / 3),
    }
    assert "red-dots" in str(evaluation)
    assert "MAE 0.3 (0.0 to 1.0)" in str(evaluation)


def test_game_sees_what_the_count_hides(red_dots, write_data_set) -> None:
    data_set = write_data_set({"a": (64, 64, [(10.0, 10.0), (50.0, 50.0)])})
    moved = replace(data_set, read_points=lambda _: np.array([[10.0, 10.0], [10.0, 50.0]]))
    evaluation = evaluate(Counter(red_dots), moved)
    assert evaluation.figures.mae == 0.0
    assert evaluation.game == {1: 2.0, 2: 2.0, 3: 2.0}


def test_range_coverage_counts_the_rows_in_their_range(red_dots, three_pictures: DataSet) -> None:
    evaluation = evaluate(Counter(red_dots), three_pictures)
    ranges = [(0.0, 1.0), (2.5, 3.0), (8.0, 10.0)]
    rows = [
        replace(row, low=low, high=high, coverage=0.9) for row, (low, high) in zip(evaluation.rows, ranges, strict=True)
    ]
    told = replace(evaluation, rows=tuple(rows)).as_json()
    assert told["range_coverage"] == pytest.approx(2 / 3)
    assert told["details"]["coverage"] == 0.9
    assert replace(evaluation, rows=(*rows[:2], evaluation.rows[2])).range_coverage is None


def test_tiles_and_stretch_reach_the_backend(red_dots, write_data_set) -> None:
    data_set = write_data_set({"wide": (2100, 70, [(2099.0, 5.0)])})
    assert evaluate(Counter(red_dots), data_set, protocol=UCF_QNRF).counts().tolist() == [1.0]
    assert red_dots.sizes == [(1024, 70), (1024, 70), (52, 70)]
    red_dots.sizes.clear()
    evaluation = evaluate(Counter(red_dots), data_set, protocol=PAPER)
    assert red_dots.sizes == [(2048, 64)]
    assert (evaluation.rows[0].truth, evaluation.rows[0].width, evaluation.rows[0].height) == (1, 2100, 70)


def test_worldexpo10_measures_in_the_region_and_by_scene(red_dots, write_data_set) -> None:
    plain = write_data_set(
        {
            "s/1": (40, 32, [(4.0, 4.0), (30.0, 4.0)]),
            "s/2": (40, 32, [(4.0, 4.0), (12.0, 20.0), (39.0, 20.0)]),
            "t/1": (40, 32, [(30.0, 4.0)]),
        }
    )
    left_half = np.array([[0.0, 0.0], [20.0, 0.0], [20.0, 32.0], [0.0, 32.0]])
    scenes = replace(plain, read_roi=lambda _: left_half)
    evaluation = evaluate(Counter(red_dots), scenes, protocol=WORLDEXPO10)
    assert evaluation.truth.tolist() == [1, 2, 0]
    assert evaluation.counts().tolist() == [1.0, 2.0, 0.0]
    assert evaluation.groups is not None
    assert [(group.name, group.images) for group in evaluation.groups.groups] == [("s", 2), ("t", 1)]
    with pytest.raises(DataSetError, match="folder: the protocol counts in regions, but this data set has none"):
        evaluate(Counter(red_dots), plain, protocol=WORLDEXPO10)


def test_people_outside_the_region_are_not_counted_even_where_they_are_seen(red_dots, write_data_set) -> None:
    plain = write_data_set({"a": (40, 32, [(4.0, 4.0), (20.0, 4.0), (39.0, 4.0)])})
    left_half = np.array([[0.0, 0.0], [20.0, 0.0], [20.0, 32.0], [0.0, 32.0]])
    sharp = WORLDEXPO10.model_copy(update={"blur": None})
    evaluation = evaluate(Counter(red_dots), replace(plain, read_roi=lambda _: left_half), protocol=sharp)
    assert evaluation.truth.tolist() == [1]
    assert evaluation.counts().tolist() == [1.5]  # the second head's patch is half inside


def test_an_unreadable_picture_is_named_and_not_skipped(red_dots, three_pictures: DataSet) -> None:
    path = three_pictures.entries[1].picture
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(PictureError, match=r"folder 'all', picture b.png: .*no picture is skipped"):
        evaluate(Counter(red_dots), three_pictures)


def test_a_missing_annotation_is_found_before_any_picture_is_counted(red_dots, three_pictures: DataSet) -> None:
    three_pictures.entries[2].picture.with_suffix(".txt").unlink()
    with pytest.raises(AnnotationError, match=r"picture c.png: "):
        evaluate(Counter(red_dots), three_pictures)
    assert red_dots.sizes == []


@pytest.mark.real_data
def test_the_fixed_validation_part_of_shanghaitech_a(red_dots, shared_data: Path) -> None:
    from uepnet.annotations.catalog import open_data_set

    evaluation = evaluate(
        Counter(red_dots), open_data_set(f"shanghaitech-a:{shared_data / 'ShanghaiTech'}", split="val")
    )
    assert len(evaluation.rows) == 30
    assert evaluation.figures.mae == pytest.approx(np.abs(evaluation.truth - evaluation.counts()).mean())
