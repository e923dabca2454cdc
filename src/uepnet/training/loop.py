"""The training, from pictures and points to a model file, top to bottom."""

import copy
import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from uepnet.counting.codec import encode
from uepnet.counting.partition import Partition, fit_partitions
from uepnet.description import ModelDescription, ValidationFigure
from uepnet.errors import CheckpointError, TrainingError
from uepnet.network.initialise import expect_classes, initialise
from uepnet.network.model_file import load_model, save_model
from uepnet.network.starts import start_encoder, start_model
from uepnet.network.uepnet import UEPNet
from uepnet.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from uepnet.training.config import TrainingConfig
from uepnet.training.curves import draw_curves
from uepnet.training.data import TrainingSets
from uepnet.training.journal import Journal
from uepnet.training.objectives.cross_entropy import interval_cross_entropy
from uepnet.training.optimiser import make_optimiser, set_learning_rate, update_average
from uepnet.training.sampling import Sampler
from uepnet.training.schedule import make_schedule
from uepnet.training.store import PictureStore, load_store
from uepnet.training.validation import score, validate

JOURNAL_EVERY = 20
"""Steps between two lines of the journal."""


@dataclass(frozen=True)
class Progress:
    """What a training tells while it runs; the command line draws a bar from it."""

    on_picture: Callable[[int, int], None] = lambda done, total: None
    on_step: Callable[[int, float], None] = lambda step, loss: None
    on_validation: Callable[[int, tuple[ValidationFigure, ...]], None] = lambda step, figures: None


def train(
    config: TrainingConfig,
    sets: TrainingSets,
    *,
    out: Path,
    start: Path | None = None,
    resume: bool = False,
    progress: Progress = Progress(),  # noqa: B008 (frozen)
) -> Path:
    """Train, and return the path of the best averaged weights by validation (the last, where nothing is validated).

    `out` receives `model.safetensors` (best), `last.safetensors`, `checkpoint.safetensors`, `metrics.jsonl`,
    `curves.png` and `config.json`. `start` is a model of ours whose weights are taken over. A run killed at any moment
    and resumed gives the same weights as one never stopped, on the same machine with the same number of threads.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    checkpoint = out / "checkpoint.safetensors"
    if checkpoint.exists() and not resume:
        raise CheckpointError(f"{checkpoint}: a run is here already; resume it with --resume or use another --out")
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")

    shares = config.sampling.shares
    store = load_store(
        sets.train, patch=config.network.stride, shares=shares, device=device, on_picture=progress.on_picture
    )
    network, description = prepare(config, store, start=start)
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's stub
    state = TrainingState(
        network=network,
        average=copy.deepcopy(network).eval(),
        optimiser=make_optimiser(network, config.optimiser),
        schedule=make_schedule(config.optimiser, steps=config.steps),
    )
    run = hashlib.sha256((config.model_dump_json() + description.to_json()).encode()).hexdigest()
    if resume:
        load_checkpoint(checkpoint, state, run=run)
    journal = Journal(out / "metrics.jsonl", keep_until=state.step)

    sampler = Sampler(store, config.sampling, mean=description.mean, std=description.std, seed=config.seed)
    borders = [torch.tensor(partition.borders, device=device) for partition in description.partitions]
    started = time.monotonic() - state.seconds
    network.train()
    while state.step < config.steps:
        rate = config.optimiser.learning_rate * state.schedule.factor(state.step)
        set_learning_rate(state.optimiser, rate)
        batch = sampler.batch(state.step, patch=config.network.stride)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=config.precision == "bf16"):
            logits = network(batch.pixels)
        loss = interval_cross_entropy(logits, batch.counts, borders=borders, beyond=batch.beyond)
        state.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch
        norm = torch.nn.utils.clip_grad_norm_(network.parameters(), config.optimiser.clip)
        state.optimiser.step()
        update_average(state.average, network, decay=config.optimiser.averaging, step=state.step)

        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError(f"the loss is {value} at step {state.step}; lower optimiser.learning_rate and --resume")
        state.schedule.observe(value)
        state.step += 1
        state.seconds = time.monotonic() - started
        progress.on_step(state.step, value)
        last = state.step == config.steps
        if state.step % JOURNAL_EVERY == 0 or last:
            journal.write(step=state.step, loss=value, rate=rate, norm=float(norm), seconds=round(state.seconds, 1))
        if sets.validation and (state.step % config.validate_every == 0 or last):
            figures = validate(state.average, description, sets.validation, precision=config.precision)
            progress.on_validation(state.step, figures)
            journal.write(step=state.step, validation=[figure.model_dump() for figure in figures])
            draw_curves(out / "metrics.jsonl", out / "curves.png")
            if state.best is None or score(figures, decode=config.decode, data_sets=sets.validation) < state.best:
                state.best = score(figures, decode=config.decode, data_sets=sets.validation)
                best = description.model_copy(update={"steps": state.step, "validation": figures})
                save_model(out / "model.safetensors", state.average, best)
        if state.step % config.checkpoint_every == 0 or last:
            save_checkpoint(checkpoint, state, run=run)

    save_model(out / "last.safetensors", state.average, description.model_copy(update={"steps": state.step}))
    return out / ("model.safetensors" if sets.validation else "last.safetensors")


def prepare(
    config: TrainingConfig, store: PictureStore, *, start: Path | None
) -> tuple[UEPNet, ModelDescription]:
    """The network before its first step, and the description of what its answers mean.

    Intervals are fitted on the store's local counts; with `start` they are those of the model started from, so that
    its heads keep their meaning.
    """
    trained, description = load_model(start) if start else (None, None)
    if description is not None:
        partitions, shape = description.partitions, description.network
    else:
        fit = config.intervals
        partitions = fit_partitions(
            store.counts, method=fit.method, intervals=fit.intervals, heads=fit.heads, proxies=fit.proxies
        )
        shape = config.network
    network = UEPNet(shape, classes=[partition.classes for partition in partitions])
    initialise(network, spread=config.spread, seed=config.seed)
    origin = "random weights"
    if trained is not None and description is not None:
        start_model(network, trained)
        origin = f"the model {description.name} ({description.start})"
    else:
        expect_classes(network, [_class_shares(partition, store) for partition in partitions])
        if config.start != "random":
            origin = start_encoder(network, Path(config.start))
    return network, ModelDescription(
        name=config.name,
        network=shape,
        partitions=partitions,
        mean=description.mean if description else network.encoder.mean,
        std=description.std if description else network.encoder.std,
        decode=config.decode,
        start=origin,
        trained_on=store.data if description is None else (*description.trained_on, *store.data),
    )


def _class_shares(partition: Partition, store: PictureStore) -> torch.Tensor:
    classes = torch.from_numpy(encode(store.counts, partition.borders))
    shares = torch.bincount(classes, minlength=partition.classes).float()
    return shares / shares.sum()
