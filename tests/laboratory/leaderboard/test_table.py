"""The comparison of systems: the paper's as data, ours from result files."""

from pathlib import Path

import pytest

from uepnet.laboratory.leaderboard.table import DATA_SETS, measured, published
from uepnet.laboratory.results import ResultFileError, read_result, write_result


def test_the_paper_s_fourteen_systems_and_its_own() -> None:
    printed = [place for place in published() if place.origin != "published since"]
    assert len(printed) == 15
    assert printed[-1].name == "UEPNet"
    assert printed[-1].cells["shanghaitech-b"] == "6.38 / 10.88"
    assert printed[0].cells["worldexpo10"] == "2.9 12 10 7.9 4.3 = 7.4"


def test_the_means_of_worldexpo_s_scenes_are_their_means() -> None:
    for place in published():
        if "worldexpo10" in place.cells:
            scenes, _, mean = place.cells["worldexpo10"].partition(" = ")
            values = [float(value) for value in scenes.split()]
            assert sum(values) / 5 == pytest.approx(float(mean), abs=0.11)


def test_what_has_no_file_reads_not_run(tmp_path: Path) -> None:
    for place in measured(tmp_path):
        assert set(place.cells.values()) == {"not run"}
        assert set(place.as_record()) >= {name.replace("-", "_") for name in DATA_SETS}


def test_our_rows_are_those_of_the_result_files(repository: Path) -> None:
    general = measured(repository / "results")[0]
    assert general.cells["shanghaitech-a"] != "not run"
    assert "'val' part" in general.protocol


def test_what_was_chosen_on_the_measured_pictures_is_said(repository: Path) -> None:
    for place in measured(repository / "results")[:2]:
        assert "chosen on these pictures" in place.protocol


def test_the_recorded_comparison_is_that_of_the_results_today(repository: Path) -> None:
    results = repository / "results"
    places = [place.as_record() for place in (*published(), *measured(results))]
    assert list(read_result(results / "leaderboard.json").figures) == places, (
        "results have changed since; on a clean clone: uepnet leaderboard --record results/leaderboard.json"
    )


def test_a_record_that_is_not_there_is_named(tmp_path: Path, result) -> None:
    write_result(tmp_path / "general.json", result)
    with pytest.raises(ResultFileError, match="shanghaitech-a"):
        measured(tmp_path)
