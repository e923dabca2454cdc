"""The films and the camera of `uepnet count`: frame by frame, with a timeline, a plot and an annotated film."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from uepnet.cli.adjusted import Adjusted
from uepnet.cli.interruption import stop_when_asked
from uepnet.errors import FilmError, UepnetError
from uepnet.film.words import STATES, clock_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from uepnet.cli.count_outcome import Outcomes
    from uepnet.film.film import Film, Frame
    from uepnet.film.moment import Moment
    from uepnet.film.naming import FilmSource
    from uepnet.film.opening import ReadLimits
    from uepnet.film.smoothing import Smoothed

SHORTER = 0.9
"""A film that ends before this share of what it says it lasts is called cut short."""


@dataclass(frozen=True)
class FilmWishes:
    """How films are counted: a frame every so many seconds, for at most so many, with files where `out` says."""

    every: float
    at_most: float | None
    out: Path | None
    overlay: bool
    bar: bool


@dataclass
class FilmRow:
    """What the table needs of a film, gathered moment by moment."""

    source: str
    length: float = 0.0
    frames: int = 0
    counted: int = 0
    total: float = 0.0
    peak: "Smoothed | None" = None
    peak_at: float = 0.0
    states: dict[str, float] = field(default_factory=dict)
    """When each state other than `ok` was first met."""

    def add(self, moment: "Moment") -> None:
        """One more moment."""
        self.frames, self.length = self.frames + 1, moment.seconds
        if moment.view.state != "ok":
            self.states.setdefault(moment.view.state, moment.seconds)
        if moment.smooth is None:
            return
        self.counted, self.total = self.counted + 1, self.total + moment.smooth.count
        if self.peak is None or moment.smooth.count > self.peak.count:
            self.peak, self.peak_at = moment.smooth, moment.seconds


def count_films(
    films: "Sequence[FilmSource]", adjusted: Adjusted, wishes: FilmWishes, *, outcomes: "Outcomes", rows: list[FilmRow]
) -> None:
    """Count films one after the other; `rows` has those of which anything was counted."""
    from uepnet.inference.output_names import output_names

    with stop_when_asked() as stopped:
        for source, name in zip(films, output_names([film.name for film in films]), strict=True):
            row = FilmRow(source.name)
            moments = _moments(source, adjusted, wishes, stem=None if wishes.out is None else wishes.out / name,
                               outcomes=outcomes, stopped=stopped)  # fmt: skip
            try:
                with closing(moments):
                    for moment in moments:
                        row.add(moment)
            except UepnetError as error:
                outcomes.failure(source.name, error)
            finally:
                if row.frames:
                    rows.append(row)
                for state, seconds in row.states.items():
                    outcomes.warn(f"{source.name}: at {clock_time(seconds)} {STATES[state]}")
            if stopped():
                raise KeyboardInterrupt


def _moments(
    source: "FilmSource",
    adjusted: Adjusted,
    wishes: FilmWishes,
    *,
    stem: Path | None,
    outcomes: "Outcomes",
    stopped: "Callable[[], bool]",
) -> "Generator[Moment, None, None]":
    """The moments of one film, written as they come; the files are complete however it ends."""
    from uepnet.film.counting import FilmCounter
    from uepnet.film.opening import ReadLimits

    counter = adjusted.counter
    counting = FilmCounter(
        lambda pixels, name: adjusted(counter.count(pixels, name=name)),
        source=source.name,
        model=counter.description.name,
        calibration=counter.calibration,
        fixed=adjusted.fixed,
    )
    limits = ReadLimits(megapixels=counter.max_megapixels)
    with (
        _bar(source, wishes) as show,
        closing(_frames(source, wishes, limits, outcomes.warn)) as frames,
        ExitStack() as files,
    ):
        begun = list(islice(frames, 1))  # a film that cannot be read leaves no files, and replaces none
        write = files.enter_context(_files(stem, source, adjusted, wishes))
        for frame, of in chain(begun, frames):
            if frame is not None:
                moment = counting.moment(frame, date=_date(source))
                write(moment, frame)
                outcomes.counted(moment.as_json())
                yield moment
                show(moment, of)
            if stopped():
                return


def _date(source: "FilmSource") -> datetime | None:
    """The time of day, of what is live."""
    return datetime.now(UTC) if source.live else None


def _frames(
    source: "FilmSource", wishes: FilmWishes, limits: "ReadLimits", warn: "Callable[[str], None]"
) -> "Generator[tuple[Frame | None, float | None], None, None]":
    """The frames to count, None while there is none, and how long the film says it is."""
    from uepnet.film.film import Film

    if source.live:
        yield from _live_frames(source, wishes, limits, warn)
        return
    film = Film(source, every=wishes.every, limits=limits)
    last = 0.0
    with closing(film.frames()) as frames:
        for frame in frames:
            if wishes.at_most is not None and frame.seconds > wishes.at_most:
                return
            last = frame.seconds
            yield frame, film.duration if wishes.at_most is None else wishes.at_most
    _say_damage(film, last, every=wishes.every, warn=warn)


def _live_frames(
    source: "FilmSource", wishes: FilmWishes, limits: "ReadLimits", warn: "Callable[[str], None]"
) -> "Generator[tuple[Frame | None, float | None], None, None]":
    """The newest frames of a camera until it is interrupted or the time is over; what keeps them away is said once.

    Raises `FilmError` for one that cannot be opened the first time: its address is wrong more often than not.
    """
    from uepnet.monitoring.live_frames import LiveFrames

    begin = time.monotonic()
    said: str | None = None
    with closing(LiveFrames(source, every=wishes.every, limits=limits)) as live:
        while wishes.at_most is None or time.monotonic() - begin < wishes.at_most:
            frame = live.newest(wait=0.5)
            connection = live.connection
            error = connection.error if connection.failures else None
            if error is not None and connection.opened == 0:
                raise FilmError(error)
            if error is not None and error != said:
                warn(f"{error}; it is tried again")
            said = error
            yield frame, wishes.at_most


def _say_damage(film: "Film", last: float, *, every: float, warn: "Callable[[str], None]") -> None:
    """What of a film could not be counted because it is not there."""
    if film.damaged:
        warn(f"{film.source.name}: {film.damaged} pieces of the film are damaged and were passed over")
    if film.duration is not None and last + every < SHORTER * film.duration:
        warn(
            f"{film.source.name}: the film ends after {clock_time(last)}, though it says it lasts "
            f"{clock_time(film.duration)}; it is cut short or damaged"
        )


@contextmanager
def _files(
    stem: Path | None, source: "FilmSource", adjusted: Adjusted, wishes: FilmWishes
) -> "Iterator[Callable[[Moment, Frame], None]]":
    """What to call with each moment and its frame; timeline, plot and annotated film are complete afterwards."""
    from uepnet.film.annotated import AnnotatedFilm
    from uepnet.film.timeline import Timeline
    from uepnet.film.timeline_plot import TimelinePlot

    if stem is None:
        yield lambda _moment, _frame: None
        return
    plot = TimelinePlot(source.name)
    try:
        with ExitStack() as stack:
            timeline = stack.enter_context(Timeline(stem, zones=adjusted.plan is not None))
            drawn = stack.enter_context(AnnotatedFilm(stem)) if wishes.overlay else None

            def write(moment: "Moment", frame: "Frame") -> None:
                timeline.add(moment)
                plot.add(moment)
                if drawn is not None:
                    drawn.add(moment, frame.pixels)

            yield write
    finally:
        plot.save(stem)


@contextmanager
def _bar(source: "FilmSource", wishes: FilmWishes) -> "Iterator[Callable[[Moment, float | None], None]]":
    """A bar on stderr with the people now and the time left, which vanishes; none where stderr is no terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from uepnet.printable import printable

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn())
    hidden = not (wishes.bar and console.is_terminal)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, disable=hidden) as bars:
        name = escape(printable(source.name).rpartition("/")[2])
        task = bars.add_task(name, total=wishes.at_most, at="")

        def show(moment: "Moment", of: float | None) -> None:
            people = STATES[moment.view.state] if moment.smooth is None else f"{moment.smooth.count:,.0f} people"
            bars.update(
                task, completed=moment.seconds, total=of, at=clock_time(moment.seconds), description=f"{name}: {people}"
            )

        yield show
