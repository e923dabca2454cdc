"""`uepnet watch`: cameras from a file or by address, alerts out by webhook, and refusals that give no secret away."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from uepnet.cli.app import app

Run = Callable[..., Result]
HALF = {"name": "left", "include": [[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]], "people_limit": 10}


@pytest.fixture
def run(red_dots_model: Path) -> Run:
    """The program, with a model that counts red pixels."""

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["watch", "--model", str(red_dots_model), *map(str, arguments)])

    return call


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def squares(number: int) -> list[np.ndarray]:
    """Grey-green noise with a field of pure red, of which JPEG leaves at least a part pure."""
    rng = np.random.default_rng(0)
    frames = []
    place = rng.integers(40, 200, (80, 96))
    for _ in range(10):
        pixels = np.zeros((80, 96, 3), dtype=np.uint8)
        pixels[:, :, 1] = place + rng.integers(0, 9, (80, 96))
        pixels[16 : 16 + number, 16:32] = (254, 0, 0)
        frames.append(pixels)
    return frames


def test_an_alert_reaches_the_webhook(run: Run, http_server: Any, tmp_path: Path) -> None:
    (tmp_path / "zones.json").write_text(json.dumps({"units": "fractions", "zones": [HALF]}), encoding="utf-8")
    url = http_server.plays_jpegs("/cam", squares(32), fps=20.0)
    cameras = tmp_path / "cameras.toml"
    cameras.write_text(
        f"""
every = 0.2
heartbeat = 1.0
[send]
webhook = "{http_server.url("/hook?key=secret")}"
[[camera]]
name = "north gate"
source = "{url}"
zones = "zones.json"
[[camera.alert]]
measure = "people"
zone = "left"
above = -1.0
for_seconds = 0.0
[[camera]]
name = "nobody there"
source = "http://me:secret@127.0.0.1:9/cam"
""",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    result = run(cameras, "--for", "4", "--out", out)
    assert result.exit_code == 0
    assert "north gate: people in left above -1: raised at" in result.stdout
    assert "secret" not in result.output
    posted = lines("\n".join(body.decode() for body in http_server.posted))
    assert {one["event"] for one in posted} >= {"alert", "heartbeat"}
    (alert,) = (one for one in posted if one["event"] == "alert")
    assert (alert["camera"], alert["state"], alert["zone"]) == ("north gate", "raised", "left")
    last = [one for one in posted if one["event"] == "heartbeat"][-1]
    assert [camera["state"] for camera in last["cameras"]] == ["ok", "away"]
    assert {file.name.partition(".")[0] for file in out.iterdir()} == {"north gate"}
    (timeline,) = out.glob("*.timeline.jsonl")
    assert all(line["zones"][0]["name"] == "left" for line in lines(timeline.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "camera: it is missing"),
        ('[[camera]]\nname = "a"\nsource = "rtsp://me:secret@h/x"\nevry = 1', "camera.1.evry: nothing is known"),
        ('[[camera]]\nname = "a"\nsource = "secret"', "no camera's address"),
        ('[[camera]]\nname = "a"\nsource = "env:UEPNET_NOT_SET"', "the environment has no UEPNET_NOT_SET"),
        ('[[camera]]\nname = "a"\nsource = "rtsp://h/x"\n' * 2, "two cameras are called 'a'"),
        ('every = 1\n[[camera]\n', "this is no TOML"),
        (
            '[[camera]]\nname = "a"\nsource = "rtsp://h/x"\n[[camera.alert]]\nabove = 5.0\nzone = "b"',
            "an alert names a zone, but there is no zones",
        ),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_one_line(run: Run, tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "cameras.toml"
    path.write_text(text, encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"uepnet: error: {path}: ")
    assert complaint in result.stderr
    assert "secret" not in result.output
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ('above = 5.0\nzone = "right"', "is about the zone 'right', but"),
        ('above = 5.0\nzone = "left"\nmeasure = "density"', "needs the square metres"),
        ('above = 5.0\nby = "high"', "the model has none"),
        ('above = 0.5\nzone = "free"\nmeasure = "capacity"', "needs a limit"),
    ],
)
def test_an_alert_that_would_never_come_is_refused(run: Run, tmp_path: Path, rule: str, complaint: str) -> None:
    zones = [HALF, {**HALF, "name": "free", "people_limit": None}]
    (tmp_path / "zones.json").write_text(json.dumps({"units": "fractions", "zones": zones}), encoding="utf-8")
    path = tmp_path / "cameras.toml"
    head = '[[camera]]\nname = "a"\nsource = "rtsp://127.0.0.1:9/x"\nzones = "zones.json"\n[[camera.alert]]\n'
    path.write_text(head + rule, encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert complaint in result.stderr


def test_what_is_no_camera_is_refused(run: Run, tmp_path: Path) -> None:
    for arguments in (["film.mp4"], ["http://h/film.mp4"], [tmp_path], ["rtsp://h/x", "--every", "0"]):
        assert run(*arguments).exit_code == 2


def test_cameras_that_never_gave_a_frame_are_status_1(run: Run) -> None:
    result = run("http://127.0.0.1:9/x.mjpg", "--for", "2")
    assert result.exit_code == 1
    assert "no camera gave a frame" in result.stderr
    assert "refused" in result.stderr
