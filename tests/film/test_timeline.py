"""Moments as files: keys, columns, plot, annotated film; complete however the block ends."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from uepnet.errors import OutputError
from uepnet.film.annotated import AnnotatedFilm
from uepnet.film.moment import Moment
from uepnet.film.smoothing import Smoothed
from uepnet.film.timeline import COLUMNS, Timeline
from uepnet.film.timeline_plot import TimelinePlot, round_step
from uepnet.film.views import State, View
from uepnet.inference.result import CountResult, ZoneCount


def moment(seconds: float, people: float, *, state: State = "ok", zones: bool = False) -> Moment:
    """A moment of a picture of 320 x 240 whose people are spread evenly."""
    counted = state == "ok"
    maps = np.full((30, 40), people / 1200, dtype=np.float32)
    parts = (
        (ZoneCount("=stage", people / 2, people / 3, people, 50.0, people / 100, "free", "ok", 80.0),) if zones else ()
    )
    result = CountResult(
        "a.mp4", people, people * 0.8, people * 1.2, 0.9, parts, "tiny", 320, 240, 0.1, (), maps, maps, 8
    )
    smooth = Smoothed(people - 1, people * 0.8, people * 1.2)
    return Moment(
        "a.mp4", seconds, datetime(2026, 11, 28, 18, tzinfo=UTC), View(state, 1, counted), 320, 240, "tiny",
        result if counted else None, smooth if counted else None,
        tuple(Smoothed(zone.count + 40, zone.low, zone.high) for zone in parts) if counted else (),
    )  # fmt: skip


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_json_has_the_keys_of_a_count_and_the_time() -> None:
    with_count, without = moment(1.5, 12.0, zones=True).as_json(), moment(2.5, 0.0, state="dark").as_json()
    assert list(with_count) == list(without)
    assert list(with_count)[:11] == [
        "source", "count", "low", "high", "coverage", "zones", "model", "width", "height", "seconds", "warnings",
    ]  # fmt: skip
    assert (with_count["time"], with_count["smooth"], with_count["state"]) == (1.5, 11.0, "ok")
    assert with_count["date"] == "2026-11-28T18:00:00.000+00:00"
    assert with_count["zones"][0]["smooth"] == 46.0
    assert (without["count"], without["smooth"], without["zones"], without["state"]) == (None, None, [], "dark")
    json.dumps(without, allow_nan=False)


def test_steady_numbers_are_judged_anew() -> None:
    steady = moment(1.0, 80.0, zones=True).steady()
    assert steady is not None
    (zone,) = steady.zones
    assert (steady.count, zone.count, zone.density, zone.level, zone.status) == (
        79.0,
        80.0,
        1.6,
        "constrained",
        "near limit",
    )


def test_the_files_of_a_timeline(tmp_path: Path) -> None:
    with Timeline(tmp_path / "a", zones=True) as timeline:
        timeline.add(moment(0.0, 12.0, zones=True))
        timeline.add(moment(1.0, 0.0, state="covered"))
        assert not (tmp_path / "a.timeline.csv").exists()
    assert [line["time"] for line in lines(tmp_path / "a.timeline.jsonl")] == [0.0, 1.0]
    table = rows(tmp_path / "a.timeline.csv")
    assert tuple(table[0]) == COLUMNS
    assert [(row["state"], row["smooth"]) for row in table] == [("ok", "11.0"), ("covered", "")]
    (zone,) = rows(tmp_path / "a.timeline.zones.csv")
    assert (zone["name"], zone["smooth"], zone["limit"]) == ("'=stage", "46.0", "80.0")


def write_and_break_off(stem: Path) -> None:
    with Timeline(stem, zones=False) as timeline, AnnotatedFilm(stem) as film:
        for second in range(3):
            timeline.add(moment(float(second), 12.0))
            film.add(moment(float(second), 12.0), np.full((240, 320, 3), 90, dtype=np.uint8))
        raise KeyboardInterrupt


def test_an_interruption_leaves_complete_files(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_break_off(tmp_path / "a")
    assert len(lines(tmp_path / "a.timeline.jsonl")) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "a.annotated.mp4", "a.timeline.csv", "a.timeline.jsonl",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="the timeline cannot be written"),
        Timeline(tmp_path / "none" / "a", zones=False),
    ):
        pass
    with pytest.raises(OutputError, match="the film cannot be written"), AnnotatedFilm(tmp_path / "none" / "a") as film:
        film.add(moment(0.0, 1.0), np.zeros((240, 320, 3), dtype=np.uint8))
    plot = TimelinePlot("a")
    with pytest.raises(OutputError, match="the plot cannot be written"):
        plot.save(tmp_path / "none" / "a")


def test_the_annotated_film_plays_at_the_film_s_pace(tmp_path: Path) -> None:
    import av

    picture = np.full((240, 320, 3), 90, dtype=np.uint8)
    with AnnotatedFilm(tmp_path / "a") as film:
        for seconds in (0.0, 0.5, 3.0):
            film.add(moment(seconds, 12.0), picture)
        film.add(moment(4.0, 0.0, state="dark"), picture)
        film.add(replace(moment(5.0, 0.0, state="dark"), width=160, height=120), picture[:120, :160])
    with av.open(film.path) as opened:
        frames = list(opened.decode(video=0))
    assert [round(frame.time or 0.0, 2) for frame in frames] == [0.0, 0.5, 3.0, 4.0, 5.0]
    (size,) = {(frame.width, frame.height) for frame in frames}
    assert all(side % 2 == 0 for side in size)


@pytest.mark.parametrize("count", [0, 1, 2, 400])
def test_a_plot_of_any_length(tmp_path: Path, count: int) -> None:
    plot = TimelinePlot("a [b].mp4")
    for index in range(count):
        plot.add(moment(index / 3, 50.0 + index % 7, state="dark" if 10 < index < 40 else "ok", zones=True))
    path = plot.save(tmp_path / "a")
    with Image.open(path) as picture:
        assert picture.width == 1200
        assert picture.height == (726 if count else 426)


def test_without_ranges_there_is_a_line_alone(tmp_path: Path) -> None:
    plot = TimelinePlot("a")
    for index in range(5):
        one = moment(float(index), 50.0)
        plot.add(replace(one, smooth=Smoothed(50.0, None, None)))
    assert plot.save(tmp_path / "a").exists()


@pytest.mark.parametrize(("most", "step"), [(4.0, 1.0), (37.0, 10.0), (950.0, 200.0), (26000.0, 5000.0)])
def test_lines_are_at_round_numbers(most: float, step: float) -> None:
    assert round_step(most, wanted=4) == step
