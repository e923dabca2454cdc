"""What is to be done there: the configuration, where its data lie in the unpacked bundle, and what they must be."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.gpu.pieces import PiecesError
from uepnet.training.config import TrainingConfig
from uepnet.training.config_file import find_config, read_config
from uepnet.training.data import TrainingSets, open_training_sets

BUNDLE = "bundle.tar.gz"
FILE = "job.json"


@dataclass(frozen=True)
class Job:
    """One training; `data` are NAME:FOLDER below the bundle, `digests` those of the training and validation parts."""

    config: str
    changes: tuple[str, ...]
    data: tuple[str, ...]
    digests: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Into the bundle's top."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def settings(self, bundle: Path, *, more: tuple[str, ...] = ()) -> TrainingConfig:
        """The configuration, after this job's changes and `more`; a start in the bundle is found there."""
        changes = (change.replace("BUNDLE", str(bundle)) for change in (*self.changes, *more))
        return read_config(find_config(self.config), changes=tuple(changes))

    def sets(self, bundle: Path, config: TrainingConfig) -> TrainingSets:
        """The data, which must be those that were packed."""
        named = (text.partition(":") for text in self.data)
        sets = open_training_sets([f"{name}:{bundle / folder}" for name, _, folder in named], config)
        if digests_of(sets) != self.digests:
            raise PiecesError(f"{bundle}: the data are not those that were packed; pack and collect them anew")
        return sets


def read_job(bundle: Path) -> Job:
    """The job of an unpacked bundle."""
    values = json.loads((bundle / FILE).read_text(encoding="utf-8"))
    data, changes, digests = (tuple(values[name]) for name in ("data", "changes", "digests"))
    return Job(values["config"], changes=changes, data=data, digests=digests)


def digests_of(sets: TrainingSets) -> tuple[str, ...]:
    """Of every part in its order."""
    return tuple(data_set.digest() for data_set in (*sets.train, *sets.validation))
