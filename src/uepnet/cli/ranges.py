"""`uepnet ranges`: calibrate the ranges of a model's counts on annotated pictures, and check that they hold."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import DataSets, Decode, Device, Record, expect_ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uepnet.description import ModelDescription
    from uepnet.evaluation.range_figures import RangeFigures
    from uepnet.evaluation.readings import Reading


def ranges(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="an .onnx or .safetensors file")],
    *,
    data: DataSets,
    out: Annotated[Path, typer.Option(help="the model file to write; MODEL itself to put the ranges into it")],
    split: Annotated[str, typer.Option(help="the pictures, never those trained on")] = "val",
    coverage: Annotated[
        float, typer.Option(min=0.01, max=0.999, help="share of pictures whose true number is in the range")
    ] = 0.9,
    decode: Annotated[Decode | None, typer.Option(help="the decode to calibrate; the model's if not given")] = None,
    plot: Annotated[Path | None, typer.Option(help="PNG: true people against their ranges")] = None,
    record: Record = None,
    seed: Annotated[int, typer.Option(min=0, help="of the folds")] = 0,
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a group of pictures")] = False,
) -> None:
    """Put ranges into a model file: low and high for every count, at a stated coverage (docs/ranges.md).

    The file's errors on the same pictures go into it too, in place of those of its weights on data sets of the same names.
    The coverage that is shown is measured on pictures that the ranges were not calibrated on, ten folds in turn.
    """
    from datetime import UTC, datetime

    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.description import TrainingData
    from uepnet.evaluation.calibrate import calibrate, cross_check
    from uepnet.evaluation.range_figures import range_figures
    from uepnet.evaluation.readings import read_data_sets
    from uepnet.export.redescribe import redescribe
    from uepnet.inference.counter import Counter
    from uepnet.laboratory.results import ModelUsed, command_line, data_used, result_of, write_result
    from uepnet.whole_files import make_place, write_whole

    if plot is not None:
        import matplotlib as _  # noqa: F401  # a missing package is found before the pictures are counted
    expect_ending(out, model.suffix, what=model.name)
    sets = [open_data_set(text, split=split) for text in data]
    counter = Counter(model, device=device, decode=decode)
    make_place(out, record, plot)
    pictures = [data_used(data_set) for data_set in sets]
    with picture_progress(counter.description.name, pictures=sum(len(data_set) for data_set in sets)) as on_picture:
        readings = read_data_sets(counter.backend, sets, on_picture=on_picture)
    seen = [TrainingData(**used.model_dump()) for used in pictures]
    calibration = calibrate(readings, decode=counter.decode, coverage=coverage, seed=seed, calibrated_on=seen)
    rows = cross_check(readings, decode=counter.decode, coverage=coverage, seed=seed)
    figures = range_figures(rows, nominal=coverage)
    described = _with_errors(counter.description, readings, split=split)
    redescribe(model, out, described.model_copy(update={"calibration": calibration}))
    _show(figures, as_json=as_json)
    if plot is not None:
        from uepnet.evaluation.range_plot import draw_ranges

        title = f"{counter.description.name}: ranges at a coverage of {100 * coverage:g} %"
        write_whole(plot, draw_ranges(rows, title=title))
    if record is not None:
        settled = {"split": split, "coverage": coverage, "decode": counter.decode}
        settled |= {"device": device, "seed": seed, "out": out}
        command = command_line(f"uepnet ranges {model.name}", settled, data=[used.data_set for used in pictures])
        told = [group.as_json() for group in figures]
        of_file = ModelUsed.of_file(counter.description.name, out)
        result = result_of(told, command=command, date=datetime.now(UTC), data=pictures, model=of_file, seed=seed)
        write_result(record, result)


def _with_errors(description: "ModelDescription", readings: "Sequence[Reading]", *, split: str) -> "ModelDescription":
    """The errors of these readings in place of those on data sets of the same name, part and protocol."""
    from uepnet.evaluation.readings import validation_figures

    measured = validation_figures(readings, decodes=description.decodes, split=split)
    again = {(figure.data_set, figure.split, figure.protocol) for figure in measured}
    others = [one for one in description.validation if (one.data_set, one.split, one.protocol) not in again]
    return description.model_copy(update={"validation": (*others, *measured)})


def _show(figures: "Sequence[RangeFigures]", *, as_json: bool) -> None:
    if as_json:
        for group in figures:
            print(json.dumps(group.as_json()), flush=True)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, caption="width: the median, in people and as a share of the count")
    for number, title in enumerate(("pictures", "ranges", "hold", "95 % interval", "wanted", "width", "share")):
        table.add_column(title, justify="left" if number == 0 else "right")
    for group in figures:
        table.add_row(
            group.dataset,
            f"{group.images:,}",
            f"{group.coverage:.1%}",
            f"{group.low:.1%} to {group.high:.1%}",
            f"{group.nominal:.0%}" + ("" if group.sure else " (missed)"),
            f"{group.width:,.1f}",
            f"{group.relative:.0%}",
        )
    Console().print(table)
