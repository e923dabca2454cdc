"""`uepnet count`: a table for people, JSON lines for programs, and one clear line for what could not be counted."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.inference.counter import Counter

KEYS = [
    "source", "count", "low", "high", "coverage", "zones", "model", "width", "height", "seconds", "warnings",
]  # fmt: skip

Run = Callable[..., Result]


@pytest.fixture
def run(red_dots_model: Path) -> Run:
    """The program, with a model that counts red pixels."""

    def call(*arguments: object, stdin: bytes | None = None) -> Result:
        words = ["count", "--model", str(red_dots_model), *map(str, arguments)]
        return CliRunner().invoke(app, words, input=stdin, env={"COLUMNS": "200"})

    return call


def draw(path: Path, people: int, *, width: int = 96, height: int = 80) -> Path:
    """A picture of green noise, another for every path, with so many red pixels."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, :, 1] = np.random.default_rng(list(str(path).encode())).integers(20, 240, (height, width))
    pixels[5, 2 : 2 + people] = (255, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def test_one_picture_is_a_table_of_one_row(run: Run, tmp_path: Path) -> None:
    path = draw(tmp_path / "crowd.png", 7)
    result = run(path)
    assert (result.exit_code, result.stderr) == (0, "")
    header, row = words(result.stdout)
    assert header == ["picture", "people", "size", "seconds"]
    assert row[:-1] == [str(path), "7", "96", "x", "80"]
    assert float(row[-1]) < 60


def test_several_pictures_have_a_total(run: Run, tmp_path: Path) -> None:
    for name, people in (("IMG_10.png", 10), ("IMG_9.png", 9), ("sub/IMG_1.png", 4)):
        draw(tmp_path / name, people)
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    result = run(tmp_path, tmp_path / "sub/*.png")
    assert result.exit_code == 0
    rows = words(result.stdout)
    assert [row[0].rpartition("/")[2] for row in rows[1:4]] == ["IMG_9.png", "IMG_10.png", "IMG_1.png"]
    assert rows[4][:3] == ["3", "pictures", "23"]


def test_warnings_have_a_column_of_their_own(run: Run, tmp_path: Path) -> None:
    result = run(draw(tmp_path / "small.png", 3, width=40, height=32))
    assert words(result.stdout)[0][-1] == "warnings"
    assert "only 40 x 32 pixels" in result.stdout


def test_names_are_no_markup(run: Run, tmp_path: Path) -> None:
    assert "[red]a[1].png" in run(draw(tmp_path / "[red]a[1].png", 1)).stdout


def test_json_lines_have_the_documented_keys(run: Run, tmp_path: Path) -> None:
    paths = [draw(tmp_path / "a.png", 3), draw(tmp_path / "b.png", 5)]
    result = run("--json", *paths)
    assert (result.exit_code, result.stderr) == (0, "")
    for told, path, people in zip(lines(result), paths, (3, 5), strict=True):
        assert list(told) == KEYS
        assert (told["source"], told["count"], told["low"], told["zones"]) == (str(path), people, None, [])
        assert (told["width"], told["height"], told["model"]) == (96, 80, "red-dots")
        assert isinstance(told["count"], float)


def test_what_cannot_be_counted_does_not_stop_the_rest(run: Run, tmp_path: Path) -> None:
    good = draw(tmp_path / "a/good.png", 3)
    (tmp_path / "a/broken.jpg").write_bytes(b"no picture at all")
    cut = draw(tmp_path / "a/cut.png", 3)
    cut.write_bytes(cut.read_bytes()[:-40])
    (tmp_path / "empty").mkdir()
    sources = [tmp_path / "a", tmp_path / "empty", tmp_path / "none.jpg", tmp_path / "*.gif", "ftp://camera", good]
    table = run(*sources)
    assert table.exit_code == 1
    assert [row[1] for row in words(table.stdout)[1:-1]] == ["3", "3"]
    assert words(table.stdout)[-1][:5] == ["only", "2", "of", "8", "6"]
    *failures, twice = table.stderr.splitlines()
    assert "good.png: the same picture several times" in twice
    assert len(failures) == 6
    assert all(line.startswith("uepnet: error: ") for line in failures)
    for line, said in zip(
        failures,
        ("broken.jpg", "cut.png", "no pictures in this folder", "no such file", "pattern", "address"),
        strict=True,
    ):
        assert said in line
    told = run("--json", *sources)
    assert (told.exit_code, told.stderr.splitlines()) == (1, [twice])
    outcomes = [outcome.get("count", outcome.get("error", {}).get("kind")) for outcome in lines(told)]
    assert outcomes == ["picture-format", "picture", 3.0, *["picture"] * 4, 3.0]
    assert list(lines(told)[0]) == ["source", "error"]
    assert lines(told)[0]["source"] == str(tmp_path / "a/broken.jpg")
    assert lines(told)[0]["error"]["message"] in failures[0]


def test_large_pictures_are_refused_from_their_header(run: Run, tmp_path: Path) -> None:
    path = draw(tmp_path / "large.png", 3)
    result = run("--max-megapixels", "0.007", "--json", path)
    assert result.exit_code == 1
    (told,) = lines(result)
    assert told["error"]["kind"] == "picture-too-large"
    assert "96 x 80 = 0.0 megapixels, the limit is 0.007" in told["error"]["message"]
    assert run("--max-megapixels", "0.008", path).exit_code == 0


def test_a_picture_from_stdin(run: Run) -> None:
    file = io.BytesIO()
    Image.fromarray(np.full((64, 64, 3), (255, 0, 0), dtype=np.uint8)).save(file, format="PNG")
    (told,) = lines(run("--json", "-", stdin=file.getvalue()))
    assert (told["source"], told["count"]) == ("-", 64 * 64)
    (told,) = lines(run("--json", "-", stdin=b""))
    assert told["error"]["kind"] == "picture"


def test_the_decode_can_be_chosen(run: Run, tmp_path: Path) -> None:
    path = draw(tmp_path / "crowd.png", 5)
    assert [lines(run("--json", "--decode", decode, path))[0]["count"] for decode in ("mean", "argmax")] == [5, 10]


def test_files_of_pictures_with_the_same_name_stay_apart(run: Run, tmp_path: Path) -> None:
    sources = [draw(tmp_path / name, people) for name, people in (("a/x.png", 1), ("b/x.png", 2), ("b/y.png", 3))]
    out = tmp_path / "new" / "out"
    result = run(*sources, "--out", out, "--overlay")
    assert result.exit_code == 0
    names = ["a_x.png", "b_x.png", "y"]
    assert sorted(file.name for file in out.iterdir()) == sorted(
        name + suffix for name in names for suffix in (".count.json", ".overlay.jpg")
    )
    for name, people in zip(names, (1, 2, 3), strict=True):
        told = json.loads((out / f"{name}.count.json").read_text(encoding="utf-8"))
        assert told["count"] == people
        with Image.open(out / f"{name}.overlay.jpg") as drawing:
            assert drawing.width == 480


def test_drawings_never_overwrite_the_pictures(run: Run, tmp_path: Path) -> None:
    path = draw(tmp_path / "x.jpg", 1)
    before = path.read_bytes()
    assert run(path, "--out", tmp_path, "--overlay").exit_code == 0
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.count.json", "x.jpg", "x.overlay.jpg"]


def test_an_overlay_needs_a_place(run: Run, tmp_path: Path) -> None:
    result = run("--overlay", draw(tmp_path / "x.png", 1))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--out DIR" in result.stderr


def test_an_unknown_model_lists_the_known_ones(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app, ["count", "--model", "medium", "--out", str(out), str(draw(tmp_path / "x.png", 1))]
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert not out.exists()
    assert result.stderr.startswith("uepnet: error: there is no bundled model 'medium'; ")


@pytest.mark.parametrize("table", ["t.xlsx", "nowhere/t.csv"])
def test_a_wrong_table_leaves_no_folder_behind(run: Run, tmp_path: Path, table: str) -> None:
    out = tmp_path / "out"
    result = run("--out", str(out), "--table", str(tmp_path / table), draw(tmp_path / "x.png", 1))
    assert result.exit_code in (1, 2)
    assert not out.exists()


@pytest.mark.parametrize("as_json", [False, True])
def test_an_interruption_leaves_what_is_finished(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    paths = [draw(tmp_path / f"{name}.png", 4) for name in "abc"]
    count = Counter.count

    def interrupted(self: Counter, *arguments: Any, **options: Any) -> object:
        if not options["name"].endswith("a.png"):
            raise KeyboardInterrupt
        return count(self, *arguments, **options)

    monkeypatch.setattr(Counter, "count", interrupted)
    table = tmp_path / "counts.jsonl"
    result = run(*(["--json"] if as_json else []), *paths, "--out", tmp_path / "out", "--table", table)
    assert result.exit_code == 130
    assert [json.loads(line)["source"] for line in table.read_text(encoding="utf-8").splitlines()] == [str(paths[0])]
    assert result.stderr == "uepnet: error: interrupted\n"
    assert "a.png" in result.stdout
    assert len(words(result.stdout)) == (1 if as_json else 3)
    if not as_json:
        assert words(result.stdout)[-1][:4] == ["only", "1", "of", "3"]
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["a.count.json"]


def test_sigterm_leaves_what_is_finished(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [draw(tmp_path / f"{number:02d}.png", 4) for number in range(30)]
    count = Counter.count

    def terminated(self: Counter, *arguments: Any, **options: Any) -> object:
        if options["name"].endswith("03.png"):
            signal.raise_signal(signal.SIGTERM)
            time.sleep(0.1)
        return count(self, *arguments, **options)

    monkeypatch.setattr(Counter, "count", terminated)
    table = tmp_path / "counts.jsonl"
    result = run("--json", *paths, "--table", table)
    assert (result.exit_code, result.stderr) == (130, "uepnet: error: interrupted\n")
    assert 3 <= len(table.read_text(encoding="utf-8").splitlines()) < 30
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_name_that_is_no_utf_8(run: Run, tmp_path: Path) -> None:
    source = draw(tmp_path / "plain.png", 2)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff.png"))
    try:
        source.rename(odd)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    assert lines(run("--json", odd))[0]["source"] == str(odd)
    assert r"odd\udcff.png" in run(odd).stdout


def test_a_file_that_cannot_be_written_loses_neither_its_count_nor_the_rest(run: Run, tmp_path: Path) -> None:
    paths = [draw(tmp_path / "in" / name, 4) for name in ("a.png", "b.png", "é" * 110 + ".png")]
    out = tmp_path / "out"
    (out / "a.count.json").mkdir(parents=True)
    told = run("--json", *paths, "--out", out, "--overlay")
    assert told.exit_code == 1
    outcomes = [outcome.get("count", outcome.get("error", {}).get("kind")) for outcome in lines(told)]
    assert outcomes == [4.0, "output", 4.0, 4.0]
    assert "a.count.json" in lines(told)[1]["error"]["message"]
    assert len(list(out.glob("*.overlay.jpg"))) == 2
    assert not list(out.glob(".*"))


def test_a_link_that_leads_nowhere_is_reported(run: Run, tmp_path: Path) -> None:
    draw(tmp_path / "in/a.png", 4)
    (tmp_path / "in/b.jpg").symlink_to(tmp_path / "nowhere.jpg")
    told = run("--json", tmp_path / "in")
    assert [outcome.get("count") for outcome in lines(told)] == [4.0, None]
    assert told.exit_code == 1


def test_on_a_terminal_errors_stand_above_the_progress_bar(red_dots_model: Path, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    sources = [draw(tmp_path / "a.png", 1), tmp_path / "none.png", draw(tmp_path / "b.png", 1)]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "uepnet", "count", "--model", str(red_dots_model), *map(str, sources)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as program:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # which is how a pseudo-terminal ends
            while chunk := os.read(ours, 4096):
                shown += chunk
        assert program.stdout is not None
        table = program.stdout.read().decode()
    os.close(ours)
    assert program.returncode == 1
    assert b"counting" in shown
    assert re.search(rb"(\n|\x1b\[2K)uepnet: error: [^\n]*none\.png: there is no such file", shown)
    assert "\x1b" not in table
