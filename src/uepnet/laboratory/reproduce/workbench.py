"""Where rows are made: what is learnt from, what is measured, by which learner, and the folders of the rows."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path

import torch
from pydantic import JsonValue

from uepnet.annotations.data_set import DataSet
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.errors import ConfigError
from uepnet.laboratory.reproduce.learners import Learner
from uepnet.laboratory.reproduce.measuring import Trained, measure_row
from uepnet.laboratory.reproduce.row import Record, RowFolder, RowSettings, record_of
from uepnet.laboratory.reproduce.trunk import refuse_seen
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.results import DataUsed, data_used, result_of
from uepnet.network.arithmetic import settled

FROM_RANDOM = "The encoder began at random, the paper's from ImageNet weights (`--start FILE`)."


@dataclass
class Workbench:
    """Finds rows, and makes those that are not there. `learnt` and `measured` share no picture."""

    learnt: DataSet
    measured: DataSet
    preset: str
    learner: Learner
    rows: RowFolder
    work: Path
    command: str = "uepnet reproduce"

    def __post_init__(self) -> None:
        shared = {entry.picture for entry in self.learnt.entries} & {entry.picture for entry in self.measured.entries}
        if shared:
            raise ConfigError(f"{len(shared)} pictures of {self.measured.name} would be both learnt from and measured")
        if self.learner.trunk is not None:
            self.cautions = refuse_seen(self.learner.trunk, self.measured)
        else:
            self.cautions = () if self.learner.start_digest is not None else (FROM_RANDOM,)

    def settings(self, variant: Variant, *, seed: int) -> RowSettings:
        """What the row of a variant is made with."""
        learnt, measured = self._data
        return RowSettings(
            preset=self.preset,
            config=self.learner.config(variant, seed=seed),
            trunk=self.learner.trunk,
            crops=self.learner.crops,
            encoder_digest=self.learner.start_digest,
            learnt=(learnt,),
            measured=measured,
        )

    def find(self, variant: Variant, *, seed: int) -> Record | None:
        """The record of the row, if it is there."""
        found = self.rows.find(self.settings(variant, seed=seed))
        return None if found is None else record_of(found)

    def make(self, variant: Variant, *, seed: int) -> Record:
        """Learn and measure the row; it is kept before it is given back."""
        settings = self.settings(variant, seed=seed)
        place = self.work / "trainings" / settings.key
        began = time.monotonic()
        network, description = self.learner.learn(settings.config, place=place)
        trained = Trained(network, description, largest_count(self.learnt, patch=variant.stride))
        learnt = time.monotonic()
        figures = measure_row(trained, variant, self.measured)
        record: dict[str, JsonValue] = {
            "key": settings.key,
            "variant": variant.name,
            "seed": seed,
            "settings": settings.model_dump(mode="json"),
            "largest": trained.largest,
            "partitions": [
                {"borders": list(one.borders), "proxies": list(one.proxies)} for one in description.partitions
            ],
            "seconds": {"learning": round(learnt - began, 1), "measuring": round(time.monotonic() - learnt, 1)},
            "threads": torch.get_num_threads(),
            "arithmetic": settled("bf16", "cuda" if torch.cuda.is_available() else "cpu"),
            **figures,
        }
        data = [*settings.learnt, settings.measured]
        row = result_of([record], command=self.command, date=datetime.now(UTC), data=data, seed=seed)
        self.rows.add(settings, row)
        return record

    @cached_property
    def _data(self) -> tuple[DataUsed, DataUsed]:
        return data_used(self.learnt), data_used(self.measured)


@lru_cache(maxsize=8)
def largest_count(data_set: DataSet, *, patch: int) -> float:
    """tMAX: the largest local count of the pictures that are learnt from."""
    most = 0.0
    for entry in data_set.entries:
        heads = data_set.heads(entry)
        if len(heads):
            most = max(most, float(local_counts(heads, sigma_of(heads, fixed=data_set.fixed_sigma), patch=patch).max()))
    return most
