"""The TOML file of `uepnet watch`: cameras, their alerts, and where messages go (docs/cameras-live.md shows one)."""

import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator

from uepnet.errors import ConfigError
from uepnet.film.naming import FilmSource, film_source
from uepnet.frozen import Frozen
from uepnet.monitoring.alerts import AlertRule
from uepnet.wrong_values import first_problem

LARGEST_FILE = 1_000_000
"""Bytes."""
FROM_ENVIRONMENT = "env:"


def _from_environment(text: str) -> str:
    """The text, or the environment's variable that `env:NAME` names: addresses with passwords belong in no file."""
    if not text.startswith(FROM_ENVIRONMENT):
        return text
    name = text.removeprefix(FROM_ENVIRONMENT)
    if not os.environ.get(name):
        raise ValueError(f"the environment has no {name}; set it, or write the address here")
    return os.environ[name]


Secret = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_from_environment)]


class CameraSettings(Frozen):
    """One camera; file names are relative to the TOML file."""

    name: str = Field(min_length=1, max_length=100)
    source: Secret
    zones: Path | None = None
    correction: Path | None = None
    """From `uepnet calibrate`."""
    fixed: bool | None = None
    """Whether it always shows one place, so that another view is not counted; by default, if it has zones or a correction."""
    alert: tuple[AlertRule, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _refuse_what_is_no_camera(self) -> "CameraSettings":
        if not self.name.isprintable() or not self.name.strip():
            raise ValueError(f"a name is letters, digits and signs on one line, not {self.name!a}")
        source = film_source(self.source)
        if source is None or not source.live:
            raise ValueError(f"camera {self.name!r}: the source is no camera's address and not camera:0")
        if self.zones is None and any(alert.zone is not None for alert in self.alert):
            raise ValueError(f"camera {self.name!r}: an alert names a zone, but there is no zones = 'FILE'")
        return self

    def film_source(self) -> FilmSource:
        """What its frames are read from."""
        source = film_source(self.source)
        if source is None:
            raise ValueError(f"{self.name!r} has no source")
        return source


class SendSettings(Frozen):
    """Where messages go; with `counts` every count too, not alerts and heartbeats alone."""

    webhook: Secret | None = None
    mqtt: Secret | None = None
    """mqtt://USER:PASSWORD@HOST:PORT/TOPIC, or mqtts:// with encryption."""
    counts: bool = False


class WatchSettings(Frozen):
    """All that the file says."""

    every: float = Field(1.0, gt=0, le=3600)
    """Seconds from one counted frame of a camera to the next."""
    heartbeat: float = Field(60.0, ge=1, le=86400)
    """Seconds from one sign of life to the next."""
    send: SendSettings = SendSettings()
    camera: tuple[CameraSettings, ...] = Field(min_length=1, max_length=64)

    @model_validator(mode="after")
    def _refuse_one_name_twice(self) -> "WatchSettings":
        names = [camera.name.lower() for camera in self.camera]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise ValueError(f"two cameras are called {repeated!r}; give each a name of its own")
        return self


def read_cameras(path: Path) -> WatchSettings:
    """The settings in a TOML file; `ConfigError` says what is wrong with it."""
    try:
        if not path.is_file():
            raise ConfigError(f"{path}: there is no such file; docs/cameras-live.md shows one")
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"{path}: a file of cameras has at most {LARGEST_FILE:,} bytes, this one has more")
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: the file cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(f"{path}: this is no TOML ({error})") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: this is no TOML of cameras: it is nested too deep") from error
    try:
        settings = WatchSettings.model_validate(content)
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error, whole='the file', first=1)}") from error
    return settings.model_copy(update={"camera": tuple(_beside(path, camera) for camera in settings.camera)})


def _beside(path: Path, camera: CameraSettings) -> CameraSettings:
    files = {name: getattr(camera, name) for name in ("zones", "correction")}
    return camera.model_copy(
        update={name: None if file is None else path.parent / file for name, file in files.items()}
    )
