"""Drawn scenes are a data set that reads back as it was drawn."""

from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from uepnet.annotations.catalog import open_data_set
from uepnet.cli.app import app
from uepnet.scenes.render import draw_scene

SMALL = ["--width", "160", "--height", "128", "--heads", "12"]


def test_the_folder_is_a_data_set_with_the_exact_heads(tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    result = CliRunner().invoke(app, ["draw", "--out", str(folder), "--count", "3", "--seed", "5", *SMALL])
    assert (result.exit_code, result.stdout) == (0, f"{folder}\n"), result.output
    data_set = open_data_set(f"drawn:{folder}", split="all")
    assert len(data_set) == 3
    for seed, entry in zip((5, 6, 7), data_set.entries, strict=True):
        scene = draw_scene(seed=seed, width=160, height=128, heads=12)
        np.testing.assert_array_equal(data_set.heads(entry).xy, scene.heads.xy)


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["draw", "--out", str(tmp_path), "--count", "1", *SMALL])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"uepnet: error: {tmp_path}: there is something already")
    assert list(tmp_path.iterdir()) == []


def test_pictures_with_nobody_in_them_are_read_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    wish = ["draw", "--empty", "--out", str(folder), "--count", "3", "--width", "160", "--height", "128"]
    result = CliRunner().invoke(app, wish)
    assert (result.exit_code, result.stdout) == (0, f"{folder}\n"), result.output
    data_set = open_data_set(f"drawn:{folder}", split="all")
    assert [len(data_set.heads(entry).xy) for entry in data_set.entries] == [0, 0, 0]


def test_people_in_empty_pictures_are_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["draw", "--empty", "--heads", "3", "--out", str(tmp_path / "empty")])
    assert result.exit_code == 2
    assert not (tmp_path / "empty").exists()


def test_pictures_of_nobody_show_the_kinds_asked_for(tmp_path: Path) -> None:
    def draw(out: str, *wish: str) -> int:
        size = ("--count", "2", "--width", "96", "--height", "64")
        return CliRunner().invoke(app, ["draw", "--out", str(tmp_path / out), *size, *wish]).exit_code

    assert draw("both", "--empty", "--kind", "heaps", "--kind", "lamps") == 0
    assert draw("lamps", "--empty", "--kind", "lamps") == 0
    both, lamps = (sorted((tmp_path / name).glob("*.jpg")) for name in ("both", "lamps"))
    assert both[1].read_bytes() == lamps[1].read_bytes()
    assert both[0].read_bytes() != lamps[0].read_bytes()
    assert draw("none", "--kind", "lamps") == draw("none", "--empty", "--kind", "people") == 2
    assert not (tmp_path / "none").exists()
