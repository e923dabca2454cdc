"""Partitions as a picture: where the classes lie, how many samples each has, and n*l."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from uepnet.counting.cost import ClassCosts
    from uepnet.counting.partition import Partition

COLOURS = ("#2b6cb0", "#dd7a2b")
"""Of the first and the second head; apart for colour-blind eyes too."""


@dataclass(frozen=True)
class Column:
    """What is drawn below one title: a partition for each head, with what its classes cost."""

    title: str
    heads: "tuple[tuple[Partition, ClassCosts], ...]"


def draw_partitions(columns: Sequence[Column], out: Path, *, title: str) -> None:
    """Writes the picture, whole or not at all, in the format that the file's name ends with.

    Several columns share their axes, so that they can be compared.
    """
    from matplotlib.figure import Figure

    from uepnet.whole_files import write_whole

    alone = len(columns) == 1
    figure = Figure(figsize=(9, 9) if alone else (1.5 + 2.4 * len(columns), 9), layout="constrained")
    figure.suptitle(title)
    grid = figure.subplots(3, len(columns), sharex="col", sharey="row", squeeze=False)
    bottom = min(_bottom(partition) for column in columns for partition, _ in column.heads)
    for column, (intervals, samples, errors) in zip(columns, grid.T, strict=True):
        intervals.set(yscale="log", title=column.title)
        samples.set(yscale="log", ylim=(0.7, None))
        errors.set(yscale="linear" if alone else "log", xlabel="class")
        for head, (partition, costs) in enumerate(column.heads):
            place = _places(column, head)
            name = f"head {head + 1}: " if len(column.heads) > 1 else ""
            _draw_intervals(intervals, partition, costs, place=place, bottom=bottom, name=name)
            samples.bar(place.x, costs.samples, width=place.width, color=place.colour)
            errors.bar(place.x, costs.errors, width=place.width, color=place.colour)
    largest = max(float(partition.proxies[-1] + costs.lengths[-1]) for c in columns for partition, costs in c.heads)
    grid[0, 0].set_ylim(bottom, 2 * largest)
    grid[0, 0].legend(loc="upper left", frameon=False, fontsize="small")
    for row, label in zip(grid, ("heads in a patch", "samples n", "n · l  (samples × heads)"), strict=True):
        row[0].set_ylabel(label)
    figure.align_ylabels(grid[:, 0])
    drawing = io.BytesIO()
    figure.savefig(drawing, format=out.suffix[1:], dpi=120)
    write_whole(out, drawing.getvalue())


@dataclass(frozen=True)
class Place:
    """Where the bars of one head stand: side by side with those of the other, if there are two."""

    x: Float[np.ndarray, " classes"]
    width: float
    colour: str


def _places(column: Column, head: int) -> Place:
    width = 0.8 / len(column.heads)
    shift = (head - (len(column.heads) - 1) / 2) * width
    return Place(x=np.arange(column.heads[head][0].classes) + shift, width=width, colour=COLOURS[head])


def _draw_intervals(
    axes: "Axes", partition: "Partition", costs: "ClassCosts", *, place: Place, bottom: float, name: str
) -> None:
    """Each class as a bar from border to border, its proxy as a dot (a proxy of 0 has no place on a logarithmic axis)."""
    low = np.array([bottom, *partition.borders])
    high = np.array([*partition.borders, partition.borders[-1] + costs.lengths[-1]])
    dots = np.where(np.array(partition.proxies) > 0, partition.proxies, np.nan)
    axes.bar(place.x, high - low, bottom=low, width=place.width, color=place.colour, alpha=0.45, label=f"{name}classes")
    axes.plot(place.x, dots, ".", color=place.colour, label=f"{name}proxies")


def _bottom(partition: "Partition") -> float:
    """Low enough to show the background, which goes down to 0, and its proxy."""
    return min(partition.borders[0], partition.proxies[0] or partition.borders[0]) / 2
