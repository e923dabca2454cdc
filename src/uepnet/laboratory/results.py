"""Result files: figures together with all that one needs to get them again, as committed JSON.

Every figure in the README, the docs and the model cards is rendered from such a file (see `render`), so that none is
ever typed. A file names no host and no folder of the machine that it was made on.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import JsonValue, ValidationError

import uepnet
from uepnet.annotations.data_set import DataSet
from uepnet.errors import UepnetError
from uepnet.frozen import Frozen
from uepnet.laboratory.machine import Machine, commit_of, this_machine, versions
from uepnet.whole_files import write_whole
from uepnet.wrong_values import first_problem


class ResultFileError(UepnetError):
    """A result file that cannot be read, or a page that asks for a figure that is not there."""

    kind: ClassVar[str] = "result"


class DataUsed(Frozen):
    """The pictures that figures were measured on."""

    data_set: str
    split: str
    pictures: int
    heads: int
    digest: str
    """SHA-256 over the pictures' names and points: `DataSet.digest`."""


class ModelUsed(Frozen):
    """The model that was measured."""

    name: str
    digest: str
    """SHA-256 of its file."""

    @classmethod
    def of_file(cls, name: str, path: Path) -> "ModelUsed":
        """The model called `name` in the file `path`."""
        return cls(name=name, digest=hashlib.sha256(path.read_bytes()).hexdigest())


class ResultFile(Frozen):
    """One run of one command and its figures, one record a data set or row of a table."""

    format: Literal[1] = 1
    command: str
    """The command line, with ROOT for the folders of data sets."""
    commit: str | None
    """The commit that the program was at; None where it is installed without its repository."""
    changed: bool | None
    """Whether there were changes beside the commit."""
    date: str
    """UTC, ISO 8601."""
    seed: int
    machine: Machine
    versions: Mapping[str, str]
    data: tuple[DataUsed, ...]
    model: ModelUsed | None
    figures: tuple[dict[str, JsonValue], ...]


def data_used(data_set: DataSet) -> DataUsed:
    """The pictures of a data set, all of whose annotations are read."""
    return DataUsed(
        data_set=data_set.name,
        split=data_set.split,
        pictures=len(data_set),
        heads=sum(len(data_set.heads(entry)) for entry in data_set.entries),
        digest=data_set.digest(),
    )


def command_line(words: str, options: Mapping[str, object], *, data: Sequence[str] = ()) -> str:
    """A command as it is recorded: without the folders of this machine, and without what was not asked for.

    Of `data` (`NAME:ROOT`) and of files the names remain. Options that are None or False are left out, True is a flag, and a
    list is the option several times.

    >>> command_line("uepnet evaluate", {"model": Path("/folder/ada/mine.onnx"), "folds": None, "json": True}, data=["street:/x"])
    'uepnet evaluate --data street:ROOT --model mine.onnx --json'
    """
    told = [words, *(f"--data {text.partition(':')[0]}:ROOT" for text in data)]
    for name, given in options.items():
        for value in given if isinstance(given, list | tuple) else [given]:
            shown = value.name if isinstance(value, Path) else f"{value:g}" if isinstance(value, float) else value
            told += [] if value is None or value is False else [f"--{name}" if value is True else f"--{name} {shown}"]
    return " ".join(told)


def result_of(
    figures: Sequence[dict[str, JsonValue]],
    *,
    command: str,
    date: datetime,
    data: Sequence[DataUsed] = (),
    model: ModelUsed | None = None,
    seed: int = 0,
) -> ResultFile:
    """Figures of this program on this machine as a result file; `date` knows its time zone."""
    commit, changed = commit_of(Path(uepnet.__file__).parent)
    return ResultFile(
        command=command,
        commit=commit,
        changed=changed,
        date=date.isoformat(timespec="seconds"),
        seed=seed,
        machine=this_machine(),
        versions=versions(),
        data=tuple(data),
        model=model,
        figures=tuple(figures),
    )


def write_result(path: Path, result: ResultFile) -> None:
    """Write the file, whole or not at all; its folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (result.model_dump_json(indent=2) + "\n").encode())


def read_result(path: Path) -> ResultFile:
    """Read and check a file; `ResultFileError` says what is wrong with it."""
    try:
        return ResultFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ResultFileError(f"{path}: the result file cannot be read ({error.strerror})") from error
    except ValidationError as error:
        wrong = first_problem(error, whole="the whole")
        raise ResultFileError(
            f"{path}: the result file is wrong at {wrong}; write it anew with its command and --record"
        ) from error
