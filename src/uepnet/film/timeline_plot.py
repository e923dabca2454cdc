"""The timeline of a film as a picture: the counts as dots, the steady line in its range, limits, and when nothing was counted."""

import io
import math
from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from uepnet.errors import OutputError
from uepnet.film.moment import Moment
from uepnet.film.timeline import timeline_path
from uepnet.film.views import State
from uepnet.film.words import clock_time
from uepnet.printable import printable
from uepnet.whole_files import write_whole

WIDTH, PANEL, HEAD, FOOT, LEFT, RIGHT = 1200, 300, 70, 56, 84, 40
FINER = 2
"""The picture is drawn so many times larger and then reduced, which makes its lines smooth."""
MOST_PANELS = 7
INK, FAINT, GRID, DOT, LINE, RANGE, LIMIT, AWAY = (
    *("#1b1d23", "#6b7078", "#e3e5e9", "#9aa0aa", "#b3124e", "#f3ccd9", "#c2410c", "#eceef1"),
)
NO_COUNT = {"dark": "dark", "covered": "lens covered", "frozen": "picture stands", "moved": "camera moved"}
NAN = math.nan


@dataclass
class Track:
    """The numbers of one part of the picture over time, gaps as NaN; 8 bytes a number are kept."""

    name: str
    limit: float | None = None
    counts: "array[float]" = field(default_factory=lambda: array("d"))
    smooth: "array[float]" = field(default_factory=lambda: array("d"))
    low: "array[float]" = field(default_factory=lambda: array("d"))
    high: "array[float]" = field(default_factory=lambda: array("d"))

    def highest(self) -> float:
        """The largest number that is drawn."""
        several = (self.counts, self.high, self.smooth, [NAN if self.limit is None else self.limit])
        return max((value for values in several for value in values if not math.isnan(value)), default=0.0)


class TimelinePlot:
    """Gathers moments and draws them: the whole picture in the first panel, each zone in one of its own."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._seconds = array("d")
        self._states: list[State] = []
        self._tracks = {"": Track("")}

    def add(self, moment: Moment) -> None:
        """One more moment."""
        self._seconds.append(moment.seconds)
        self._states.append(moment.view.state)
        result, smooth = moment.result, moment.smooth
        if result is not None and smooth is not None:
            self._append("", None, (result.count, smooth.count, smooth.low, smooth.high))
            for zone, steady in zip(result.zones, moment.zones, strict=True):
                self._append(zone.name, zone.limit, (zone.count, steady.count, steady.low, steady.high))
        for track in self._tracks.values():
            _fill(track, len(self._seconds))

    def _append(self, name: str, limit: float | None, numbers: tuple[float | None, ...]) -> None:
        track = self._tracks.setdefault(name, Track(name))
        track.limit = limit
        _fill(track, len(self._seconds) - 1)
        for values, number in zip((track.counts, track.smooth, track.low, track.high), numbers, strict=True):
            values.append(NAN if number is None else number)

    def draw(self) -> Image.Image:
        """The picture; of more than six zones the first six have panels."""
        tracks = list(self._tracks.values())[:MOST_PANELS]
        size = (WIDTH * FINER, (HEAD + PANEL * len(tracks) + FOOT) * FINER)
        picture = Image.new("RGB", size, "#ffffff")
        pen = _Pen(ImageDraw.Draw(picture))
        pen.text((LEFT, 32), printable(self._title)[:110], size=21)
        pen.text((LEFT, 54), "dots: each frame; line: smoothed; band: its range", size=13, fill=FAINT)
        for number, track in enumerate(tracks):
            self._panel(pen, track, top=HEAD + PANEL * number)
        self._time_axis(pen, top=HEAD + PANEL * len(tracks))
        return picture.resize((WIDTH, size[1] // FINER), Image.Resampling.LANCZOS)

    def save(self, stem: Path) -> Path:
        """Write STEM.timeline.png, whole or not at all; `OutputError` where it cannot be written."""
        path = timeline_path(stem, ".png")
        content = io.BytesIO()
        self.draw().save(content, format="PNG", optimize=True)
        try:
            write_whole(path, content.getvalue())
        except OSError as error:
            raise OutputError(f"{path}: the plot cannot be written ({error.strerror}); name another --out") from error
        return path

    def _x(self, seconds: float) -> float:
        first, last = self._span()
        return LEFT + (seconds - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def _span(self) -> tuple[float, float]:
        if not self._seconds:
            return 0.0, 1.0
        return self._seconds[0], max(self._seconds[-1], self._seconds[0] + 1.0)

    def _panel(self, pen: "_Pen", track: Track, *, top: float) -> None:
        base, height = top + PANEL - 16, PANEL - 46
        step = round_step(max(track.highest() * 1.06, 4.0), wanted=4)
        most = step * math.ceil(max(track.highest() * 1.06, 4.0) / step)

        def at(index: int, value: float) -> tuple[float, float]:
            return self._x(self._seconds[index]), base - value / most * height

        self._away(pen, top=base - height, base=base)
        for tick in range(round(most / step) + 1):
            y = base - tick * step / most * height
            pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill=GRID, width=1)
            pen.text((LEFT - 10, y), f"{tick * step:,.0f}", size=13, fill=FAINT, anchor="rm")
        for run in _runs(track.smooth):
            if not math.isnan(track.low[run[0]]):
                edge = [at(i, track.high[i]) for i in run] + [at(i, track.low[i]) for i in reversed(run)]
                pen.polygon(edge, fill=RANGE)
        for index, value in enumerate(track.counts):
            if not math.isnan(value):
                pen.dot(at(index, value), fill=DOT)
        for run in _runs(track.smooth):
            pen.line([at(i, track.smooth[i]) for i in run], fill=LINE, width=2.4)
        if track.limit is not None:
            y = base - track.limit / most * height
            pen.line([(LEFT, y), (WIDTH - RIGHT, y)], fill=LIMIT, width=1.5)
            pen.text((WIDTH - RIGHT, y - 9), f"limit {int(track.limit):,}", size=13, fill=LIMIT, anchor="rm")
        name = f"people in {printable(track.name)[:60]}" if track.name else "people"
        pen.text((LEFT, top + 20), name, size=14, fill=INK)

    def _away(self, pen: "_Pen", *, top: float, base: float) -> None:
        """Grey where nothing was counted, with the reason where there is room for it."""
        for begin, end in _spans(self._states):
            state = self._states[begin]
            if state == "ok":
                continue
            last = self._seconds[min(end, len(self._seconds) - 1)]
            left, right = self._x(self._seconds[begin]), max(self._x(last), self._x(self._seconds[begin]) + 2)
            pen.polygon([(left, top), (right, top), (right, base), (left, base)], fill=AWAY)
            if right - left > pen.length(NO_COUNT[state], 12) + 8:
                pen.text(((left + right) / 2, top + 12), NO_COUNT[state], size=12, fill=FAINT, anchor="mm")

    def _time_axis(self, pen: "_Pen", *, top: float) -> None:
        first, last = self._span()
        step = time_step(last - first)
        tick = math.ceil(first / step) * step
        while tick <= last:
            pen.text((self._x(tick), top + 4), clock_time(tick), size=13, fill=FAINT, anchor="mm")
            tick += step
        pen.text(((LEFT + WIDTH - RIGHT) / 2, top + 32), "time since the beginning", size=13, fill=FAINT, anchor="mm")


class _Pen:
    """Draws in the units of the finished picture."""

    def __init__(self, pen: ImageDraw.ImageDraw) -> None:
        self._pen = pen

    def text(self, at: tuple[float, float], text: str, *, size: float, fill: str = INK, anchor: str = "lm") -> None:
        """Words."""
        font = ImageFont.load_default(size * FINER)
        self._pen.text((at[0] * FINER, at[1] * FINER), text, font=font, fill=fill, anchor=anchor)

    def length(self, text: str, size: float) -> float:
        """The width of words."""
        return ImageFont.load_default(size * FINER).getlength(text) / FINER

    def line(self, points: list[tuple[float, float]], *, fill: str, width: float) -> None:
        """A line through points; of one point a dot."""
        if len(points) == 1:
            self.dot(points[0], fill=fill)
        self._pen.line(_larger(points), fill=fill, width=round(width * FINER), joint="curve")

    def polygon(self, points: list[tuple[float, float]], *, fill: str) -> None:
        """A filled outline."""
        self._pen.polygon(_larger(points), fill=fill)

    def dot(self, at: tuple[float, float], *, fill: str) -> None:
        """A small disc."""
        x, y, radius = at[0] * FINER, at[1] * FINER, 2.0 * FINER
        self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def round_step(most: float, *, wanted: int) -> float:
    """A round distance of about `wanted` lines up to `most`.

    >>> round_step(95.0, wanted=4), round_step(3.0, wanted=4)
    (20.0, 1.0)
    """
    rough = most / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    return max(1.0, min((1.0, 2.0, 5.0, 10.0), key=lambda step: abs(step * power - rough)) * power)


def time_step(seconds: float) -> float:
    """A round distance in time of at most eight marks over so many seconds.

    >>> time_step(60.0), time_step(3600.0)
    (10.0, 600.0)
    """
    steps = (
        1.0,
        2.0,
        5.0,
        10.0,
        15.0,
        30.0,
        60.0,
        120.0,
        300.0,
        600.0,
        900.0,
        1800.0,
        3600.0,
        7200.0,
        21600.0,
        86400.0,
    )
    return next((step for step in steps if seconds / step <= 8), 86400.0 * math.ceil(seconds / 86400.0 / 8))


def _larger(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * FINER, y * FINER) for x, y in points]


def _fill(track: Track, length: int) -> None:
    """Gaps up to a length."""
    for values in (track.counts, track.smooth, track.low, track.high):
        values.extend([NAN] * (length - len(values)))


def _runs(values: "array[float]") -> list[range]:
    """The stretches without gaps."""
    edges = [index for index in range(len(values) + 1) if index == len(values) or math.isnan(values[index])]
    starts = [0, *(edge + 1 for edge in edges)]
    return [range(start, edge) for start, edge in zip(starts, edges, strict=False) if edge > start]


def _spans(states: list[State]) -> list[tuple[int, int]]:
    """Where each stretch of one state begins and the next one does."""
    changes = [0, *(index for index in range(1, len(states)) if states[index] != states[index - 1]), len(states)]
    return list(pairwise(changes)) if states else []
