"""The two ways to learn a row: a whole network by `uepnet train`'s loop, or decoder and heads on a trunk's features."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch

from uepnet.annotations.data_set import DataSet
from uepnet.description import ModelDescription
from uepnet.laboratory.reproduce.features import open_features
from uepnet.laboratory.reproduce.frozen import crop_sampler, learn_frozen
from uepnet.laboratory.reproduce.presets import Effort, frozen_config, make_config
from uepnet.laboratory.reproduce.row import TrunkUsed
from uepnet.laboratory.reproduce.row_progress import RowProgress
from uepnet.laboratory.reproduce.trunk import MemoEncoder, Trunk, TrunkMemo
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.results import ModelUsed
from uepnet.network.model_file import load_model, save_model
from uepnet.network.uepnet import UEPNet
from uepnet.training.config import TrainingConfig
from uepnet.training.data import TrainingSets
from uepnet.training.loop import train
from uepnet.training.run import RunFolder
from uepnet.training.store import PictureStore, load_store

Learnt = tuple[UEPNet, ModelDescription]


@runtime_checkable
class Learner(Protocol):
    """Learns a row from the pictures that it was made for, and says with what."""

    @property
    def trunk(self) -> TrunkUsed | None:
        """The encoder that is not learnt, if there is one."""

    @property
    def crops(self) -> int | None:
        """How many crops the trunk's features are kept of."""

    @property
    def start_digest(self) -> str | None:
        """SHA-256 of the file that the encoder starts from, where it learns."""

    def config(self, variant: Variant, *, seed: int) -> TrainingConfig:
        """The training of a row."""

    def learn(self, config: TrainingConfig, *, place: Path) -> Learnt:
        """The averaged weights after the last step, ready to count; `place` receives them and what goes on from a kill."""


@dataclass
class WholeLearner:
    """All weights are learnt, from `start` (a file of the encoder's weights) or from random ones."""

    data_set: DataSet
    effort: Effort
    start: Path | None = None
    progress: RowProgress = field(default_factory=RowProgress)

    trunk: TrunkUsed | None = None
    crops: int | None = None

    @property
    def start_digest(self) -> str | None:
        """SHA-256 of the encoder's file."""
        return None if self.start is None else ModelUsed.of_file("start", self.start).digest

    def config(self, variant: Variant, *, seed: int) -> TrainingConfig:
        """The training of a row."""
        return make_config(variant, self.effort, seed=seed, start="random" if self.start is None else str(self.start))

    def learn(self, config: TrainingConfig, *, place: Path) -> Learnt:
        """Train, or go on from the checkpoint. Nothing is validated: the last weights are measured."""
        sets = TrainingSets(train=(self.data_set,), validation=())
        self.progress.on_row(config.name, config.steps)
        path = train(config, sets, out=place, resume=RunFolder(place).checkpoint.exists(), progress=self.progress)
        network, description = load_model(path)
        return network.to("cuda" if torch.cuda.is_available() else "cpu"), description


@dataclass
class FrozenLearner:
    """Decoder and heads are learnt on kept features; `work` is the folder of these."""

    data_set: DataSet
    effort: Effort
    encoder: Trunk
    work: Path
    progress: RowProgress = field(default_factory=RowProgress)

    start_digest: str | None = None

    @property
    def trunk(self) -> TrunkUsed:
        """The encoder that is not learnt."""
        return self.encoder.used

    @property
    def crops(self) -> int:
        """How many crops features are kept of."""
        if self.effort.crops is None:
            raise ValueError(f"the preset {self.effort.name} says nothing of crops to keep; take cpu")
        return self.effort.crops

    def config(self, variant: Variant, *, seed: int) -> TrainingConfig:
        """The training of a row."""
        return frozen_config(variant, self.effort, seed=seed)

    def learn(self, config: TrainingConfig, *, place: Path) -> Learnt:
        """Learn on the features, which are computed first if they are not there."""
        sampler = crop_sampler(self._store, config.sampling, trunk=self.encoder)
        folder, hears = self.work / "features", self.progress
        cache = open_features(self.encoder, sampler, crops=self.crops, folder=folder, on_batch=hears.on_features)
        hears.on_row(config.name, config.steps)
        network, description = learn_frozen(config, self._store, cache, trunk=self.encoder, on_step=hears.on_step)
        place.mkdir(parents=True, exist_ok=True)
        save_model(place / "last.safetensors", network, description)
        network.encoder = MemoEncoder(self._memo, network.encoder)  # type: ignore[assignment]  # asks about a picture once
        return network.eval(), description

    @cached_property
    def _store(self) -> PictureStore:
        """The pictures that are learnt from, in memory."""
        cpu = torch.device("cpu")
        return load_store((self.data_set,), patch=8, shares={}, device=cpu, on_picture=self.progress.on_picture)

    @cached_property
    def _memo(self) -> TrunkMemo:
        """What the trunk said of measured pictures, for all rows."""
        return TrunkMemo(self.encoder)
