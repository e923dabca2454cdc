"""An MP4 of what was counted: heat map, zones, the steady number with its range, time and state, at the film's own pace."""

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from uepnet.errors import OutputError
from uepnet.film.moment import Moment
from uepnet.film.words import STATES, clock_time
from uepnet.inference.caption import FAINT, INK, PAPER
from uepnet.inference.heat_scale import HeatScale
from uepnet.inference.overlay import draw_overlay, scale_of
from uepnet.printable import printable
from uepnet.whole_files import whole_file

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

TICKS = 1000
"""Times in the film are in so many parts of a second."""
LONGEST_SIDE = 1280
PAUSED = "#f0b429"


class AnnotatedFilm:
    """Writes STEM.annotated.mp4, whole once it is closed, and closed whatever happens in the `with` block."""

    def __init__(self, stem: Path) -> None:
        self.path = stem.with_name(f"{stem.name}.annotated.mp4")
        self._stack = ExitStack()
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._scale: HeatScale | None = None
        self._last = -1

    def __enter__(self) -> "AnnotatedFilm":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._container is None or self._stream is None:
            return
        from av import FFmpegError

        try:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._stack.close()
        except (OSError, FFmpegError) as failure:
            self._stack.__exit__(type(failure), failure, failure.__traceback__)  # half a film is none
            raise self._refusal(failure) from failure

    def add(self, moment: Moment, picture: UInt8[np.ndarray, "height width 3"]) -> None:
        """One more moment with its frame."""
        import av

        drawing = self._drawn(moment, picture)
        try:
            if self._stream is None:
                self._stream = self._begun(drawing.size)
            frame = av.VideoFrame.from_ndarray(
                np.asarray(_fitted(drawing, (self._stream.width, self._stream.height))), format="rgb24"
            )
            frame.pts = max(self._last + 1, round(moment.seconds * TICKS))
            frame.time_base = Fraction(1, TICKS)
            self._last = frame.pts
            if self._container is not None:
                self._container.mux(self._stream.encode(frame))
        except (OSError, av.FFmpegError) as failure:
            raise self._refusal(failure) from failure

    def _begun(self, size: tuple[int, int]) -> "VideoStream":
        import av

        file = self._stack.enter_context(whole_file(self.path))
        self._container = av.open(file, "w", format="mp4")
        codec: Literal["libx264", "mpeg4"] = "libx264" if "libx264" in av.codecs_available else "mpeg4"
        stream: VideoStream = self._container.add_stream(codec, rate=25)
        factor = min(1.0, LONGEST_SIDE / max(size))
        stream.width, stream.height = (max(2, round(side * factor / 2) * 2) for side in size)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        if codec == "libx264":
            stream.options = {"crf": "24", "preset": "veryfast"}
        return stream

    def _drawn(self, moment: Moment, picture: UInt8[np.ndarray, "height width 3"]) -> Image.Image:
        """The overlay with the steady number instead of the frame's own, below a line with time, source and state."""
        steady = moment.steady()
        if steady is None:
            shown = Image.fromarray(picture).convert("L").convert("RGB")
        else:
            own = scale_of(steady)
            self._scale = own if self._scale is None or own.top > self._scale.top else self._scale
            shown = draw_overlay(picture, steady, scale=self._scale)
        return _with_head(shown, moment)

    def _refusal(self, failure: Exception) -> OutputError:
        said = getattr(failure, "strerror", None) or str(failure)
        return OutputError(f"{self.path}: the film cannot be written ({said}); name another --out")


def _with_head(shown: Image.Image, moment: Moment) -> Image.Image:
    """The drawing below a line of time, source and state."""
    unit = max(10, round(shown.width / 52))
    drawing = Image.new("RGB", (shown.width, shown.height + 3 * unit), PAPER)
    drawing.paste(shown, (0, 3 * unit))
    pen, font = ImageDraw.Draw(drawing), ImageFont.load_default(1.3 * unit)
    when = clock_time(moment.seconds) if moment.date is None else f"{moment.date:%Y-%m-%d %H:%M:%S}"
    pen.text((unit, 1.5 * unit), when, font=font, fill=INK, anchor="lm")
    state = "" if moment.view.state == "ok" else STATES[moment.view.state]
    name = printable(moment.source).rpartition("/")[2][:40]
    pen.text((shown.width - unit, 1.5 * unit), state or name, font=font, fill=PAUSED if state else FAINT, anchor="rm")
    return drawing


def _fitted(drawing: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The drawing in the size of the film, its head at the same place, with paper where its shape is another."""
    factor = min(size[0] / drawing.width, size[1] / drawing.height)
    scaled = drawing.resize((round(drawing.width * factor), round(drawing.height * factor)), Image.Resampling.LANCZOS)
    if scaled.size == size:
        return scaled
    whole = Image.new("RGB", size, PAPER)
    whole.paste(scaled, ((size[0] - scaled.width) // 2, 0))
    return whole
