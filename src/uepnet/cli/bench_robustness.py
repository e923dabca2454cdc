"""`uepnet bench robustness`: pictures without people, changed pictures, and warnings where a count is far off."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import BackendName, Device, ModelName, Record
from uepnet.inference.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from rich.table import Table

    from uepnet.laboratory.results import DataUsed
    from uepnet.laboratory.robustness.figures import Figure
    from uepnet.laboratory.robustness.measure import Behaviour


def robustness(
    data: Annotated[list[str], typer.Option(help="NAME:ROOT, whose validation part is measured on; repeatable")],
    model: ModelName = DEFAULT_MODEL,
    most: Annotated[int, typer.Option(min=1, help="pictures of each data set that are changed")] = 12,
    counted: Annotated[int, typer.Option(min=1, help="pictures of each data set that warnings are judged on")] = 100,
    pictures: Annotated[
        Path | None, typer.Option(help="folder for a sheet of the peopleless pictures with their counts")
    ] = None,
    record: Record = None,
    backend: BackendName = "auto",
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a test")] = False,
) -> None:
    """Measure how a model behaves: on pictures without people, on changed pictures, and when its count is far off.

    Limits that are missed are shown as missed; the exit status is 0 all the same.
    """
    from rich.console import Console
    from rich.progress import Progress

    from uepnet.annotations.catalog import open_data_set
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import find_model
    from uepnet.laboratory.robustness.figures import figures_of
    from uepnet.laboratory.robustness.measure import measure, plan
    from uepnet.whole_files import make_folder, make_place

    sets = [open_data_set(text, split="val") for text in data]
    to_count = plan(sets, most_changed=most, most_counted=counted)
    counter = Counter(model, backend=backend, device=device)
    make_place(record)
    if pictures is not None:
        make_folder(pictures)
    stderr = Console(stderr=True)
    name = counter.description.name
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as bars:
        bar = bars.add_task(name, total=to_count.steps)
        behaviour = measure(counter, to_count, on_step=lambda: bars.advance(bar))
    figures = figures_of(behaviour)
    if as_json:
        print("\n".join(json.dumps(figure.as_record(), ensure_ascii=False) for figure in figures))
    else:
        _print_tables(figures, model=name)
    if pictures is not None:
        _save_sheet(behaviour, pictures)
    if record is not None:
        from uepnet.laboratory.results import command_line

        options = {"model": Path(model), "most": most, "counted": counted, "backend": backend, "device": device}
        command = command_line("uepnet bench robustness", options, data=data)
        _record(figures, behaviour, record, command=command, model=(name, find_model(model)))


def _print_tables(figures: "tuple[Figure, ...]", *, model: str) -> None:
    from rich.console import Console

    console = Console()
    for unit in ("people per megapixel", "share"):
        console.print(_table([figure for figure in figures if figure.unit == unit], title=f"{model}: {unit}"))
    warned = figures[-1].details
    console.print(
        f"{warned['far_off']} pictures are off by more than a factor 3 and 10 people; {warned['far_off_warned']} of them "
        f"warn. {warned['warned']} of all {figures[-1].pictures} pictures warn ({warned['warned_share']:.1%})."
    )
    missed = sum(figure.met is False for figure in figures)
    console.print(f"{len(figures) - missed} of {len(figures)} tests keep their limit or had nothing to measure.")


def _table(figures: "list[Figure]", *, title: str) -> "Table":
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("test")
    table.add_column("what")
    for heading in ("pictures", "limit", "value", "met"):
        table.add_column(heading, justify="right")
    for figure in figures:
        form = ".2f" if figure.unit != "share" else ".1%"
        value = "-" if figure.value is None else format(figure.value, form)
        met = str(figure.as_record()["met"])
        bound = f"{'at least ' if figure.at_least else ''}{figure.limit:{'.1f' if form == '.2f' else '.0%'}}"
        style = "red" if figure.met is False else None
        table.add_row(figure.test, figure.about, str(figure.pictures), bound, value, met, style=style)
    return table


def _save_sheet(behaviour: "Behaviour", folder: Path) -> None:
    from PIL import Image

    from uepnet.laboratory.robustness.peopleless import SHOWN
    from uepnet.laboratory.robustness.sheet import contact_sheet
    from uepnet.whole_files import whole_file

    sheet = Image.fromarray(contact_sheet(behaviour.empty, columns=2 * len(SHOWN)))
    with whole_file(folder / "peopleless.jpg") as file:
        sheet.save(file, "JPEG", quality=85)


def _record(
    figures: "tuple[Figure, ...]", behaviour: "Behaviour", path: Path, *, command: str, model: tuple[str, Path]
) -> None:
    from datetime import UTC, datetime

    from uepnet.laboratory.results import ModelUsed, result_of, write_result

    records = [figure.as_record() for figure in figures]
    used = ModelUsed.of_file(*model)
    result = result_of(records, command=command, date=datetime.now(UTC), data=_data_used(behaviour), model=used)
    write_result(path, result)


def _data_used(behaviour: "Behaviour") -> "list[DataUsed]":
    from uepnet.laboratory.results import DataUsed

    heads = {data_set.name: 0 for data_set in behaviour.measured}
    for doubt in behaviour.doubts:
        heads[doubt.data_set] += doubt.true
    return [
        DataUsed(data_set=one.name, split=one.split, pictures=len(one), heads=heads[one.name], digest=one.digest())
        for one in behaviour.measured
    ]
