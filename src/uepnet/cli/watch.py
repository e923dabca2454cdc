"""`uepnet watch`: several cameras live, with alerts, on a terminal or for programs."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import Device, MaxMegapixels, ModelName
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.cli.adjusted import Adjusted
    from uepnet.film.counting import FilmCounter
    from uepnet.inference.counter import Counter
    from uepnet.monitoring.alerts import AlertRule
    from uepnet.monitoring.cameras_file import CameraSettings, SendSettings, WatchSettings
    from uepnet.monitoring.messages import Message
    from uepnet.monitoring.outbox import Outbox
    from uepnet.monitoring.watch import WatchedCamera

GOODBYE = 10.0
"""Seconds that messages which wait are given at the end."""


def watch(
    cameras: Annotated[
        list[str],
        typer.Argument(metavar="CAMERAS...", help="a .toml file of cameras (docs/cameras-live.md), or addresses"),
    ],
    *,
    out: Annotated[Path | None, typer.Option(help="folder for a timeline per camera and day")] = None,
    model: ModelName = DEFAULT_MODEL,
    every: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="count each camera so often; 1 by default")
    ] = None,
    at_most: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", help="stop after so many seconds")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="every count and message, one JSON object a line")] = False,
    device: Device = "auto",
    max_megapixels: MaxMegapixels = 64.0,
) -> None:
    """Watch cameras live with one model: alerts, webhook, MQTT, a timeline a day. Ctrl-C or SIGTERM ends it in order."""
    from uepnet.cli.interruption import stop_when_asked
    from uepnet.cli.watch_table import watch_table
    from uepnet.inference.counter import Counter
    from uepnet.monitoring.watch import Watch

    settings = _settings(cameras, every=every)
    counter = Counter(model, device=device, max_megapixels=max_megapixels)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stopped = stack.enter_context(stop_when_asked())
        outboxes = _outboxes(settings.send)
        for outbox in outboxes:
            stack.callback(outbox.close, wait=GOODBYE)
        watched = _watched(settings, counter, model=model, out=out)
        show = stack.enter_context(watch_table(shown=not as_json))
        watching = Watch(
            watched, _sayer(outboxes, as_json=as_json, counts=settings.send.counts),
            heartbeat=settings.heartbeat, every=settings.every,
        )  # fmt: skip
        stack.callback(watching.close)
        watching.unsent = lambda: sum(outbox.lost for outbox in outboxes)
        begin = time.monotonic()

        def over() -> bool:
            show(watching.now())
            return stopped() or (at_most is not None and time.monotonic() - begin >= at_most)

        watching.run(until=over)
        if not stopped():
            _expect_a_frame(watched)


def _expect_a_frame(watched: "Sequence[WatchedCamera]") -> None:
    """`FilmError` where the time is over and no camera has ever shown anything: that is no watching."""
    from uepnet.errors import FilmError

    if all(camera.seen_at is None for camera in watched):
        reasons = "; ".join(f"{camera.name}: {camera.frames.connection.error}" for camera in watched)
        raise FilmError(f"no camera gave a frame in all the time that --for allows ({reasons}); see to their addresses")


def _settings(cameras: Sequence[str], *, every: float | None) -> "WatchSettings":
    """From a file, or from addresses, which are then the cameras' names."""
    from uepnet.film.naming import film_source, shown
    from uepnet.monitoring.cameras_file import CameraSettings, WatchSettings, read_cameras

    if every is not None and not 0 < every <= 3600:
        raise typer.BadParameter(f"this is more than 0 and at most 3600, not {every:g}", param_hint="--every")
    if len(cameras) == 1 and cameras[0].endswith(".toml"):
        settings = read_cameras(Path(cameras[0]))
    else:
        named: list[CameraSettings] = []
        for address in cameras:
            source = film_source(address)
            if source is None or not source.live:
                raise typer.BadParameter(
                    f"{printable(shown(address) if '://' in address else address)} is no camera's address and not camera:0; a single .toml file names cameras, "
                    "and films are counted by `uepnet count`",
                    param_hint="CAMERAS",
                )
            taken = [camera.name for camera in named]
            name = source.name if source.name not in taken else f"{source.name} {len(taken) + 1}"
            named.append(CameraSettings(name=name[-100:], source=address))
        settings = WatchSettings(camera=tuple(named))
    return settings if every is None else settings.model_copy(update={"every": every})


def _watched(settings: "WatchSettings", counter: "Counter", *, model: str, out: Path | None) -> "list[WatchedCamera]":
    """The cameras with all that belongs to them, their streams being opened."""
    from uepnet.film.opening import ReadLimits
    from uepnet.inference.output_names import output_names
    from uepnet.monitoring.alerts import Alert
    from uepnet.monitoring.day_files import DayFiles
    from uepnet.monitoring.live_frames import LiveFrames
    from uepnet.monitoring.watch import WatchedCamera

    stems = output_names([f"{camera.name.replace('/', '_')}.camera" for camera in settings.camera])
    parts = [_counting(camera, counter, model=model) for camera in settings.camera]
    limits = ReadLimits(megapixels=counter.max_megapixels)
    watched = []
    for camera, stem, counting in zip(settings.camera, stems, parts, strict=True):
        files = None if out is None else DayFiles(out / stem, zones=camera.zones is not None)
        frames = LiveFrames(camera.film_source(), every=settings.every, limits=limits)
        alerts = [Alert(rule) for rule in camera.alert]
        watched.append(WatchedCamera(camera.name, frames, counting, alerts=alerts, files=files))
    return watched


def _counting(camera: "CameraSettings", counter: "Counter", *, model: str) -> "FilmCounter":
    from uepnet.cli.adjusted import adjusted_by
    from uepnet.film.counting import FilmCounter

    adjusted = adjusted_by(counter, zones=camera.zones, camera=camera.correction, model=model)
    for rule in camera.alert:
        _refuse_what_cannot_be_told(rule, adjusted, camera)
    return FilmCounter(
        lambda pixels, name: adjusted(counter.count(pixels, name=name)),
        source=camera.name,
        model=counter.description.name,
        calibration=counter.calibration,
        fixed=adjusted.fixed if camera.fixed is None else camera.fixed,
    )


def _refuse_what_cannot_be_told(rule: "AlertRule", adjusted: "Adjusted", camera: "CameraSettings") -> None:
    """An alert that would never come is worse than none."""
    from uepnet.errors import ConfigError

    about = f"camera {camera.name!r}: the alert {rule.label()!r}"
    if rule.by != "count" and adjusted.counter.calibration is None:
        raise ConfigError(f"{about} is by the range, but the model has none; take by = 'count'")
    plan = adjusted.plan
    if rule.zone is None or plan is None:
        return
    zone = next((zone for zone in plan.zones if zone.name == rule.zone), None)
    if zone is None:
        names = ", ".join(zone.name for zone in plan.zones)
        raise ConfigError(f"{about} is about the zone {rule.zone!r}, but {camera.zones} has {names}")
    if rule.measure == "density" and zone.area_m2 is None and plan.ground is None:
        raise ConfigError(f"{about} needs the square metres of that zone; give its area_m2, or the ground's points")
    if rule.measure == "capacity" and zone.people_limit is None and zone.density_limit is None:
        raise ConfigError(f"{about} needs a limit of that zone; give its people_limit or density_limit")


def _outboxes(send: "SendSettings") -> "list[Outbox]":
    """One for each place that messages go to."""
    from uepnet.monitoring.outbox import Outbox

    outboxes = []
    if send.webhook is not None:
        from uepnet.monitoring.webhook import Webhook

        outboxes.append(Outbox(Webhook(send.webhook), on_trouble=_warn))
    if send.mqtt is not None:
        from uepnet.monitoring.mqtt import Mqtt

        outboxes.append(Outbox(Mqtt(send.mqtt), on_trouble=_warn))
    return outboxes


def _sayer(outboxes: "Sequence[Outbox]", *, as_json: bool, counts: bool) -> "Callable[[Message], None]":
    """What is done with each message: shown on stdout, and sent where it is to go."""
    from uepnet.monitoring.messages import in_words

    def say(message: "Message") -> None:
        words = json.dumps(message) if as_json else in_words(message)
        if words is not None:
            print(words if as_json else printable(words), flush=True)
        if counts or message["event"] != "count":
            for outbox in outboxes:
                outbox.put(message)

    return say


def _warn(sentence: str) -> None:
    print(printable(f"uepnet: warning: {sentence}; it is tried again"), file=sys.stderr)
