"""`uepnet train`: a model from pictures and their heads."""

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import DataSets

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars

    from uepnet.description import ValidationFigure
    from uepnet.training.progress import Progress


def _show_settings(asked: bool) -> None:
    if asked:
        from uepnet.training.settings import settings

        for one in settings():
            default = one.default and f" (default: {one.default})"
            typer.echo(f"{one.name}{default}\n    {one.about}")
        raise typer.Exit


def train(
    config: Annotated[str, typer.Argument(help="a TOML file, or the name of a preset such as general")],
    data: DataSets,
    out: Annotated[Path, typer.Option(help="folder of the run: weights, checkpoint, metrics.jsonl, curves.png")],
    resume: Annotated[bool, typer.Option("--resume", help="go on from the checkpoint in --out")] = False,
    start: Annotated[
        str | None, typer.Option(help="a model of ours to start from: a bundled one's name, or a .safetensors file")
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="change one setting: optimiser.learning_rate=1e-4; repeatable")
    ] = None,
    show: Annotated[  # noqa: ARG001  # it is shown before anything else is looked at
        bool,
        typer.Option("--settings", help="list all settings, and end", callback=_show_settings, is_eager=True),
    ] = False,
) -> None:
    """Train a model; it can be stopped at any moment (Ctrl-C) and resumed with --resume."""
    from rich.console import Console

    from uepnet.inference.models import find_weights
    from uepnet.training.config_file import find_config, read_config
    from uepnet.training.data import open_training_sets
    from uepnet.training.loop import train as run

    console = Console(stderr=True)
    settings = read_config(find_config(config), changes=changes or ())
    weights = None if start is None else find_weights(start)
    sets = open_training_sets(data, settings)
    with _bars(console) as bars:
        progress = _make_progress(bars, console, steps=settings.steps)
        path = run(settings, sets, out=out, start=weights, resume=resume, progress=progress)
    typer.echo(path)


def _bars(console: "Console") -> "Bars":
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _make_progress(bars: "Bars", console: "Console", *, steps: int) -> "Progress":
    """Two bars, reading and training; the second shows the loss (of the last 50 steps) and the validation errors.

    A download of weights, before both, has one of its own.
    """
    from uepnet.training.progress import Progress

    weights = bars.add_task("downloading weights", total=None, note="", visible=False)
    reading = bars.add_task("reading pictures", total=None, note="")
    training = bars.add_task("training", total=steps, note="")
    losses: deque[float] = deque(maxlen=50)
    errors: list[str] = []

    class Shown(Progress):
        def on_bytes(self, done: int, total: int | None) -> None:
            bars.update(weights, completed=done, total=total, visible=done != total)

        def on_picture(self, done: int, total: int) -> None:
            bars.update(reading, completed=done, total=total)

        def on_step(self, step: int, loss: float) -> None:
            losses.append(loss)
            note = "  ".join([f"loss {sum(losses) / len(losses):.3f}", *errors])
            bars.update(training, completed=step, note=note)

        def on_validation(self, step: int, figures: "tuple[ValidationFigure, ...]") -> None:
            errors[:] = [f"{figure.data_set} MAE {figure.mae:.1f}" for figure in figures if figure.decode == "mean"]
            lines = [f"{figure.data_set} {figure.decode} {figure.mae:.2f} / {figure.rmse:.2f}" for figure in figures]
            console.print(f"step {step}, validation MAE / RMSE: {', '.join(lines)}", highlight=False)

    return Shown()
