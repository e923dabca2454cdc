"""One run: its folder, everything that stays the same during it, and how it begins."""

import copy
import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from uepnet.description import ModelDescription
from uepnet.errors import CheckpointError, ConfigError
from uepnet.network.arithmetic import autocast
from uepnet.network.uepnet import UEPNet
from uepnet.training.batch_norm import folded, normalise
from uepnet.training.checkpoint import INSTEAD, TrainingState, load_checkpoint, save_checkpoint
from uepnet.training.config import TrainingConfig
from uepnet.training.data import TrainingSets
from uepnet.training.journal import Journal
from uepnet.training.loss import Loss
from uepnet.training.objectives.presence import DeepestFeatures, PresenceAlone, PresenceLoss
from uepnet.training.optimiser import make_optimiser
from uepnet.training.preparation import open_start, prepare_from, prepare_new
from uepnet.training.progress import Progress
from uepnet.training.readings import Readings
from uepnet.training.sampling import Sampler, SamplerAhead
from uepnet.training.schedule import make_schedule
from uepnet.training.store import load_store
from uepnet.training.team import Team
from uepnet.training.validation import Validator
from uepnet.whole_files import write_whole

READ_EVERY = 20
"""Steps between two looks at a GPU's losses: a look waits until the device has come that far. A schedule that follows
the losses looks at each of them."""

MEASURED_ON = 32
"""Batches on which the statistics of normalisation are measured."""

NO_MATTER_OF_RESULT = {"minutes", "checkpoint_seconds", "compile"}
"""Settings that may change when a training is resumed: how long, how safe and how fast it is."""


@dataclass(frozen=True)
class RunFolder:
    """The files that a run leaves behind."""

    path: Path

    @property
    def checkpoint(self) -> Path:
        """Everything needed to go on."""
        return self.path / "checkpoint.safetensors"

    @property
    def settings(self) -> Path:
        """The configuration that the run was begun with."""
        return self.path / "config.json"

    @property
    def best(self) -> Path:
        """The averaged weights that were best on validation."""
        return self.path / "model.safetensors"

    @property
    def last(self) -> Path:
        """The averaged weights after the last step."""
        return self.path / "last.safetensors"

    @property
    def journal(self) -> Path:
        """Losses and validation errors, a JSON object a line."""
        return self.path / "metrics.jsonl"

    @property
    def curves(self) -> Path:
        """The journal as a picture."""
        return self.path / "curves.png"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder against a second training; the system lets go of it when this process ends, however."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CheckpointError(
                    f"{self.path}: another command is at work in this folder; wait for it, or use another --out"
                ) from error
            yield

    def open(self, config: TrainingConfig, *, resume: bool) -> None:
        """Make the folder and write the configuration into it; refuse one that holds another run."""
        if self.checkpoint.exists() and not resume:
            raise CheckpointError(f"{self.checkpoint}: a run is here already; take --resume or another --out")
        if not resume:
            write_whole(self.settings, (config.model_dump_json(indent=2) + "\n").encode())
        elif self.checkpoint.exists():
            self._refuse_other(config)

    def _refuse_other(self, config: TrainingConfig) -> None:
        """`CheckpointError` that names the settings which are not those of the run, before pictures are read."""
        try:
            stored = json.loads(self.settings.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CheckpointError(
                f"{self.settings}: the settings that the run was begun with cannot be read, so nobody can tell whether these are the "
                f"same; {INSTEAD}"
            ) from error
        wanted = config.model_dump(mode="json", exclude=NO_MATTER_OF_RESULT)
        other = _different(stored, wanted)
        if other:
            raise CheckpointError(
                f"{self.path}: the run was begun with another {', '.join(other)} (config.json); give what it was begun "
                f"with, or another --out"
            )


@dataclass(frozen=True)
class Run:
    """What a training works with; only `state` changes."""

    config: TrainingConfig
    folder: RunFolder
    team: Team
    description: ModelDescription
    state: TrainingState
    learner: nn.Module
    """The network of `state`, which gives every process of the team the mean of their gradients."""
    sampler: Sampler | SamplerAhead | DeepestFeatures
    readings: Readings
    loss: Loss | PresenceLoss
    validator: Validator
    identity: str
    """Of configuration, data and start: what a checkpoint must agree with."""

    @property
    def finished(self) -> bool:
        """Whether the steps or the minutes are used up."""
        minutes = self.config.minutes
        return self.state.step >= self.config.steps or (minutes is not None and self.state.seconds >= 60.0 * minutes)

    def learnt(self) -> UEPNet:
        """The averaged weights as they are validated and saved."""
        if not self.config.batch_norm:
            return self.state.average
        with autocast(self.team.device, self.config.precision):
            return folded(self.state.average, _pixels(self.sampler, patch=self.description.patch))

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(self.folder.checkpoint, self.state, run=self.identity)
        self.state.saved = self.state.seconds

    def open_journal(self) -> Journal:
        """The journal, without what the checkpoint does not know."""
        return Journal(self.folder.journal, keep_until=self.state.step)


def begin(
    config: TrainingConfig, sets: TrainingSets, team: Team, *, start: Path | None, progress: Progress, out: RunFolder
) -> Run:
    """Read the pictures, fit the intervals and set up the weights, the optimiser and the sampler."""
    if team.size > config.sampling.batch:
        raise ConfigError(f"a batch of {config.sampling.batch} cannot be shared by {team.size} processes")
    if team.size > 1 and config.batch_norm:
        raise ConfigError(f"{team.size} processes would each normalise their own crops: leave out batch_norm")
    if team.size > 1 and config.minutes is not None:
        raise ConfigError(f"{team.size} processes have as many clocks: give them steps, and leave out minutes")
    trained = open_start(config, start, on_bytes=progress.on_bytes)
    store = load_store(
        sets.train,
        patch=trained.description.patch if trained else config.network.stride,
        shares=config.sampling.shares,
        largest_sigma=config.sampling.largest_sigma,
        device=team.device,
        on_picture=progress.on_picture,
    )
    network, description = prepare_from(trained, config, store) if trained else prepare_new(config, store)
    network.to(team.device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's overloads leave it out
    sampler = Sampler(store, config.sampling, mean=description.mean, std=description.std, seed=config.seed)
    if config.batch_norm:
        normalise(network, _pixels(sampler, patch=description.patch))
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    schedule_is_blind = config.optimiser.schedule == "cosine"
    settings = _but_defaults(config)
    return Run(
        config=config,
        folder=out,
        team=team,
        description=description,
        state=TrainingState(
            network=network,
            average=copy.deepcopy(network).eval(),
            optimiser=make_optimiser(network, config.optimiser),
            schedule=make_schedule(config.optimiser, steps=config.steps, minutes=config.minutes),
        ),
        learner=_learner(network, config, team),
        sampler=_sampler(sampler, network, config, team),
        readings=Readings(every=READ_EVERY if team.device.type == "cuda" and schedule_is_blind else 1),
        loss=_loss(config, description, team),
        validator=Validator(sets.validation, precision=config.precision),
        identity=_identity(
            settings, description.to_json(), store.pixels_digest, *(one.digest() for one in sets.validation)
        ),
    )


def _pixels(sampler: Sampler | SamplerAhead | DeepestFeatures, *, patch: int) -> Iterator[Tensor]:
    """The crops on which the statistics of normalisation are measured: those of the first steps."""
    return (sampler.batch(step, patch=patch).pixels for step in range(MEASURED_ON))


def _learner(network: UEPNet, config: TrainingConfig, team: Team) -> nn.Module:
    """The network as the steps call it; its weights are those of `network`."""
    called = PresenceAlone(network) if config.optimiser.learns == "presence" else network
    learner = cast(nn.Module, torch.compile(called)) if config.compile else called
    return DistributedDataParallel(learner) if team.size > 1 else learner


def _sampler(
    sampler: Sampler, network: UEPNet, config: TrainingConfig, team: Team
) -> Sampler | SamplerAhead | DeepestFeatures:
    """Where the batches of the steps come from."""
    if config.optimiser.learns == "presence":
        return DeepestFeatures(sampler, network, precision=config.precision)
    return SamplerAhead(sampler) if team.device.type == "cuda" else sampler


def _loss(config: TrainingConfig, description: ModelDescription, team: Team) -> Loss | PresenceLoss:
    """What `_learner`'s values are compared with."""
    if config.optimiser.learns == "presence":
        return PresenceLoss(patch=description.patch, least=description.partitions[0].borders[0])
    return Loss(config.objective, description, device=team.device)


def _different(stored: object, wanted: Mapping[str, object], prefix: str = "") -> list[str]:
    """The dotted names of the settings that are stored with another value."""
    names: list[str] = []
    for name, value in wanted.items():
        old = stored.get(name, value) if isinstance(stored, Mapping) else value
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            names += _different(old, value, f"{prefix}{name}.")
        elif old != value:
            names.append(prefix + name)
    return names


def _but_defaults(config: TrainingConfig) -> str:
    """The settings that matter and are not as always, so that a later version with more settings goes on with a run.

    A default that was changed since is found by `RunFolder.open`, which has all the settings of the run's beginning.
    """
    return json.dumps(config.model_dump(mode="json", exclude=NO_MATTER_OF_RESULT, exclude_defaults=True))


def _identity(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def resume_from_checkpoint(run: Run) -> None:
    """Put the checkpoint's state into the run."""
    load_checkpoint(run.folder.checkpoint, run.state, run=run.identity)
