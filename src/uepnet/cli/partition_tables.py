"""Partitions as tables in the terminal."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from uepnet.counting.comparison import MethodCosts
    from uepnet.counting.cost import ClassCosts
    from uepnet.counting.partition import Partition


def print_partitions(partitions: "Sequence[Partition]", costs: "Sequence[ClassCosts]", *, title: str) -> None:
    """One line a class: where it begins, its proxy, samples and n*l, for each head."""
    table = Table(title=title)
    table.add_column("class", justify="right")
    for head in range(len(partitions)):
        name = f" {head + 1}" if len(partitions) > 1 else ""
        for column in (f"from{name}", f"proxy{name}", f"samples{name}", f"n*l{name}"):
            table.add_column(column, justify="right")
    for index in range(max(partition.classes for partition in partitions)):
        cells = [str(index)]
        for partition, cost in zip(partitions, costs, strict=True):
            cells += _class_cells(partition, cost, index)
        table.add_row(*cells)
    _console().print(table)


def print_comparison(methods: "Sequence[MethodCosts]", *, measured: str) -> None:
    """Borders, samples and n*l of all methods side by side, and below them the errors that their classes leave."""
    if not methods:
        return
    console = _console()
    console.print(_by_class(methods, "borders: where each class begins, in heads", lambda m, c: _begin(m.mean, c)))
    console.print(_by_class(methods, "samples of each class", lambda m, c: f"{m.costs.samples[c]:,}"))
    console.print(_by_class(methods, "n*l: samples times length of each class", lambda m, c: _short(m.costs.errors[c])))
    table = Table(title=f"discretisation error on {measured}, people a picture")
    for column in ("method", "classes", "midpoint proxies", "mean proxies", "n*l above t0, smallest", "largest"):
        table.add_column(column, justify="left" if column == "method" else "right")
    for method in methods:
        errors = method.costs.errors[1:]
        table.add_row(
            method.method,
            str(method.mean.classes),
            _short(method.midpoint_error),
            _short(method.mean_error),
            _short(errors.min()),
            _short(errors.max()),
        )
    console.print(table)


def _by_class(methods: "Sequence[MethodCosts]", title: str, cell: "Callable[[MethodCosts, int], str]") -> Table:
    table = Table(title=title)
    table.add_column("class", justify="right")
    for method in methods:
        table.add_column(method.method, justify="right")
    for index in range(max(method.mean.classes for method in methods)):
        cells = [cell(method, index) if index < method.mean.classes else "" for method in methods]
        table.add_row(str(index), *cells)
    return table


def _class_cells(partition: "Partition", cost: "ClassCosts", index: int) -> list[str]:
    if index >= partition.classes:
        return [""] * 4
    return [
        _begin(partition, index),
        _short(partition.proxies[index]),
        f"{cost.samples[index]:,}",
        _short(cost.errors[index]),
    ]


def _begin(partition: "Partition", index: int) -> str:
    return _short(partition.borders[index - 1]) if index else "0"


def _short(number: float) -> str:
    """Four significant digits, without an exponent for numbers that a person reads."""
    if number >= 1000:
        return f"{number:,.0f}"
    return f"{number:.4g}"


def _console() -> Console:
    """A console whose tables are never cut off: in a file or pipe they are as wide as they need to be."""
    console = Console()
    return console if console.is_terminal else Console(width=200)
