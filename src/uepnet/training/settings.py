"""Every setting of a training with its default and what it is, as `training/config.py` says it."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from uepnet.training.config import TrainingConfig


@dataclass(frozen=True)
class Setting:
    """One setting: its dotted name, its default as TOML (empty where it must be given), and what it is."""

    name: str
    default: str
    about: str


def settings(config: type[BaseModel] = TrainingConfig, prefix: str = "") -> Iterator[Setting]:
    """All settings in their order, those of a table together after those that stand alone."""
    said, tables = _said(config), []
    for name, field in config.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            tables.append((name, kind))
            continue
        default = field.get_default(call_default_factory=True)
        choice = f"One of {', '.join(map(str, get_args(kind)))}. " if get_origin(kind) is Literal else ""
        yield Setting(
            prefix + name, "" if default is PydanticUndefined else as_toml(default), choice + said.get(name, "")
        )
    for name, kind in tables:
        yield from settings(kind, f"{prefix}{name}.")


def as_markdown() -> str:
    """The table of docs/training.md."""
    rows = ["| setting | default | what it is |", "| --- | --- | --- |"]
    rows += [f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.about} |" for one in settings()]
    return "\n".join(rows) + "\n"


def nearest(name: str) -> str | None:
    """The setting that a misspelt one may have been meant to be.

    >>> nearest("sampling.bach"), nearest("stepz"), nearest("elephant")
    ('sampling.batch', 'steps', None)
    """
    found = get_close_matches(name, [one.name for one in settings()], n=1, cutoff=0.75)
    return found[0] if found else None


def as_toml(value: Any) -> str:
    """A default as it would stand in a file.

    >>> as_toml(True), as_toml((0.3, 1.3)), as_toml("he"), as_toml(None)
    ('true', '[0.3, 1.3]', '"he"', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(as_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _said(config: type[BaseModel]) -> dict[str, str]:
    """The text below each field in the source."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(config))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  # what was parsed is a class
    found = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            value = text.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[field.target.id] = " ".join(value.value.split())
    return found
