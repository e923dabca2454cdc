"""`uepnet models`: which models there are, and what they were trained on."""

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from uepnet.description import ModelDescription, ValidationFigure


MARKERS = re.compile(r"<!--.*?-->\n?", re.DOTALL)
"""What pages are rendered by, and no reader needs."""

LONGEST_CARD = 100_000
"""Letters of the card in words that are shown."""


def models(
    name: Annotated[str | None, typer.Argument(help="a bundled model's name or a model file: its whole card")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line, nothing else on stdout")] = False,
) -> None:
    """List the bundled models, or show the card of one."""
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import DEFAULT_MODEL, bundled_models, find_model

    files = bundled_models() if name is None else {name: find_model(name)}
    described = {path: Counter(path).description for path in files.values()}
    if as_json:
        for description in described.values():
            print(json.dumps(description.model_dump(mode="json")))
    elif name is not None:
        for path, description in described.items():
            _print_card(path, description)
    elif described:
        _print_list(described, default=DEFAULT_MODEL)
    else:
        typer.echo("this installation has no bundled models; give `uepnet count --model FILE` one")


def _print_list(described: "dict[Path, ModelDescription]", *, default: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for title in ("model", "encoder", "trained on", "validation MAE / RMSE"):
        table.add_column(title, overflow="fold")
    table.add_column("size", justify="right", no_wrap=True)
    for path, description in described.items():
        table.add_row(
            Text(printable(path.stem) + (" (default)" if path.stem == default else "")),
            Text(printable(description.network.encoder)),
            Text(printable(", ".join(dict.fromkeys(data.data_set for data in description.trained_on)) or "not said")),
            Text("\n".join(printable(line) for line in _own_figures(description)) or "not run"),
            f"{path.stat().st_size / 1e6:.1f} MB",
        )
    Console().print(table)


def _print_card(path: "Path", description: "ModelDescription") -> None:
    """Everything that the model file says about itself, and the card in words where one lies beside it."""
    network = description.network
    lines = [
        f"{description.name} ({path}, {path.stat().st_size / 1e6:.1f} MB)",
        f"  network     {network.encoder} to stride {network.deepest}, output stride {network.stride}, decoder "
        f"{network.decoder_channels} / {network.merge_channels}, heads {network.head_channels}"
        + (f", presence {network.presence}" if network.presence else ""),
        f"  colours     RGB in [0, 1] minus {description.mean}, divided by {description.std}",
        f"  patch       {description.patch} x {description.patch} pixels",
        f"  decode      {description.decode}",
        f"  start       {description.start}, then {description.steps:,} steps",
    ]
    lines += [
        f"  trained on  {data.data_set} {data.split}: {data.pictures:,} pictures, {data.heads:,} heads, sha256 {data.digest}"
        for data in description.trained_on
    ]
    lines += [f"  validation  {_figure(figure)} on {figure.pictures} pictures" for figure in description.validation]
    if description.temperatures:
        lines.append(f"  temperature {_numbers(description.temperatures)}")
    if description.calibration is not None:
        ranges = description.calibration
        seen = ", ".join(f"{data.pictures:,} of {data.data_set} {data.split}" for data in ranges.calibrated_on)
        lines.append(
            f"  ranges      {ranges.coverage:.0%} by the {ranges.decode} decode; pictures: {seen or 'not said'}"
        )
    if description.familiar is not None:
        seen = ", ".join(
            f"{data.pictures:,} of {data.data_set} {data.split}" for data in description.familiar.learnt_from
        )
        lines.append(f"  familiar    warns of pictures unlike those learnt from; looked at: {seen or 'not said'}")
    lines += _output_lines(description)
    for number, partition in enumerate(description.partitions, start=1):
        lines += [
            f"  head {number}      {partition.classes} classes of people per patch",
            f"    borders   {_numbers(partition.borders)}",
            f"    proxies   {_numbers(partition.proxies)}",
        ]
    card = path.with_suffix(".md")
    if card.is_file():
        with card.open(encoding="utf-8", errors="replace") as file:
            text = MARKERS.sub("", file.read(LONGEST_CARD))
            lines += ["", *text.rstrip().splitlines()]
    typer.echo("\n".join(printable(line) for line in lines))


def _output_lines(description: "ModelDescription") -> list[str]:
    """What the heads give, where it is not the classes that are listed anyway."""
    from uepnet.description import ClassesOutput, CountOutput

    output = description.output
    if isinstance(output, ClassesOutput):
        return ["  output      classes of whole numbers of points"] if output.people == "points" else []
    if isinstance(output, CountOutput):
        cells = f", the mean of {output.cells} x {output.cells} densities" if output.cells > 1 else ""
        return [f"  output      people per patch by {output.positive}{cells}, learnt as {output.target}"]
    return ["  output      zero-inflated Poisson distribution of the points in a patch"]


def _own_figures(description: "ModelDescription") -> list[str]:
    """The validation by the model's own decode."""
    return [
        f"{figure.data_set} {figure.mae:.1f} / {figure.rmse:.1f}"
        for figure in description.validation
        if figure.decode == description.decode
    ]


def _figure(figure: "ValidationFigure") -> str:
    return (
        f"{figure.data_set} {figure.split}: {figure.mae:.1f} / {figure.rmse:.1f} "
        f"({figure.decode} decode, {figure.protocol} protocol)"
    )


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:.4g}" for value in values)
