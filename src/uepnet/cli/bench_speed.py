"""`uepnet bench speed`: how far is each hot path from the plain way and from what the machine can do?"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uepnet.cli.options import Record

if TYPE_CHECKING:
    from rich.table import Table

    from uepnet.laboratory.speed.measure import Records, Wanted

QUIET = frozenset({"part", "note", "work", "limit_per_second", "unit", "flop", "network"})
"""Fields of a record that its table on the terminal leaves out."""


def speed(
    *,
    part: Annotated[
        list[str] | None,
        typer.Option(help="measure this alone, such as targets or training; repeatable; everything if not given"),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(help="NAME:ROOT: targets of real pictures too, next to drawn ones; repeatable"),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(help="the default model as .safetensors: what int8 layers change in counts of --data"),
    ] = None,
    record: Record = None,
    plots: Annotated[
        Path | None, typer.Option(help="folder for pictures of how cost grows and where a step goes")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="tiny sizes: shows in seconds that everything runs")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a record, nothing else on stdout")] = False,
) -> None:
    """Measure speed: every figure next to the plain way and to the machine's own limit, in the same run.

    Takes some minutes. Let nothing else run meanwhile: the ratios bear it, the seconds do not.
    """
    if weights is not None and not data:
        raise typer.BadParameter("counts are compared on pictures; name some with --data", param_hint="--weights")
    from uepnet.laboratory.speed.measure import PARTS, Wanted, choose_parts

    chosen = choose_parts(part or [])
    records: Records = []
    with _progress(len(chosen)) as (on_part, on_step):
        wanted = Wanted(data=tuple(data or ()), weights=weights, quick=quick, on_step=on_step)
        for name in chosen:
            on_part(name)
            records += PARTS[name](wanted)
    if as_json:
        for one in records:
            print(json.dumps(one, ensure_ascii=False), flush=True)
    else:
        _print_tables(records)
    if plots is not None:
        from uepnet.laboratory.speed.plots import draw_plots

        draw_plots(records, plots)
    if record is not None:
        _record(records, record, parts=part or [], wanted=wanted)


@contextmanager
def _progress(parts: int) -> Iterator[tuple[Any, Any]]:
    """A bar on stderr, and what to tell of each part and each step in it; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("speed", total=parts)
        started: list[str] = []

        def on_part(name: str) -> None:
            bars.update(bar, description=name, completed=len(started))
            started.append(name)

        def on_step(what: str) -> None:
            bars.update(bar, description=f"{started[-1]}: {what}")

        yield on_part, on_step


def _print_tables(records: "Records") -> None:
    from rich.console import Console

    console = Console()
    for part in dict.fromkeys(str(record["part"]) for record in records):
        console.print(_table(part, [record for record in records if record["part"] == part]))


def _table(part: str, records: "Records") -> "Table":
    """A column a field, but for those that only the result file keeps."""
    from rich.table import Table

    table = Table(title=part)
    fields = [field for field in dict.fromkeys(key for record in records for key in record) if field not in QUIET]
    for field in fields:
        text = any(isinstance(record.get(field), str) for record in records)
        table.add_column(field.replace("_", " "), justify="left" if text else "right")
    for record in records:
        table.add_row(*(_cell(record.get(field)) for field in fields))
    return table


def _cell(value: object) -> str:
    """A value for people: three digits are enough."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def _record(records: "Records", path: Path, *, parts: Sequence[str], wanted: "Wanted") -> None:
    from datetime import UTC, datetime

    from uepnet.annotations.catalog import open_data_set
    from uepnet.inference.models import DEFAULT_MODEL, find_model
    from uepnet.laboratory.results import ModelUsed, command_line, data_used, result_of, write_result

    options = {"part": list(parts), "weights": wanted.weights, "quick": wanted.quick}
    used = [data_used(open_data_set(text, split="train")) for text in wanted.data]
    result = result_of(
        records,
        command=command_line("uepnet bench speed", options, data=list(wanted.data)),
        date=datetime.now(UTC),
        data=used,
        model=ModelUsed.of_file(DEFAULT_MODEL, find_model(DEFAULT_MODEL)),
    )
    write_result(path, result)
