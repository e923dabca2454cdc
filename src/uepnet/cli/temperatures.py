"""`uepnet temperatures`: how sure a model's class probabilities should be, fitted on annotated pictures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from uepnet.cli.options import DataSets, Record, expect_ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from uepnet.description import ValidationFigure
    from uepnet.training.temperatures import DecodeError, HeadFit


def temperatures(
    model: Annotated[Path, typer.Argument(metavar="MODEL.safetensors", help="a model written by `uepnet train`")],
    *,
    data: DataSets,
    out: Annotated[Path, typer.Option(help="the .safetensors file to write; MODEL itself to change it")],
    split: Annotated[str, typer.Option(help="the pictures, never those trained on")] = "val",
    by: Annotated[
        Literal["likelihood", "counts"],
        typer.Option(help="a temperature a head that makes the true classes likeliest, or one that counts best"),
    ] = "likelihood",
    largest_sigma: Annotated[
        float | None, typer.Option(min=0.1, help="as in the training's configuration; without: no limit")
    ] = None,
    precision: Annotated[Literal["fp32", "bf16"], typer.Option(help="what the network computes in")] = "fp32",
    record: Record = None,
    seed: Annotated[int, typer.Option(min=0, help="chooses the patches")] = 0,
    device: Annotated[Literal["cpu", "cuda"], typer.Option(help="where the network runs")] = "cpu",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a data set and decode")] = False,
) -> None:
    """Fit the heads' temperatures and put them into the model, and show what they do to the counts.

    Ranges calibrated before belong to other counts, so they are taken out of the model: run `uepnet ranges` afterwards,
    on the file that will count (docs/ranges.md).
    """
    from datetime import UTC, datetime

    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.export.redescribe import redescribe
    from uepnet.laboratory.results import ModelUsed, command_line, data_used, result_of, write_result
    from uepnet.network.model_file import load_model
    from uepnet.training.temperatures import (
        LogitReader,
        decode_errors,
        fit_temperature_to_counts,
        fit_temperatures,
        read_logits,
    )
    from uepnet.whole_files import make_place

    expect_ending(out, ".safetensors", what="a model with its weights")
    sets = [open_data_set(text, split=split) for text in data]
    network, description = load_model(model)
    reader = LogitReader(network, description, device=device, precision=precision)
    make_place(out, record)
    with picture_progress(description.name, pictures=sum(len(data_set) for data_set in sets)) as on_picture:
        pictures = read_logits(reader, sets, largest_sigma=largest_sigma, on_picture=on_picture)
    plain = description.model_copy(update={"temperatures": ()})
    if by == "counts":
        fits = fit_temperature_to_counts(pictures, network, plain)
    else:
        fits = fit_temperatures(pictures, description, seed=seed)
    tempered = plain.model_copy(update={"temperatures": tuple(fit.temperature for fit in fits), "calibration": None})
    after = decode_errors(pictures, network, tempered)
    records = _records(decode_errors(pictures, network, plain), after, fits=fits)
    redescribe(model, out, tempered.model_copy(update={"validation": _as_validation(after, split=split)}))
    _show(records, fits, as_json=as_json)
    if record is not None:
        settled: dict[str, object] = {"split": split, "by": by, "largest-sigma": largest_sigma, "precision": precision}
        settled |= {"device": device, "seed": seed, "out": out}
        command = command_line(f"uepnet temperatures {model.name}", settled, data=[one.name for one in sets])
        used = [data_used(data_set) for data_set in sets]
        of_file = ModelUsed.of_file(description.name, model)
        result = result_of(records, command=command, date=datetime.now(UTC), data=used, model=of_file, seed=seed)
        write_result(record, result)


def _as_validation(errors: "Sequence[DecodeError]", *, split: str) -> "tuple[ValidationFigure, ...]":
    """What the model says of itself: the errors without temperatures are no longer its own."""
    from uepnet.description import ValidationFigure

    return tuple(
        ValidationFigure(
            data_set=error.data_set,
            split=split,
            protocol="exact",
            decode=error.decode,
            pictures=error.pictures,
            mae=error.mae,
            rmse=error.rmse,
        )
        for error in errors
    )


def _records(
    before: "Sequence[DecodeError]", after: "Sequence[DecodeError]", fits: "Sequence[HeadFit]"
) -> "list[dict[str, JsonValue]]":
    """One record a data set, with both decodes before and after, and the fit of every head in each."""
    heads: dict[str, JsonValue] = {
        str(number): {"temperature": fit.temperature, "nll_before": fit.before, "nll_after": fit.after}
        for number, fit in enumerate(fits, start=1)
    }
    records: dict[str, dict[str, JsonValue]] = {}
    for when, errors in (("before", before), ("after", after)):
        for error in errors:
            record = records.setdefault(error.data_set, {"dataset": error.data_set, "images": error.pictures})
            record[f"{error.decode}_{when}"] = {"bias": error.bias, "mae": error.mae}
    return [{**record, "heads": heads} for record in records.values()]


def _show(records: "Sequence[dict[str, JsonValue]]", fits: "Sequence[HeadFit]", *, as_json: bool) -> None:
    if as_json:
        for record in records:
            print(json.dumps(record), flush=True)
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for number, fit in enumerate(fits, start=1):
        console.print(
            f"head {number}: temperature {fit.temperature:.3f}, surprise {fit.before:.4f} -> {fit.after:.4f} nats a patch"
        )
    table = Table(box=None, pad_edge=False)
    columns = ("mean_before", "mean_after", "argmax_after")
    table.add_column("bias / MAE")
    for column in ("pictures", *(column.replace("_", " ") for column in columns)):
        table.add_column(column, justify="right", no_wrap=True)
    for record in records:
        cells = [record[column] for column in columns]
        shown = [f"{cell['bias']:+.1f} / {cell['mae']:.1f}" for cell in cells if isinstance(cell, dict)]
        table.add_row(str(record["dataset"]), str(record["images"]), *shown)
    console.print(table)
