"""The sheets as plots."""

import io
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.reproduce.patches import DISTANCE_BINS, ERROR_EDGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Lines = Sequence[Mapping[str, Any]]

COLOURS = {"argmax": "#2b6cb0", "mean": "#dd7a2b", "paper": "0.45"}
"""Of the decodes and the paper; apart for colour-blind eyes too."""


def draw_nothing(title: str) -> bytes:
    """What stands where no row is there yet."""
    figure = _figure(8, 1)
    figure.text(0.5, 0.5, f"{title}: {NOT_RUN}", ha="center", va="center")
    return _png(figure)


def draw_errors(lines: Lines, *, title: str) -> bytes:
    """MAE by line: here by each decode that the line has, a dot a seed, and the paper's on an axis of its own where it has any."""
    figure = _figure(10.5, 1.5 + 0.42 * len(lines))
    places = np.arange(len(lines))[::-1]
    printed = [(place, line["paper_mae"]) for place, line in zip(places, lines, strict=True) if line["paper_mae"]]
    widths = (2, 1) if printed else (1,)
    here, *others = figure.subplots(1, len(widths), sharey=True, squeeze=False, width_ratios=widths)[0]
    only = ", or the only one" if any(len(line["decodes"]) == 1 for line in lines) else ""
    for shift, decode, label in ((0.14, "argmax", "argmax decode"), (-0.14, "mean", f"mean decode{only}")):
        known = [
            (place, line)
            for place, line in zip(places, lines, strict=True)
            if line["seeds"] and decode in line["decodes"]
        ]
        own = [line[f"mae_{decode}"] for _, line in known]
        at = np.array([place + (shift if len(line["decodes"]) > 1 else 0.0) for place, line in known])
        here.barh(at, own, height=0.26, color=COLOURS[decode], alpha=0.55, label=label)
        for place, (_, line) in zip(at, known, strict=True):
            by_seed = line[f"mae_{decode}_by_seed"]
            here.plot(by_seed, [place] * len(by_seed), "o", color=COLOURS[decode], markersize=4)
    for paper in others:
        paper.barh([place for place, _ in printed], [mae for _, mae in printed], height=0.5, color=COLOURS["paper"])
        paper.set(xlabel="MAE (people), in the paper")
    here.set_yticks(places, [str(line["line"]) for line in lines])
    here.set(xlabel="MAE (people), here", title=title)
    here.legend(fontsize="small")
    _grid(here, *others)
    return _png(figure)


def draw_intervals(lines: Lines, *, title: str) -> bytes:
    """MAE against the number of intervals, a curve a method, a panel a decode."""
    figure = _figure(10.5, 4.2)
    for axes, decode in zip(figure.subplots(1, 2), ("argmax", "mean"), strict=True):
        methods = dict.fromkeys(str(line["line"]).partition(",")[0] for line in lines)
        for method, mark in zip(methods, "o^s", strict=False):
            own = [line for line in lines if str(line["line"]).startswith(f"{method},") and line["seeds"]]
            numbers = [int(str(line["line"]).partition(", ")[2]) for line in own]
            axes.plot(numbers, [line[f"mae_{decode}"] for line in own], f"{mark}-", label=method)
        axes.set(xlabel="intervals", ylabel="MAE (people)", title=f"{title}, {decode} decode", xscale="log")
        axes.set_xticks((10, 15, 25, 50, 100), ("10", "15", "25", "50", "100"))
        axes.legend(fontsize="small")
        _grid(axes)
    return _png(figure)


def draw_classes(lines: Lines) -> bytes:
    """Error of every class (bars) with the number of its samples as the bar's colour: the paper's Fig. 6."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm

    known = [line for line in lines if line["seeds"]]
    figure = _figure(11, 3.6 * len(known))
    most = max(max(line["samples"]) for line in known)
    colours = LogNorm(1, max(most, 10))
    for row, line in zip(figure.subplots(len(known), 2, squeeze=False), known, strict=True):
        ink = ScalarMappable(colours, cmap="turbo")
        for axes, key, label in zip(
            row,
            ("class_mae", "contribution"),
            ("class MAE (people a patch)", "contribution (people a picture)"),
            strict=True,
        ):
            heights = np.array(line[key])[1:]
            places = np.arange(1, len(heights) + 1)
            axes.bar(places, heights, color=ink.to_rgba(np.maximum(np.array(line["samples"])[1:], 1)))
            axes.set(xlabel="class (background left out)", ylabel=label, title=line["line"])
            _grid(axes)
        figure.colorbar(ink, ax=row[-1], label="patches")
    return _png(figure)


def draw_distance(lines: Lines) -> bytes:
    """Accuracy by the distance to the nearest border."""
    figure = _figure(7, 4.4)
    axes = figure.subplots()
    middles = (np.arange(DISTANCE_BINS) + 0.5) / (2 * DISTANCE_BINS)
    for line, style in zip([line for line in lines if line["seeds"]], ("o:", "o-", "s:", "s-"), strict=False):
        axes.plot(middles, line["accuracy"], style, label=line["line"])
    axes.set(xlabel="distance to the nearest border / length of the interval", ylabel="patches in the right interval")
    axes.legend(fontsize="small")
    _grid(axes)
    return _png(figure)


def draw_gradient(lines: Lines) -> bytes:
    """The share of the gradient by prediction error, beside the share of the patches: the paper's Fig. 5."""
    known = [line for line in lines if line["seeds"]]
    figure = _figure(9, 4.2)
    axes = figure.subplots()
    names = [f"{low:g}-{high:g}" for low, high in pairwise(ERROR_EDGES[:-1])]
    names.append(f">{ERROR_EDGES[-2]:g}")
    width = 0.8 / max(1, len(known))
    for number, line in enumerate(known):
        places = np.arange(len(names)) + (number - (len(known) - 1) / 2) * width
        axes.bar(places, line["gradient"], width=width, label=f"{line['line']}: gradient")
        axes.plot(places, line["patches"], "k_", markersize=9, label="patches" if number == 0 else None)
    axes.set_xticks(np.arange(len(names)), names)
    axes.set(xlabel="prediction error |e| of a patch (people)", ylabel="share")
    axes.legend(fontsize="small")
    _grid(axes)
    return _png(figure)


def draw_shares(lines: Lines) -> bytes:
    """The share of the error on the background, here and in the paper."""
    known = [line for line in lines if line["seeds"]]
    figure = _figure(8, 1.4 + 0.45 * len(known))
    axes = figure.subplots()
    places = np.arange(len(known))[::-1]
    for shift, key in ((0.25, "argmax"), (0.0, "mean"), (-0.25, "paper")):
        values = [line[f"{key}_share"] or 0.0 for line in known]
        axes.barh(places + shift, values, height=0.22, color=COLOURS[key], label=key)
    axes.set_yticks(places, [str(line["line"]) for line in known])
    axes.set(xlabel="share of the absolute error made on background patches")
    axes.legend(fontsize="small")
    _grid(axes)
    return _png(figure)


def draw_discretisation(lines: Lines) -> bytes:
    """The error that classes alone leave, on a logarithmic axis: a panel a size of patch."""
    patches = list(dict.fromkeys(line["patch"] for line in lines))
    figure = _figure(11, 3.6)
    for axes, patch in zip(
        figure.subplots(1, len(patches), sharex=True, sharey=True, squeeze=False)[0], patches, strict=True
    ):
        own = [line for line in lines if line["patch"] == patch]
        colours = [COLOURS["argmax" if "MCP" in str(line["line"]) else "paper"] for line in own]
        axes.barh(np.arange(len(own))[::-1], [max(line["error"], 1e-3) for line in own], color=colours)
        axes.set_yticks(np.arange(len(own))[::-1], [str(line["line"]) for line in own])
        axes.set(xscale="log", xlabel="people a picture", title=f"patches of {patch} x {patch}")
        _grid(axes)
    return _png(figure)


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _grid(*panels: "Axes") -> None:
    for axes in panels:
        axes.grid(alpha=0.3)
        axes.set_axisbelow(True)


def _png(figure: "Figure") -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=100)
    return content.getvalue()
