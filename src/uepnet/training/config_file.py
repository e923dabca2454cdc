"""The settings of a training read from TOML, and changed by `a.b=c` on the command line."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from uepnet.errors import ConfigError
from uepnet.training.config import TrainingConfig
from uepnet.training.settings import nearest
from uepnet.wrong_values import dotted, problem_in_words

PRESETS = Path(__file__).parents[1] / "bundled" / "presets"


def find_config(name: str) -> Path:
    """The file of a configuration: a path, or the name of a preset that comes with the package."""
    preset = PRESETS / f"{name}.toml"
    if preset.exists():
        return preset
    if not Path(name).exists():
        known = ", ".join(sorted(path.stem for path in PRESETS.glob("*.toml")))
        raise ConfigError(f"{name}: there is no such file, and no preset of that name; the presets are {known}")
    return Path(name)


def read_config(path: Path, *, changes: Sequence[str] = ()) -> TrainingConfig:
    """The configuration in a TOML file, after `changes` such as `optimiser.learning_rate=1e-4` (values are TOML)."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: the configuration cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is no TOML ({error})") from error
    for change in changes:
        _apply(values, change)
    try:
        return TrainingConfig.model_validate(values)
    except ValidationError as error:
        set_by_hand = {change.partition("=")[0].strip() for change in changes}
        raise ConfigError("; ".join(_wrong(item, path, set_by_hand) for item in error.errors())) from error


def _wrong(item: Any, path: Path, set_by_hand: set[str]) -> str:
    """What is wrong with one setting, and where it was given."""
    name = dotted(item["loc"])
    place = "--set" if name in set_by_hand else str(path)
    if item["type"] != "extra_forbidden":
        return f"{place}: {name}: {problem_in_words(item)}"
    meant = nearest(name)
    hint = f"; did you mean {meant}?" if meant else "; `uepnet train --settings` lists them"
    return f"{place}: there is no setting {name}{hint}"


def _apply(values: dict[str, Any], change: str) -> None:
    """Set one dotted key; a value that is no TOML is taken as text, so that `name=first` needs no quotes."""
    key, equals, text = change.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"--set {change}: write it as key=value, such as optimiser.learning_rate=1e-4")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *path, last = key.strip().split(".")
    for part in path:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {change}: {part} is a value, not a table")
        values = inner
    values[last] = value
