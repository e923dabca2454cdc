"""A row: one training, measured. It is found again by everything that decides its figures, so tables share it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from uepnet.description import TrainingData
from uepnet.frozen import Frozen
from uepnet.laboratory.results import DataUsed, ResultFile, ResultFileError, read_result, write_result
from uepnet.training.config import TrainingConfig
from uepnet.wrong_values import first_problem

Record = dict[str, Any]
"""What a row's file holds: see `workbench.Workbench.make`."""


class TrunkUsed(Frozen):
    """The encoder that a row did not learn: where its weights are from, and what they have seen."""

    name: str
    digest: str
    """SHA-256 of its weights."""
    trained_on: tuple[TrainingData, ...]


class RowSettings(Frozen):
    """Everything that decides the figures of a row, but for the machine's arithmetic."""

    preset: str
    config: TrainingConfig
    trunk: TrunkUsed | None
    """None where the encoder learns."""
    crops: int | None
    """How many crops the trunk's features are kept of; None without trunk."""
    encoder_digest: str | None = None
    """SHA-256 of the file that the encoder starts from, where it learns and does not start at random."""
    learnt: tuple[DataUsed, ...]
    measured: DataUsed

    @property
    def key(self) -> str:
        """What the row's file is called: a hash of the settings.

        Settings at their default are left out, so that a setting which is added later, whose default is what was done
        before, does not lose the rows that are there; `agrees` then compares all that a file says.
        """
        config = self.config.model_dump(mode="json", exclude_defaults=True)
        config.pop("start", None)  # a file's place; its content is `encoder_digest`
        rest = self.model_dump(mode="json", exclude={"config"})
        text = json.dumps({"config": config, **rest}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class RowFolder:
    """Where rows are looked for, and where new ones go; other folders are only read."""

    def __init__(self, own: Path, *, known: Sequence[Path] = ()) -> None:
        self.own = own
        self.folders = (own, *known)

    def find(self, settings: RowSettings) -> ResultFile | None:
        """The row with these settings, if one of the folders has it."""
        for folder in self.folders:
            path = folder / f"{settings.key}.json"
            if path.is_file() and agrees(_read(path)["settings"], settings.model_dump(mode="json")):
                return read_result(path)
        return None

    def add(self, settings: RowSettings, row: ResultFile) -> None:
        """Keep a finished row, whole or not at all."""
        write_result(self.own / f"{settings.key}.json", row)


class StoredRow(BaseModel):
    """What a row's file must hold, so that every table can be made of it; it holds more."""

    model_config = ConfigDict(extra="allow", strict=True)

    settings: "StoredSettings"
    truth: list[int]
    readings: dict[str, dict[str, Any]] = Field(min_length=1)
    patches: dict[str, dict[str, Any]]
    seconds: dict[str, float]


class StoredSettings(BaseModel):
    """What must be said of how a row was made, or anything would agree with it."""

    model_config = ConfigDict(extra="allow", strict=True)

    preset: str
    config: dict[str, Any]
    learnt: list[dict[str, Any]]
    measured: dict[str, Any]


def _read(path: Path) -> Record:
    """The record in a row's file; `ResultFileError` for one that was cut off or changed."""
    again = "remove the file, and the command that asked for it makes the row again"
    try:
        figures = read_result(path).figures
        record = StoredRow.model_validate(figures[0] if len(figures) == 1 else None)
    except (ResultFileError, ValidationError) as error:
        said = (
            str(error).splitlines()[0]
            if isinstance(error, ResultFileError)
            else first_problem(error, whole="the record")
        )
        raise ResultFileError(f"{path}: this is no finished row ({said}); {again}") from error
    return record.model_dump()


def record_of(row: ResultFile) -> Record:
    """The one record of a row's file."""
    (record,) = row.figures
    return dict(record)


def agrees(stored: object, wanted: object) -> bool:
    """Whether all that `stored` says is so in `wanted`, which may say more; the encoder's file may lie elsewhere.

    >>> agrees({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 2], "c": 0}), agrees({"a": 1}, {"a": 2})
    (True, False)
    """
    if isinstance(stored, Mapping):
        return isinstance(wanted, Mapping) and all(
            key == "start" or (key in wanted and agrees(value, wanted[key])) for key, value in stored.items()
        )
    return stored == wanted
