"""Cameras that stall, come back, send rubbish, change size and go dark: each is told once, and none stops the others."""

import json
import random
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from uepnet.errors import ZoneError
from uepnet.film.counting import FilmCounter
from uepnet.film.film import Frame
from uepnet.film.moment import Moment
from uepnet.film.naming import FilmSource, film_source
from uepnet.film.opening import ReadLimits
from uepnet.inference.result import CountResult
from uepnet.monitoring.alerts import Alert, AlertRule
from uepnet.monitoring.day_files import DayFiles
from uepnet.monitoring.live_frames import HELD, BackOff, Connection, LiveFrames
from uepnet.monitoring.messages import Message, in_words
from uepnet.monitoring.watch import Clock, Watch, WatchedCamera

NOISE = np.random.default_rng(0)
"""Of the cameras: no two pictures are the same."""
START = datetime(2026, 11, 28, 23, 59, 0, tzinfo=UTC)


class FakeTime:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: START + timedelta(seconds=self.now), lambda _: None)


class FakeFrames:
    """Frames that a test puts in."""

    def __init__(self) -> None:
        self.waiting: deque[Frame] = deque()
        self.connection = Connection(error="cam: the cable is out", failures=1)
        self.closed = False

    def newest(self, *, wait: float) -> Frame | None:
        return self.waiting.popleft() if self.waiting else None

    def close(self) -> None:
        self.closed = True


def place(people: int) -> np.ndarray:
    """A place of stripes and noise; the number of people is in its first pixel."""
    pixels = (
        np.tile(np.random.default_rng(0).integers(40, 220, (24, 32, 1), dtype=np.uint8), (1, 1, 3))
        .repeat(4, 0)
        .repeat(4, 1)
    )
    noisy = np.clip(pixels + NOISE.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)
    noisy[0, 0, 0] = people
    return noisy


def count(pixels: np.ndarray, name: str) -> CountResult:
    """A count of what the first pixel says; 255 is a picture that zones do not fit."""
    people, (height, width) = int(pixels[0, 0, 0]), pixels.shape[:2]
    if people == 255:
        raise ZoneError(f"{name}: the zones were drawn on another picture")
    maps = np.full((-(-height // 8), -(-width // 8)), 0.0, dtype=np.float32)
    maps[0, 0] = people
    return CountResult(name, float(people), None, None, None, (), "tiny", width, height, 0.0, (), maps, maps, 8)


class Scene:
    """Two watched cameras, what they said, and a clock."""

    def __init__(self, folder: Path | None = None) -> None:
        self.time, self.said, self.frames = FakeTime(), list[Message](), [FakeFrames(), FakeFrames()]
        cameras = []
        for number, frames in enumerate(self.frames):
            counting = FilmCounter(count, source=f"cam {number}", model="tiny", calibration=None, fixed=True)
            files = None if folder is None else DayFiles(folder / f"cam-{number}", zones=False)
            alerts = [Alert(AlertRule(name="full", above=50.0, for_seconds=3.0))]
            cameras.append(WatchedCamera(f"cam {number}", frames, counting, alerts=alerts, files=files))
        self.watch = Watch(cameras, self.said.append, heartbeat=60.0, every=1.0, clock=self.time.clock())

    def second(self, *pictures: np.ndarray | None) -> None:
        """A second passes, in which each camera shows a picture or nothing."""
        self.time.now += 1.0
        for frames, pixels in zip(self.frames, pictures, strict=True):
            if pixels is not None:
                frames.waiting.append(Frame(self.time.now, pixels))
        self.watch.turn()

    def told(self, event: str) -> list[tuple[str, Any]]:
        return [(one["camera"], one.get("state", one.get("message"))) for one in self.said if one["event"] == event]


def test_an_alert_is_told_once_and_in_words() -> None:
    scene = Scene()
    for second in range(20):
        scene.second(place(80 if second > 5 else 20), place(20))
    assert scene.told("alert") == [("cam 0", "raised")]
    (alert,) = (one for one in scene.said if one["event"] == "alert")
    assert in_words(alert) == "2026-11-28 23:59:11 cam 0: full: raised at 80 people"
    assert scene.watch.now()[0].alerts == ("full",)
    assert len([one for one in scene.said if one["event"] == "count"]) == 40


def test_a_camera_that_stalls_is_away_and_back_while_the_other_counts() -> None:
    scene = Scene()
    for second in range(80):
        scene.second(None if 10 <= second < 50 else place(20), place(30))
    assert scene.told("state") == [("cam 0", "away"), ("cam 0", "ok")]
    assert next(one for one in scene.said if one["event"] == "state")["message"] == "cam: the cable is out"
    assert len([one for one in scene.said if one["event"] == "count" and one["camera"] == "cam 1"]) == 80
    beats = [one for one in scene.said if one["event"] == "heartbeat"]
    assert len(beats) == 2
    assert [camera["state"] for camera in beats[1]["cameras"]] == ["ok", "ok"]


def test_a_camera_that_was_never_there_is_away() -> None:
    scene = Scene()
    for _ in range(30):
        scene.second(None, place(20))
    assert scene.told("state") == [("cam 0", "away")]
    assert scene.watch.now()[0].people is None


def test_darkness_and_a_turned_camera_are_told_once_they_last() -> None:
    scene = Scene()
    for second in range(60):
        shown = place(20)
        if 10 <= second < 12 or 20 <= second < 35:
            shown = (shown * 0.01).astype(np.uint8)
        elif second >= 45:
            shown = np.roll(shown, 40, axis=1)
        scene.second(shown, place(20))
    assert scene.told("state") == [("cam 0", "dark"), ("cam 0", "ok"), ("cam 0", "moved")]
    assert scene.told("alert") == []
    dark = [one for one in scene.said if one["event"] == "count" and one["state"] == "dark"]
    assert {one["count"] for one in dark} == {None}


def test_a_picture_that_cannot_be_counted_is_said_once(tmp_path: Path) -> None:
    scene = Scene()
    for second in range(20):
        scene.second(place(255) if 5 <= second < 15 else place(20), place(20))
    assert scene.told("error") == [("cam 0", "cam 0: the zones were drawn on another picture")]


def test_files_grow_by_whole_lines_one_a_day(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    for _ in range(90):
        scene.second(place(20), place(20))
    names = [
        f"cam-{number}.2026-11-{day}.timeline{suffix}"
        for number in (0, 1)
        for day in (28, 29)
        for suffix in (".csv", ".jsonl")
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)
    days = [
        (tmp_path / f"cam-0.2026-11-{day}.timeline.jsonl").read_text(encoding="utf-8").splitlines() for day in (28, 29)
    ]
    assert [len(lines) for lines in days] == [59, 31]
    assert json.loads(days[1][0])["date"].startswith("2026-11-29T00:00:00")
    assert len((tmp_path / "cam-0.2026-11-29.timeline.csv").read_text(encoding="utf-8").splitlines()) == 32


def test_half_a_line_of_a_power_failure_is_cut(tmp_path: Path, make_moment: Callable[..., Moment]) -> None:
    files = DayFiles(tmp_path / "cam", zones=True)
    files.add(make_moment(0.0, 5.0), date=START)
    for suffix in ("jsonl", "csv", "zones.csv"):
        with (tmp_path / f"cam.2026-11-28.timeline.{suffix}").open("a", encoding="utf-8") as file:
            file.write('{"half": ')
    files.add(make_moment(1.0, 6.0), date=START)
    for suffix, lines in (("jsonl", 2), ("csv", 3), ("zones.csv", 3)):
        text = (tmp_path / f"cam.2026-11-28.timeline.{suffix}").read_text(encoding="utf-8")
        assert "half" not in text
        assert len(text.splitlines()) == lines


def test_at_the_end_every_stream_is_closed() -> None:
    scene = Scene()
    scene.watch.run(until=lambda: True)
    scene.watch.close()
    assert [frames.closed for frames in scene.frames] == [True, True]


def test_back_off_doubles_up_to_a_bound() -> None:
    back_off = BackOff(first=1.0, most=60.0, rng=random.Random(0))
    waits = [back_off.seconds(failures) for failures in range(1, 12)]
    for failures, wait in enumerate(waits):
        expected = min(60.0, 2.0**failures)
        assert 0.75 * expected <= wait <= 1.25 * expected
    assert back_off.seconds(10**6) <= 75.0


def source(url: str) -> FilmSource:
    found = film_source(url)
    assert found is not None
    return found


QUICK = ReadLimits(open_seconds=3.0, read_seconds=1.0)
SOON = BackOff(first=0.05, most=0.1)


def test_a_stream_that_ends_is_opened_again(http_server) -> None:
    url = http_server.plays_jpegs("/cam", [place(20)], fps=50.0, times=6)
    live = LiveFrames(source(url), every=0.01, limits=QUICK, back_off=SOON)
    until = time.monotonic() + 30
    while live.connection.opened < 3 and time.monotonic() < until:
        live.newest(wait=0.2)
    assert live.connection.opened >= 3
    live.close()


def test_slow_counting_drops_old_frames(http_server) -> None:
    url = http_server.plays_jpegs("/cam", [place(20)], fps=50.0)
    live = LiveFrames(source(url), every=0.01, limits=QUICK, back_off=SOON)
    until = time.monotonic() + 30
    while live.connection.dropped < 5 and time.monotonic() < until:
        time.sleep(0.1)
    first, second = live.newest(wait=1.0), live.newest(wait=1.0)
    assert live.connection.dropped >= 5
    assert first is not None
    assert second is not None
    assert first.seconds < second.seconds
    live.close()
    assert HELD == 2


def test_a_stream_that_stalls_is_opened_again(http_server) -> None:
    http_server.plays_jpegs("/cam", [place(20)], fps=20.0, times=3)
    begins = http_server.answers["/cam"]

    def stalls(handler: Any) -> None:
        begins(handler)
        time.sleep(20)

    http_server.answers["/cam"] = stalls
    live = LiveFrames(source(http_server.url("/cam")), every=0.01, limits=QUICK, back_off=SOON)
    until = time.monotonic() + 30
    while live.connection.opened < 2 and time.monotonic() < until:
        live.newest(wait=0.2)
    live.close()
    assert live.connection.opened >= 2


def test_a_stream_that_changes_its_size_goes_on(http_server) -> None:
    small = np.ascontiguousarray(place(20)[:64, :80])
    url = http_server.plays_jpegs("/cam", [*[place(20)] * 5, *[small] * 5], fps=10.0)
    live = LiveFrames(source(url), every=0.01, limits=QUICK, back_off=SOON)
    shapes: set[tuple[int, ...]] = set()
    until = time.monotonic() + 30
    while len(shapes) < 2 and time.monotonic() < until:
        frame = live.newest(wait=0.5)
        shapes |= set() if frame is None else {frame.pixels.shape}
    live.close()
    assert shapes == {(96, 128, 3), (64, 80, 3)}


def test_rubbish_and_then_pictures(http_server) -> None:
    url = http_server.serves("/cam", np.random.default_rng(0).bytes(5000))
    live = LiveFrames(source(url), every=0.01, limits=QUICK, back_off=SOON)
    until = time.monotonic() + 30
    while live.connection.failures < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert live.connection.error is not None
    http_server.plays_jpegs("/cam", [place(20)], fps=20.0)
    frame = live.newest(wait=30.0)
    live.close()
    assert frame is not None
    assert frame.pixels.shape == (96, 128, 3)
