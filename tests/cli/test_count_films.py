"""`uepnet count` of films and cameras: a summary for people, JSON lines, files, and one line for what went wrong."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.inference.counter import Counter

Run = Callable[..., Result]
WriteFilm = Callable[..., Path]


@pytest.fixture
def run(red_dots_model: Path) -> Run:
    """The program, with a model that counts red pixels."""

    def call(*arguments: object) -> Result:
        words = ["count", "--model", str(red_dots_model), *map(str, arguments)]
        return CliRunner().invoke(app, words, env={"COLUMNS": "200"})

    return call


def shots(people: Sequence[int], *, width: int = 96, height: int = 80) -> list[np.ndarray]:
    """Frames of one green noise, a little different each, with so many red pixels."""
    rng = np.random.default_rng(0)
    place = rng.integers(20, 200, (height, width))
    frames = []
    for number in people:
        pixels = np.zeros((height, width, 3), dtype=np.uint8)
        pixels[:, :, 1] = place + rng.integers(0, 9, (height, width))
        pixels[5, 2 : 2 + number] = (255, 0, 0)
        frames.append(pixels)
    return frames


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_film_is_a_row_of_its_own(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", shots([7] * 10), fps=2)
    result = run(film)
    assert (result.exit_code, result.stderr) == (0, "")
    header, row = (line.split() for line in result.stdout.splitlines())
    assert header[0] == "film"
    assert row == [str(film), "0:04", "5", "5", "7", "7", "0:00"]


def test_json_of_a_film_has_a_line_for_each_frame(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", shots([7] * 6 + [8] * 6), fps=2)
    for options, times in ((["--every", "2"], [0.0, 2.0, 4.0]), (["--fps", "0.5", "--for", "3"], [0.0, 2.0])):
        result = run("--json", film, *options)
        assert (result.exit_code, result.stderr) == (0, "")
        assert [(line["time"], line["state"], line["scene"]) for line in lines(result.stdout)] == [
            (at, "ok", 1) for at in times
        ]
        assert [line["count"] for line in lines(result.stdout)] == [7.0, 7.0, 8.0][: len(times)]
        assert {line["source"] for line in lines(result.stdout)} == {str(film)}


def test_the_files_of_a_film(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", shots([7] * 8), fps=2)
    zones = tmp_path / "zones.json"
    outline = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]
    zones.write_text(
        json.dumps({"units": "fractions", "zones": [{"name": "left", "include": [outline], "people_limit": 5}]})
    )
    out, table = tmp_path / "out", tmp_path / "all.csv"
    result = run(film, "--out", out, "--overlay", "--zones", zones, "--table", table)
    assert result.exit_code == 0
    assert sorted(file.name for file in out.iterdir()) == [
        "film.annotated.mp4", "film.timeline.csv", "film.timeline.jsonl", "film.timeline.png", "film.timeline.zones.csv",
    ]  # fmt: skip
    told = lines((out / "film.timeline.jsonl").read_text(encoding="utf-8"))
    assert [zone["status"] for line in told for zone in line["zones"]] == ["over"] * 4
    assert len(table.read_text(encoding="utf-8").splitlines()) == 5


def test_darkness_is_warned_of_and_not_counted(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    frames = shots([7] * 6)
    frames[2:4] = [np.zeros_like(frame) for frame in frames[2:4]]
    result = run("--json", write_film(tmp_path / "film.mkv", frames, fps=1))
    assert [line["count"] for line in lines(result.stdout)] == [7.0, 7.0, None, None, 7.0, 7.0]
    assert "film.mkv: at 0:02 dark: nothing to see" in result.stderr


def test_a_broken_film_does_not_stop_the_rest(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film at all")
    write_film(tmp_path / "b.mkv", shots([3] * 3), fps=1)
    result = run("--json", tmp_path / "a.mp4", tmp_path / "b.mkv", tmp_path / "c.mp4")
    assert result.exit_code == 1
    told = {(line["source"], line.get("count"), line.get("error", {}).get("kind")) for line in lines(result.stdout)}
    assert told == {
        (str(tmp_path / "a.mp4"), None, "film"), (str(tmp_path / "b.mkv"), 3.0, None), (str(tmp_path / "c.mp4"), None, "picture"),
    }  # fmt: skip


def test_a_broken_film_leaves_no_files_and_replaces_none(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    film, out = write_film(tmp_path / "film.mkv", shots([3] * 4), fps=2), tmp_path / "out"
    assert run(film, "--out", out).exit_code == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    film.write_bytes(b"no film")
    other = tmp_path / "other.mp4"
    other.write_bytes(b"")
    assert run(film, other, "--out", out).exit_code == 1
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_a_film_cut_short_is_said(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 200, (60, 80, 96, 3), dtype=np.uint8)
    film = write_film(tmp_path / "film.mkv", list(noise), fps=1)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    result = run(film)
    assert result.exit_code == 0
    assert "though it says it lasts 1:00; it is cut short or damaged" in result.stderr


def test_an_interruption_leaves_complete_files(
    run: Run, write_film: WriteFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "film.mkv", shots([7] * 8), fps=1)
    count, calls = Counter.count, []

    def interrupted(self: Counter, *arguments: Any, **options: Any) -> object:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return count(self, *arguments, **options)

    monkeypatch.setattr(Counter, "count", interrupted)
    result = run(film, "--out", tmp_path / "out", "--overlay")
    assert result.exit_code == 130
    assert len(lines((tmp_path / "out/film.timeline.jsonl").read_text(encoding="utf-8"))) == 3
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {".mp4", ".csv", ".jsonl", ".png"}
    assert result.stdout.splitlines()[1].split()[2] == "3"


def test_a_camera_over_http_for_a_while(run: Run, http_server, tmp_path: Path) -> None:
    url = http_server.plays_jpegs("/cam", shots([0] * 20), fps=20.0)
    result = run("--json", url.replace("://", "://me:secret@"), "--for", "3", "--every", "0.2")
    told = lines(result.stdout)
    assert result.exit_code == 0
    assert len(told) >= 3
    assert {line["source"] for line in told} == {url}
    assert "secret" not in result.output
    assert all(line["date"].endswith("+00:00") for line in told)


def test_without_the_library_it_says_what_to_install(
    run: Run, write_film: WriteFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "film.mkv", shots([1]), fps=1)
    monkeypatch.setitem(sys.modules, "av", None)
    result = run(film)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("films and cameras need PyAV; install it with pip install 'uepnet[video]'\n")


def test_a_camera_that_is_not_there_is_one_line(run: Run) -> None:
    result = run("rtsp://me:secret@127.0.0.1:9/live")
    assert result.exit_code == 1
    assert result.stderr == "uepnet: error: rtsp://127.0.0.1:9/live: Connection refused\n"


def test_what_makes_no_sense_is_refused(run: Run, write_film: WriteFilm, tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", shots([1]), fps=1)
    for arguments, complaint in (
        (["--every", "1", "--fps", "1"], "same thing"), (["--every", "0"], "above 0"), (["--for", "-1"], "above 0"),
        (["rtsp://a/1", "rtsp://b/2"], "uepnet watch"), (["rtsp://a/1", str(film)], "uepnet watch"),
    ):  # fmt: skip
        result = run(film, *arguments)
        assert result.exit_code == 2
        assert complaint in result.stderr


def test_sigterm_leaves_complete_files(red_dots_model: Path, http_server, tmp_path: Path) -> None:
    """The program itself, watching a camera, stopped as a service manager does it."""
    url = http_server.plays_jpegs("/cam", shots([0] * 20), fps=20.0)
    command = [
        sys.executable,
        "-m",
        "uepnet",
        "watch",
        url,
        "--model",
        str(red_dots_model),
        "--out",
        str(tmp_path),
        "--json",
        "--every",
        "0.2",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as program:
        assert program.stdout is not None
        told = [json.loads(program.stdout.readline()) for _ in range(4)]
        program.send_signal(signal.SIGTERM)
        rest = program.stdout.read()
    assert program.returncode == 0
    counts = [one for one in [*told, *lines(rest)] if one["event"] == "count"]
    (timeline,) = tmp_path.glob("*.jsonl")
    written = lines(timeline.read_text(encoding="utf-8"))
    assert [one["time"] for one in written] == [one["time"] for one in counts]
