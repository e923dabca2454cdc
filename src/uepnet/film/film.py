"""A film or stream as frames at their times: upright RGB pixels, no more decoded than is looked at."""

import math
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import UInt8

from uepnet.errors import FilmError, PictureTooLargeError
from uepnet.film.naming import FilmSource
from uepnet.film.opening import ReadLimits, opened
from uepnet.film.timing import Every, FrameClock

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

MOST_DAMAGED = 500
"""Pieces in a row that cannot be decoded, after which a film is given up."""
KEYS_LOOKED_AT = 4
"""Key frames at the beginning of a file whose distance tells whether they are enough."""
LONGEST_LOOK = 3000
"""Pieces of a file that are read to find them."""
LEAST_SIDE_RATIO, MOST_SIDE_RATIO = 0.5, 2.0
"""Width to height of a film's pixels; what lies outside is a mistake of the file and left as it is."""
FRAMES_TO_SPARE = 4
"""Frames in an interval from which some need not be decoded."""
MICROSECONDS = 1e6
"""Of a second, in which a container says its duration."""
USUAL_INTERVAL = 0.04
"""Seconds between frames where a film does not say."""


Skipped = Literal["DEFAULT", "NONREF", "NONKEY"]
"""Which frames the decoder leaves out: none, those that no other refers to, all but key frames."""


@dataclass(frozen=True)
class Frame:
    """One frame and when it was: `seconds` since the beginning of the film."""

    seconds: float
    pixels: UInt8[np.ndarray, "height width 3"]


class Film:
    """The frames of one source, once, every so many seconds; `decoded` counts those that the decoder gave, `damaged` the
    pieces that it could not decode.

    A film's frames have the times that the film gives them. Those of a live source have the time when they came, by `now`:
    many cameras' clocks are wrong, and a stream of JPEGs has none.
    """

    def __init__(
        self,
        source: FilmSource,
        *,
        every: float,
        limits: ReadLimits | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self.damaged = 0
        self.decoded = 0
        self.duration: float | None = None
        """Seconds that the film says it lasts; known while its frames are read."""
        self._every = Every(every)
        self._interval = every
        self._now = now
        self._limits = limits or ReadLimits()

    def frames(self) -> Generator[Frame, None, None]:
        """The frames that are looked at. Raises `FilmError` where there is nothing (more) to read of it that is a film."""
        with opened(self.source, self._limits) as container:
            stream = self._video(container)
            stream.codec_context.skip_frame = self._what_to_skip(container, stream)
            stream.thread_type = "SLICE" if self.source.live else "AUTO"
            start = None if self.source.live else _in_seconds(stream.start_time, stream)
            clock = FrameClock(start=start, interval=1.0 / float(stream.average_rate or 1.0 / USUAL_INTERVAL))
            for frame in self._decoded(container, stream):
                self.decoded += 1
                seconds = clock.seconds(self._now() if self.source.live else frame.time)
                if self._every.wants(seconds):
                    yield Frame(seconds, self._upright(frame, stream))
            if self.decoded == 0:
                raise FilmError(f"{self.source.name}: not one frame of this film could be decoded; play it to see")

    def _video(self, container: "InputContainer") -> "VideoStream":
        if not container.streams.video:
            raise FilmError(f"{self.source.name}: there is no picture in this, only {_kinds(container)}")
        stream = container.streams.video[0]
        self._refuse_too_large(stream.codec_context.width, stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": str(int(self._limits.megapixels * 1e6))}
        return stream

    def _what_to_skip(self, container: "InputContainer", stream: "VideoStream") -> "Skipped":
        """Which frames need no decoding: all but key frames where these come at least twice in an interval of a film, else
        those that no other frame refers to, if several frames come in an interval.
        """
        if not self.source.live:
            self.duration = _duration(container, stream)
        if float(stream.average_rate or 0) * self._interval < FRAMES_TO_SPARE:
            return "DEFAULT"
        if not self.source.live and "://" not in self.source.address:  # a server may not let a film be wound back
            apart = np.diff(_key_times(container, stream))
            container.seek(container.start_time or 0)
            if len(apart) and float(apart.max()) <= self._interval / 2:
                return "NONKEY"
        return "NONREF"

    def _decoded(self, container: "InputContainer", stream: "VideoStream") -> "Iterator[VideoFrame]":
        """All frames that the decoder gives; damaged pieces are counted and passed over."""
        from av import FFmpegError

        in_a_row, frame_at = 0, self._now()
        for packet in container.demux() if self.source.live else container.demux(stream):
            if self.source.live and self._now() - frame_at > self._limits.read_seconds:
                raise FilmError(
                    f"{self.source.name}: no frame came for {self._limits.read_seconds:g} seconds, only sound or what cannot "
                    "be decoded"
                )
            if packet.stream_index != stream.index:
                continue
            try:
                frames = stream.decode(packet)
                in_a_row = 0
            except FFmpegError as error:
                self.damaged, in_a_row = self.damaged + 1, in_a_row + 1
                if in_a_row >= MOST_DAMAGED:
                    raise FilmError(
                        f"{self.source.name}: {in_a_row} pieces in a row cannot be decoded; the film is damaged"
                    ) from error
                continue
            for frame in frames:
                if not frame.is_corrupt:  # as the first ones of a stream that is met between two key frames
                    frame_at = self._now()
                    yield frame

    def _upright(self, frame: "VideoFrame", stream: "VideoStream") -> UInt8[np.ndarray, "height width 3"]:
        """RGB in square pixels, turned as the file says."""
        self._refuse_too_large(frame.width, frame.height)
        ratio = float(stream.sample_aspect_ratio or 1.0)
        width = round(frame.width * ratio) if LEAST_SIDE_RATIO <= ratio <= MOST_SIDE_RATIO else frame.width
        pixels = frame.to_ndarray(format="rgb24", width=width, height=frame.height)
        return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90)))

    def _refuse_too_large(self, width: int, height: int) -> None:
        if width * height > self._limits.megapixels * 1e6:
            raise PictureTooLargeError(
                f"{self.source.name}: frames of {width} x {height} = {width * height / 1e6:.1f} megapixels, the limit is "
                f"{self._limits.megapixels:g}; raise --max-megapixels"
            )


def _duration(container: "InputContainer", stream: "VideoStream") -> float | None:
    """What the film says, in seconds; a claim and no more."""
    said = _in_seconds(stream.duration, stream)
    if said is None and container.duration is not None:
        said = container.duration / MICROSECONDS
    return said if said is not None and 0 < said < math.inf else None


def _in_seconds(ticks: int | None, stream: "VideoStream") -> float | None:
    """A time by a stream's own clock."""
    return None if ticks is None or stream.time_base is None else float(ticks * stream.time_base)


def _key_times(container: "InputContainer", stream: "VideoStream") -> list[float]:
    """When the first key frames are."""
    found: list[float] = []
    for number, packet in enumerate(container.demux(stream)):
        if packet.is_keyframe and packet.pts is not None:
            found.append(float(packet.pts * packet.time_base))
        if len(found) >= KEYS_LOOKED_AT or number >= LONGEST_LOOK:
            break
    return found


def _kinds(container: "InputContainer") -> str:
    kinds = sorted({stream.type for stream in container.streams})
    return ", ".join(kinds) or "nothing"
