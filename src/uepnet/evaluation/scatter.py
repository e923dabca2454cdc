"""True against counted people of every picture, as a plot."""

import io
from typing import TYPE_CHECKING

import numpy as np

from uepnet.evaluation.evaluate import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINEAR_UP_TO = 20.0
"""Where the most people are no more than this many times the fewest, linear axes show the errors better."""
FEWEST_ON_LOG = 10.0
"""Below this many people a logarithmic axis goes on linearly, so that empty places have a spot on it."""
NAMED = 5
"""How many of the worst pictures are named in the plot."""


def draw_scatter(evaluation: Evaluation) -> bytes:
    """The plot as PNG: a dot a picture, its range where there is one, the diagonal and 20 % around it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 7.6), layout="constrained")
    axes = figure.subplots()
    limits = _scale_axes(axes, evaluation)
    line = np.geomspace(max(limits[0], 0.1), limits[1], 50)
    axes.plot(line, line, color="0.35", linewidth=1, zorder=1)
    axes.fill_between(line, 0.8 * line, 1.2 * line, color="0.92", zorder=0, label="within 20 %")
    _draw_ranges(axes, evaluation)
    axes.scatter(
        evaluation.truth,
        evaluation.counts(),
        s=22,
        color="tab:blue",
        edgecolor="white",
        linewidth=0.5,
        zorder=3,
        clip_on=False,
    )
    _name_the_worst(axes, evaluation)
    axes.set(xlim=limits, ylim=limits, xlabel="true people", ylabel="counted people")
    axes.set_aspect("equal")
    axes.grid(color="0.9", linewidth=0.6, zorder=-1)
    axes.legend(loc="upper left", frameon=False)
    figures = evaluation.figures
    axes.set_title(
        f"{evaluation.data_set} '{evaluation.split}': {len(evaluation.rows)} pictures\n"
        f"MAE {figures.mae:.1f} ({figures.mae_low:.1f} to {figures.mae_high:.1f}), "
        f"RMSE {figures.rmse:.1f}, bias {figures.bias:+.1f}",
        fontsize=11,
    )
    figure.supxlabel(
        f"model {evaluation.model}, decode {evaluation.decode}, protocol {evaluation.protocol.name}",
        fontsize=8,
        color="0.4",
    )
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=130)
    return png.getvalue()


def _scale_axes(axes: "Axes", evaluation: Evaluation) -> tuple[float, float]:
    """Linear or logarithmic axes, whichever shows the pictures, and their common limits."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    people = np.concatenate((evaluation.truth, np.maximum(evaluation.counts(), 0.0)))
    most, fewest = max(float(people.max()), 1.0), float(people.min())
    if most <= LINEAR_UP_TO * max(fewest, 1.0):
        margin = 0.05 * most
        return max(fewest - margin, 0.0), most + margin
    for axis, scale in ((axes.xaxis, axes.set_xscale), (axes.yaxis, axes.set_yscale)):
        scale("symlog", linthresh=FEWEST_ON_LOG, linscale=0.5)
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return (0.0 if fewest < FEWEST_ON_LOG else 0.8 * fewest), 1.25 * most


def _draw_ranges(axes: "Axes", evaluation: Evaluation) -> None:
    ranged = [(row.truth, row.low, row.high) for row in evaluation.rows if row.low is not None and row.high is not None]
    if ranged:
        truth, low, high = zip(*ranged, strict=True)
        axes.vlines(truth, low, high, color="tab:blue", alpha=0.35, linewidth=1.5, zorder=2, label="range")


def _name_the_worst(axes: "Axes", evaluation: Evaluation) -> None:
    off = np.abs(evaluation.counts() - evaluation.truth)
    for index in np.argsort(-off, kind="stable")[:NAMED]:
        row = evaluation.rows[index]
        above = row.count(evaluation.decode) > row.truth
        axes.annotate(
            row.name,
            (row.truth, row.count(evaluation.decode)),
            xytext=(-5, 4) if above else (5, -4),
            textcoords="offset points",
            horizontalalignment="right" if above else "left",
            verticalalignment="bottom" if above else "top",
            fontsize=8,
            color="0.25",
        )
