"""The training, top to bottom. `run.py` sets everything up; this is what happens at every step."""

import math
import time
from contextlib import ExitStack
from pathlib import Path

import torch

from uepnet.description import ValidationFigure
from uepnet.errors import ModelFileError, TrainingError
from uepnet.network.arithmetic import autocast
from uepnet.network.model_file import save_model
from uepnet.network.uepnet import UEPNet
from uepnet.training.config import TrainingConfig
from uepnet.training.curves import draw_curves
from uepnet.training.data import TrainingSets
from uepnet.training.journal import Journal
from uepnet.training.optimiser import set_learning_rate, update_average
from uepnet.training.progress import Progress
from uepnet.training.readings import Step
from uepnet.training.run import Run, RunFolder, begin, resume_from_checkpoint
from uepnet.training.team import join_team

JOURNAL_EVERY = 20
"""Steps between two lines of the journal."""


def train(
    config: TrainingConfig,
    sets: TrainingSets,
    *,
    out: Path,
    start: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Train, and return the path of the best averaged weights by validation (the last, where nothing is validated).

    `out` receives the files of `RunFolder`. `start` is a model of ours whose weights are taken over. A run killed at
    any moment and resumed gives the same weights as one never stopped, on the same machine with the same number of
    threads. Under `torchrun` the processes share every batch and give the weights that one process would.
    """
    folder = RunFolder(out)
    with ExitStack() as turns:
        team = turns.enter_context(join_team())
        progress = progress if progress and team.leads else Progress()
        if team.leads:
            turns.enter_context(folder.alone())
            folder.open(config, resume=resume)
        run = begin(config, sets, team, start=start, progress=progress, out=folder)
        if resume:
            resume_from_checkpoint(run)
        state = run.state
        journal = run.open_journal() if team.leads else None
        began = time.monotonic() - state.seconds
        while not run.finished:
            learn(run)
            state.seconds = time.monotonic() - began
            if run.readings.due or _validates(run) or _saves(run):
                steps = run.readings.take()
                for step in steps:
                    state.schedule.observe(step.loss)
                    progress.on_step(step.number, step.loss)
                if journal is not None:
                    _write_down(run, steps[-1], journal, progress)
            team.wait()
        if team.leads:
            last = run.description.model_copy(update={"steps": state.step})
            save_model(folder.last, run.learnt(), last)
    return folder.best if sets.validation else folder.last


def learn(run: Run) -> None:
    """One step: batch, forward, loss, backward, clipped update, running average; what it did goes to `run.readings`."""
    state, config, team = run.state, run.config, run.team
    rate = config.optimiser.learning_rate * state.schedule.factor(state.step, seconds=state.seconds)
    set_learning_rate(state.optimiser, rate)
    batch = run.sampler.batch(state.step, patch=run.description.patch, rank=team.rank, size=team.size)
    run.learner.train()
    # Crops of one size: cuDNN may try its algorithms once. Validation has a size a picture and must not pay for it.
    torch.backends.cudnn.benchmark = config.sampling.crop_share is None
    with autocast(team.device, config.precision):
        values = run.learner(batch.pixels)
    loss = run.loss(values, batch, patches=team.total((~batch.beyond).sum().float()) / team.size)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]  # torch
    torch.backends.cudnn.benchmark = False
    largest = math.inf if config.optimiser.clip is None else config.optimiser.clip
    norm = torch.nn.utils.clip_grad_norm_(state.network.parameters(), largest)
    state.optimiser.step()
    update_average(state.average, state.network, decay=config.optimiser.averaging, step=state.step)
    state.step += 1
    run.readings.add(state.step, loss=team.total(loss.detach()) / team.size, norm=norm, rate=rate)


def _write_down(run: Run, done: Step, journal: Journal, progress: Progress) -> None:
    """After a step: the journal's line, the validation and the checkpoint, each when its turn has come."""
    state, config = run.state, run.config
    if state.step % JOURNAL_EVERY == 0 or run.finished:
        seconds = round(state.seconds, 1)
        journal.write(step=state.step, loss=done.loss, rate=done.rate, norm=done.norm, seconds=seconds)
    if _validates(run):
        network = run.learnt()
        figures = _measured(run, network)
        progress.on_validation(state.step, figures)
        journal.write(step=state.step, validation=[figure.model_dump() for figure in figures])
        draw_curves(run.folder.journal, run.folder.curves)
        score = run.validator.score(figures, decode=config.decode)
        if state.best is None or score < state.best:
            state.best = score
            best = run.description.model_copy(update={"steps": state.step, "validation": figures})
            save_model(run.folder.best, network, best)
    if _saves(run):
        run.save()


def _measured(run: Run, network: UEPNet) -> tuple[ValidationFigure, ...]:
    """The validation of the averaged weights; `TrainingError` where their last update has made nonsense of them."""
    try:
        return run.validator.figures(network, run.description)
    except ModelFileError as error:
        raise TrainingError(
            f"the network's answers are no finite numbers after step {run.state.step}; begin anew with a lower "
            f"optimiser.learning_rate"
        ) from error


def _validates(run: Run) -> bool:
    """Whether it is the validation's turn: at every so many steps, and at the end."""
    turn = run.state.step % run.config.validate_every == 0 or run.finished
    return bool(run.validator.data_sets) and turn


def _saves(run: Run) -> bool:
    """Whether it is the checkpoint's turn: at every so many steps, when the last is old, and at the end."""
    state, config = run.state, run.config
    old = config.checkpoint_seconds is not None and state.seconds - state.saved >= config.checkpoint_seconds
    return old or state.step % config.checkpoint_every == 0 or run.finished
