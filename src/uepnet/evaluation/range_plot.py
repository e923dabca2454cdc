"""True people against their ranges, as a plot."""

import io
from collections.abc import Sequence

from uepnet.evaluation.calibrate import RangeRow

COLOURS = {True: "#3b6ea8", False: "#c8442e"}
LABELS = {True: "the range holds the truth", False: "it does not"}


def draw_ranges(rows: Sequence[RangeRow], *, title: str) -> bytes:
    """The plot of whole pictures as PNG: a bar from low to high at each picture's truth, a dot at its count."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    whole = [row for row in rows if row.grid == 1]
    figure = Figure(figsize=(6.2, 5.6), layout="constrained")
    axes = figure.subplots()
    most = 1.3 * max(max(row.high, row.truth) for row in whole)
    axes.plot([0, most], [0, most], color="0.6", linewidth=0.8, zorder=1)
    for holds in (True, False):
        group = [row for row in whole if row.holds == holds]
        truth, colour = [row.truth for row in group], COLOURS[holds]
        label = f"{LABELS[holds]}: {len(group)} of {len(whole)} pictures"
        axes.vlines(truth, [row.low for row in group], [row.high for row in group], color=colour, alpha=0.45, lw=1.3)
        axes.scatter(truth, [row.count for row in group], s=9, color=colour, label=label, zorder=3)
    for axis, scale in ((axes.xaxis, axes.set_xscale), (axes.yaxis, axes.set_yscale)):
        scale("symlog", linthresh=10.0, linscale=0.6)
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set(xlim=(0, most), ylim=(0, most), xlabel="true people", ylabel="counted people and their range", title=title)
    axes.grid(color="0.92", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", frameon=False)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, pil_kwargs={"optimize": True})
    return png.getvalue()
