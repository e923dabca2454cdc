"""`uepnet bench nobody`: how many people a model sees in pictures that show nobody."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import BackendName, DataSets, Device, ModelName, Record
from uepnet.inference.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from uepnet.laboratory.robustness.measure import EmptyCount


def nobody(
    *,
    data: DataSets,
    model: ModelName = DEFAULT_MODEL,
    split: Annotated[str, typer.Option(help="the pictures, never those trained on")] = "all",
    pictures: Annotated[
        Path | None, typer.Option(help="folder for a sheet of the 24 pictures with the most people, and how many")
    ] = None,
    record: Record = None,
    backend: BackendName = "auto",
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a data set")] = False,
) -> None:
    """Count photographs that show nobody: of an empty square, hall or street, taken by the camera that is to count.

    Of a `folder` whose pictures have no heads, each named in a CSV with its name alone. Every data set is told by the name of
    its ROOT. One picture that cannot be read, or that has heads, ends the run: none is skipped (docs/robustness.md).
    """
    from datetime import UTC, datetime

    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import find_model
    from uepnet.laboratory.results import ModelUsed, command_line, data_used, result_of, write_result
    from uepnet.laboratory.robustness.nobody import count_nobody, expect_nobody, nobody_record
    from uepnet.whole_files import make_folder, make_place

    opened = [open_data_set(text, split=split) for text in data]
    sets = {_name_of_root(text): one for text, one in zip(data, opened, strict=True)}
    if len(sets) < len(data):
        raise typer.BadParameter("each ROOT needs a name of its own, by which it is told", param_hint="--data")
    for one in opened:
        expect_nobody(one)
    counter = Counter(model, backend=backend, device=device)
    make_place(record)
    if pictures is not None:
        make_folder(pictures)
    with picture_progress(counter.description.name, pictures=sum(map(len, sets.values()))) as on_picture:
        counts = {name: list(count_nobody(counter, one, on_picture=on_picture)) for name, one in sets.items()}
    records = [nobody_record(name, of_set) for name, of_set in counts.items()]
    _show(records, as_json=as_json)
    if record is not None:
        settled = {"model": Path(model), "split": split, "backend": backend, "device": device}
        command = command_line("uepnet bench nobody", settled, data=data)
        used = [data_used(one).model_copy(update={"data_set": name}) for name, one in sets.items()]
        of_file = ModelUsed.of_file(counter.description.name, find_model(model))
        write_result(record, result_of(records, command=command, date=datetime.now(UTC), data=used, model=of_file))
    if pictures is not None:
        _save_sheet([one for of_set in counts.values() for one in of_set], pictures)


def _name_of_root(text: str) -> str:
    """The folder's own name in NAME:ROOT, also where ROOT is "." or ends in a slash."""
    return Path(text.partition(":")[2]).expanduser().resolve().name


def _save_sheet(counts: "Sequence[EmptyCount]", folder: Path) -> None:
    from PIL import Image

    from uepnet.laboratory.robustness.sheet import contact_sheet
    from uepnet.whole_files import whole_file

    worst = sorted(counts, key=lambda one: -one.per_megapixel)[:24]
    with whole_file(folder / "nobody.jpg") as file:
        Image.fromarray(contact_sheet(worst, columns=6)).save(file, "JPEG", quality=85)


def _show(records: "Sequence[dict[str, JsonValue]]", *, as_json: bool) -> None:
    if as_json:
        for one in records:
            print(json.dumps(one, ensure_ascii=False), flush=True)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from uepnet.laboratory.robustness.figures import MOST_PER_MEGAPIXEL
    from uepnet.printable import printable

    table = Table(
        box=None,
        pad_edge=False,
        caption=f"above: more than {MOST_PER_MEGAPIXEL} people per megapixel; warn: of those; all: of all pictures as one",
    )
    for number, title in enumerate(("pictures", "number", "above", "warn", "all", "worst", "in")):
        table.add_column(title, justify="left" if number in (0, 6) else "right", no_wrap=True)
    for one in records:
        numbers = [f"{one[key]:,.2f}" for key in ("per_megapixel", "worst")]
        counts = [f"{one[key]:,}" for key in ("pictures", "above", "above_warned")]
        table.add_row(
            Text(printable(str(one["dataset"]))), *counts, *numbers, Text(printable(str(one["worst_picture"])))
        )
    Console().print(table)
