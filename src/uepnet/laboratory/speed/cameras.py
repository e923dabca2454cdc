"""Frames counted a second against the number of cameras that one process watches with one model."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from pydantic import JsonValue

from uepnet.film.counting import FilmCounter
from uepnet.film.film import Film, Frame
from uepnet.film.naming import FilmSource
from uepnet.inference.counter import Counter
from uepnet.monitoring.live_frames import Connection
from uepnet.monitoring.messages import Message
from uepnet.monitoring.watch import Watch, WatchedCamera
from uepnet.scenes.example import draw_example

CAMERAS = (1, 2, 4, 8)
SIZE = (640, 480)
FPS = 25
CLIP_SECONDS = 4
SECONDS, WARMING = 15.0, 2.0
"""That are measured, and that pass before."""


class PacedFilm:
    """A film shown without end at its own pace, every frame decoded, the newest kept: what a network camera does."""

    def __init__(self, path: Path) -> None:
        self._source = FilmSource(str(path), path.name, live=False)
        self._newest: Frame | None = None
        self._closed = threading.Event()
        self._begin = time.monotonic()
        self.shown = 0
        self._thread = threading.Thread(target=self._show, daemon=True)
        self._thread.start()

    @property
    def connection(self) -> Connection:
        """Always there."""
        return Connection(error=None)

    def newest(self, *, wait: float) -> Frame | None:  # noqa: ARG002  # as `Frames` has it; a new frame is never far
        """The newest frame, if it was not taken yet."""
        frame, self._newest = self._newest, None
        return frame

    def close(self) -> None:
        """Show no more."""
        self._closed.set()
        self._thread.join()

    def _show(self) -> None:
        played = 0.0
        while not self._closed.is_set():
            for frame in Film(self._source, every=1 / FPS).frames():
                late = time.monotonic() - self._begin - played - frame.seconds
                if self._closed.wait(max(0.0, -late)):
                    return
                self._newest = Frame(time.monotonic() - self._begin, frame.pixels)
                self.shown += 1
            played += CLIP_SECONDS


def measure_cameras(*, quick: bool, on_step: Callable[[str], None] = lambda _: None) -> list[dict[str, JsonValue]]:
    """A record for each number of cameras: how many frames a second one process decodes, counts and smooths of them.

    Each camera is a film in H.264 of the example picture with noise at 25 frames a second; the model counts as many frames
    as it can, always the newest, and all counts are judged as `uepnet watch` does it.
    """
    counter = Counter(device="cpu")
    records: list[dict[str, JsonValue]] = []
    with _clip() as clip:
        for cameras in CAMERAS[: 2 if quick else None]:
            on_step(f"{cameras} cameras")
            counted, seconds = _watched(clip, counter, cameras, seconds=1.0 if quick else SECONDS)
            records.append(
                {
                    "part": "cameras",
                    "name": f"{cameras} camera{'s' if cameras > 1 else ''}",
                    "cameras": cameras,
                    "frames_per_second": counted / seconds,
                    "per_camera": counted / seconds / cameras,
                    "seconds": seconds / max(1, counted),
                    "note": f"{SIZE[0]} x {SIZE[1]}, H.264, {FPS} frames a second, all decoded",
                }
            )
    return records


def _watched(clip: Path, counter: Counter, cameras: int, *, seconds: float) -> tuple[int, float]:
    """Frames counted, and the seconds that it took."""
    counted = 0

    def say(message: Message) -> None:
        nonlocal counted
        counted += message["event"] == "count"

    watch = Watch([_camera(clip, counter, number) for number in range(cameras)], say, heartbeat=60.0, every=1.0)
    with closing(watch):
        warm_at = time.monotonic() + WARMING
        watch.run(until=lambda: time.monotonic() >= warm_at)
        counted, begin = 0, time.monotonic()
        watch.run(until=lambda: time.monotonic() - begin >= seconds)
        return counted, time.monotonic() - begin


def _camera(clip: Path, counter: Counter, number: int) -> WatchedCamera:
    counting = FilmCounter(
        lambda pixels, name: counter.count(pixels, name=name),
        source=f"camera {number}",
        model=counter.description.name,
        calibration=counter.calibration,
        fixed=False,
    )
    return WatchedCamera(f"camera {number}", PacedFilm(clip), counting)


@contextmanager
def _clip() -> Iterator[Path]:
    """The example picture as a film, with the noise of a camera."""
    import av
    from PIL import Image

    still: UInt8[np.ndarray, "height width 3"] = np.asarray(Image.fromarray(draw_example().pixels).resize(SIZE))
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(path, "w") as film:
            stream = film.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "g": "50", "bf": "0"})
            stream.width, stream.height = SIZE
            stream.pix_fmt = "yuv420p"
            for _ in range(FPS * CLIP_SECONDS):
                noisy = np.clip(still + rng.normal(0, 3, still.shape), 0, 255).astype(np.uint8)
                film.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")))
            film.mux(stream.encode())
        yield path
