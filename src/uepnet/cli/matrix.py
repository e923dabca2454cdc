"""`uepnet matrix`: every model on every data set, to see how far each carries beyond what it was trained on."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import DataSets, Device

if TYPE_CHECKING:
    from uepnet.annotations.data_set import DataSet
    from uepnet.evaluation.evaluate import Evaluation
    from uepnet.inference.counter import Counter


def matrix(
    models: Annotated[list[str], typer.Argument(metavar="MODEL...", help="bundled models' names, or files")],
    data: DataSets,
    split: Annotated[str, typer.Option(help="train, val, test or all")] = "val",
    device: Device = "auto",
    seed: Annotated[int, typer.Option(min=0, help="of the bootstrap intervals")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a model and data set")] = False,
) -> None:
    """Measure every model on every data set, each by the data set's own protocol and the model's own decode.

    A cell in bold is of a data set that the model has been trained on.
    """
    from rich.console import Console
    from rich.table import Table

    from uepnet.annotations.catalog import open_data_set
    from uepnet.inference.counter import Counter

    sets = [open_data_set(text, split=split) for text in data]
    names = [f"{data_set.name} '{data_set.split}'" for data_set in sets]
    table = Table(title="MAE / RMSE", title_justify="left", caption="bold: trained on other pictures of that data set")
    for heading in ("model", *names):
        table.add_column(heading, justify="left" if heading == "model" else "right")
    for model in models:
        counter = Counter(model, device=device)
        cells = []
        for data_set in sets:
            evaluation = _measure(counter, data_set, seed=seed)
            trained = any(seen.data_set == data_set.name for seen in counter.description.trained_on)
            if as_json:
                print(json.dumps({**evaluation.as_json(), "trained_on": trained}, ensure_ascii=False), flush=True)
            figures = f"{evaluation.figures.mae:.1f} / {evaluation.figures.rmse:.1f}"
            cells.append(f"[bold]{figures}[/bold]" if trained else figures)
        table.add_row(counter.description.name, *cells)
    if not as_json:
        Console().print(table)


def _measure(counter: "Counter", data_set: "DataSet", *, seed: int) -> "Evaluation":
    from uepnet.cli.evaluation_progress import progress
    from uepnet.evaluation.evaluate import evaluate
    from uepnet.evaluation.protocols import protocol_of

    with progress(data_set, model=counter.description.name, decode=counter.decode) as on_picture:
        return evaluate(counter, data_set, protocol=protocol_of(data_set), bootstrap_seed=seed, on_picture=on_picture)
