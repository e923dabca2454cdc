"""`uepnet familiar`: what the pictures that a model has learnt from look like to it, so that others are told."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import DataSets, Device, Record, expect_ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from uepnet.annotations.data_set import DataSet
    from uepnet.evaluation.familiarity import FamiliarFit


def familiar(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="an .onnx or .safetensors file")],
    *,
    data: DataSets,
    out: Annotated[Path, typer.Option(help="the model file to write; MODEL itself to put it into it")],
    split: Annotated[str, typer.Option(help="the pictures, those trained on")] = "train",
    most: Annotated[
        int, typer.Option(min=20, help="pictures of a data set that are looked at, drawn by the seed")
    ] = 200,
    record: Record = None,
    seed: Annotated[int, typer.Option(min=0, help="draws the pictures and the folds")] = 0,
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a data set")] = False,
) -> None:
    """Put into a model file what its training pictures look like, so that pictures unlike all of them carry a warning.

    The shares that are shown are of pictures left out of the fit: five parts in turn, and whole data sets in turn as new ones
    (docs/robustness.md).
    """
    from datetime import UTC, datetime

    import numpy as np

    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.description import TrainingData
    from uepnet.evaluation.familiarity import expect_enough, fit_familiar, read_features, some_of, told_without
    from uepnet.export.redescribe import redescribe
    from uepnet.inference.counter import Counter
    from uepnet.laboratory.results import ModelUsed, command_line, data_used, result_of, write_result
    from uepnet.whole_files import make_place

    expect_ending(out, model.suffix, what=model.name)
    sets = [some_of(open_data_set(text, split=split), most=most, seed=seed) for text in data]
    expect_enough(sum(len(one) for one in sets))
    counter = Counter(model, device=device)
    make_place(out, record)
    pictures = [data_used(data_set) for data_set in sets]
    with picture_progress(counter.description.name, pictures=sum(len(data_set) for data_set in sets)) as on_picture:
        features = [read_features(counter.backend, data_set, on_picture=on_picture) for data_set in sets]
    learnt_from = [TrainingData(**used.model_dump()) for used in pictures]
    fit = fit_familiar(np.concatenate(features), seed=seed, learnt_from=learnt_from)
    redescribe(model, out, counter.description.model_copy(update={"familiar": fit.familiar}))
    without = [told_without(features, number, seed=seed) for number in range(len(sets))]
    records = _records(fit, sets, without=without)
    _show(records, as_json=as_json)
    if record is not None:
        settled: dict[str, object] = {"split": split, "most": most, "seed": seed, "device": device, "out": out}
        command = command_line(f"uepnet familiar {model.name}", settled, data=[one.name for one in sets])
        of_file = ModelUsed.of_file(counter.description.name, out)
        result = result_of(records, command=command, date=datetime.now(UTC), data=pictures, model=of_file, seed=seed)
        write_result(record, result)


def _records(
    fit: "FamiliarFit", sets: "Sequence[DataSet]", *, without: "Sequence[float | None]"
) -> "list[dict[str, JsonValue]]":
    """One record a data set: how strange its pictures are to a fit without them, what share would be warned of, and
    what share by a fit to the other data sets alone.
    """
    import numpy as np

    found: list[dict[str, JsonValue]] = []
    ends = np.cumsum([len(one) for one in sets])[:-1]
    for data_set, own, told_new in zip(sets, np.split(fit.unseen, ends), without, strict=True):
        found.append(
            {
                "dataset": data_set.name,
                "images": len(own),
                "median": float(np.median(own)),
                "most": float(own.max()),
                "told": float((own > 1.0).mean()),
                "told_new": told_new,
            }
        )
    return found


def _show(records: "Sequence[dict[str, JsonValue]]", *, as_json: bool) -> None:
    if as_json:
        for record in records:
            print(json.dumps(record), flush=True)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, caption="strangeness in units of the limit; above 1 there is a warning")
    for number, title in enumerate(("data set", "pictures", "median", "strangest", "warned of", "as a new set")):
        table.add_column(title, justify="left" if number == 0 else "right")
    for record in records:
        table.add_row(
            str(record["dataset"]),
            f"{record['images']:,}",
            f"{record['median']:.2f}",
            f"{record['most']:.2f}",
            f"{record['told']:.1%}",
            "-" if record["told_new"] is None else f"{record['told_new']:.1%}",
        )
    Console().print(table)
