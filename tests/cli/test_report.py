"""`uepnet report` and what `uepnet count` does with tables and cameras, and `uepnet calibrate`, from end to end."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.cli.app import app
from uepnet.inference.counter import Counter

Run = Callable[..., Result]


@pytest.fixture
def run(red_dots_model: Path) -> Run:
    """The program, with a model that counts red pixels."""

    def call(command: str, *arguments: object) -> Result:
        words = [command, "--model", str(red_dots_model), *map(str, arguments)]
        return CliRunner().invoke(app, words, env={"COLUMNS": "200"})

    return call


def draw(path: Path, people: int) -> Path:
    """Green noise, another for every name, with so many red pixels."""
    pixels = np.zeros((80, 96, 3), dtype=np.uint8)
    pixels[:, :, 1] = np.random.default_rng(list(path.name.encode())).integers(20, 240, (80, 96))
    pixels[5, 2 : 2 + people] = (255, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures with 10, 20 and 40 people."""
    for name, people in (("a.png", 10), ("b.png", 20), ("c.png", 40)):
        draw(tmp_path / "photos" / name, people)
    return tmp_path / "photos"


@pytest.mark.parametrize(("suffix", "start"), [(".html", b"<!doctype html>"), (".pdf", b"%PDF-")])
def test_a_folder_becomes_a_report(run: Run, folder: Path, tmp_path: Path, suffix: str, start: bytes) -> None:
    if suffix == ".pdf":
        pytest.importorskip("fpdf")
    out = tmp_path / f"report{suffix}"
    result = run("report", folder, "--out", out, "--area-m2", 50, "--title", "The square")
    assert result.exit_code == 0, result.output
    assert "70 people, pictures: 3" in result.stdout
    assert out.read_bytes().startswith(start)


@pytest.mark.parametrize("what", ["changed", "gone"])
def test_a_picture_that_changes_while_it_is_read_is_not_vouched_for(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    read = Counter.read

    def reading(self: Counter, source: Path | np.ndarray) -> np.ndarray:
        pixels = read(self, source)
        if isinstance(source, Path) and source.name == "b.png":
            draw(source, 30) if what == "changed" else source.unlink()
        return pixels

    monkeypatch.setattr(Counter, "read", reading)
    result = run("report", folder, "--out", tmp_path / "report.html")
    assert result.exit_code == 1
    assert ("changed while it was being read" if what == "changed" else "there is no such file") in result.stderr
    assert "50 people, pictures: 2" in result.stdout


def test_the_report_names_the_decode_that_counted(run: Run, folder: Path, tmp_path: Path) -> None:
    run("report", folder, "--out", tmp_path / "report.html", "--decode", "argmax")
    assert "decode argmax" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_report_names_what_could_not_be_counted(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"no picture")
    out = tmp_path / "report.html"
    result = run("report", folder, "--out", out)
    assert result.exit_code == 1
    assert "broken.jpg" in result.stderr
    assert "Not counted: " in out.read_text(encoding="utf-8")


def test_nothing_counted_is_no_report(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run("report", tmp_path / "missing.jpg", "--out", out)
    assert result.exit_code == 1
    assert "nothing to report" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize("arguments", [("--out", "report.doc"), ("--out", "report.html", "--area-m2", "-1")])
def test_a_report_that_makes_no_sense_is_refused_first(run: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    assert run("report", folder, *arguments).exit_code == 2


def test_all_counts_in_one_table(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"no picture")
    table = tmp_path / "counts.csv"
    result = run("count", folder, "--table", table)
    assert result.exit_code == 1  # the broken one
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert sorted(row["count"] for row in rows) == ["", "10.0", "20.0", "40.0"]
    assert sum(float(row["count"] or 0) for row in rows) == 70.0
    assert run("count", folder, "--table", tmp_path / "counts.txt").exit_code == 2


def test_a_table_may_lie_in_the_folder_that_is_made(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "results"
    assert run("count", folder / "a.png", "--out", out, "--table", out / "counts.csv").exit_code == 0
    assert (out / "counts.csv").is_file()
    refused = run("count", folder / "a.png", "--out", folder / "a.png")
    assert refused.exit_code == 1
    assert "cannot be made (File exists); name another --out" in refused.stderr


def test_a_picture_counted_twice_is_said(run: Run, folder: Path) -> None:
    result = run("count", folder, folder / "c.png", "--json")
    assert [json.loads(line)["count"] for line in result.stdout.splitlines()] == [10.0, 20.0, 40.0, 40.0]
    assert "the same picture several times" in result.stderr


def test_a_camera_is_calibrated_and_corrects_counts(run: Run, folder: Path, tmp_path: Path) -> None:
    hand = folder / "hand.csv"
    hand.write_text("picture,count\na.png,21\nb.png,40\nc.png,83\n", encoding="utf-8")
    camera = tmp_path / "camera.json"
    made = run("calibrate", "--counts", hand, "--out", camera)
    assert made.exit_code == 0, made.output
    factor = json.loads(camera.read_text(encoding="utf-8"))["factor"]
    assert 1.6 < factor < 2.1
    assert "Multiplied by" in made.stdout
    assert "Each picture by the others' correction" in made.stdout

    (line,) = run("count", folder / "b.png", "--camera", camera, "--json").stdout.splitlines()
    counted = json.loads(line)
    assert counted["count"] == pytest.approx(20 * factor)
    assert any("Multiplied by" in warning for warning in counted["warnings"])

    refused = run("count", folder / "b.png", "--camera", camera, "--decode", "argmax")
    assert refused.exit_code == 1
    assert "--decode mean" in refused.stderr


def test_what_makes_a_count_doubtful_is_told_where_a_camera_is_calibrated_by_it(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (200, 200)).save(folder / "black.png")
    hand = folder / "hand.csv"
    hand.write_text("picture,count\na.png,21\nblack.png,3\n", encoding="utf-8")
    made = run("calibrate", "--counts", hand, "--out", tmp_path / "camera.json")
    assert made.exit_code == 0, made.output
    assert "warning: black.png: The picture is almost of one colour" in made.stderr


def test_a_camera_of_another_model_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    hand = folder / "hand.csv"
    hand.write_text("picture,count\na.png,21\n", encoding="utf-8")
    camera = tmp_path / "camera.json"
    run("calibrate", "--counts", hand, "--out", camera)
    other = json.loads(camera.read_text(encoding="utf-8")) | {"model_digest": "0" * 64}
    camera.write_text(json.dumps(other), encoding="utf-8")
    for command in (("count",), ("report", "--out", str(tmp_path / "report.html"))):
        refused = run(command[0], folder / "a.png", *command[1:], "--camera", camera)
        assert refused.exit_code == 1
        assert "uepnet calibrate" in refused.stderr


def test_hand_counts_of_missing_pictures_say_so(run: Run, tmp_path: Path) -> None:
    hand = tmp_path / "hand.csv"
    hand.write_text("picture,count\nmissing.png,21\n", encoding="utf-8")
    result = run("calibrate", "--counts", hand, "--out", tmp_path / "camera.json")
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr
    assert not (tmp_path / "camera.json").exists()
