"""The measured speeds as pictures.

`python -m uepnet.laboratory.speed.plots results/speed.json docs/images` draws them from a result file.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.results import read_result
from uepnet.whole_files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Records = Sequence[dict[str, JsonValue]]

PANELS = {"megapixels": "one picture", "heads": "targets", "pictures": "evaluation", "counts": "partition"}
"""A panel a unit, with its title."""
DOTS_PER_INCH = 80


def draw_plots(records: Records, folder: Path) -> list[Path]:
    """Draw `performance-growth.png` and `performance-layers.png`; one without records says that it was not run."""
    drawn = []
    for part, name, draw in (
        ("growth", "performance-growth.png", _growth),
        ("training-layers", "performance-layers.png", _layers),
    ):
        chosen = [record for record in records if record["part"] == part]
        content = io.BytesIO()
        (draw(chosen) if chosen else _nothing(part)).savefig(content, format="png", dpi=DOTS_PER_INCH)
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content.getvalue())
        drawn.append(folder / name)
    return drawn


def _nothing(part: str) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 1))
    figure.text(0.5, 0.5, f"{part}: {NOT_RUN}", ha="center", va="center")
    return figure


def _growth(records: Sequence[dict[str, Any]]) -> "Figure":
    """Time, and where it was measured memory, against size; both axes in powers of ten."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6.5), layout="constrained")
    for axes, (unit, title) in zip(figure.subplots(2, 2).flat, PANELS.items(), strict=True):
        points = [record for record in records if record["unit"] == unit and record["seconds"] is not None]
        _draw_curves(axes, points)
        axes.set(xscale="log", yscale="log", xlabel=unit, ylabel="seconds (lines with dots)", title=title)
        axes.grid(alpha=0.3)
    return figure


def _draw_curves(axes: "Axes", points: Sequence[dict[str, Any]]) -> None:
    memory = None
    for number, curve in enumerate(dict.fromkeys(point["curve"] for point in points)):
        own = [point for point in points if point["curve"] == curve]
        colour = f"C{number}"
        axes.plot([p["size"] for p in own], [p["seconds"] for p in own], "o-", color=colour, label=curve)
        held = [point for point in own if point["peak_megabytes"] is not None]
        if held:
            memory = memory or axes.twinx()
            memory.plot([p["size"] for p in held], [p["peak_megabytes"] for p in held], ":", color=colour)
            memory.set(yscale="log", ylabel="peak memory, MB (dotted)")
    if points:
        axes.legend(fontsize="small", loc="upper left")


def _layers(records: Sequence[dict[str, Any]]) -> "Figure":
    """The time of each layer of a step, as wide as its share of the step and as high as its share of the peak."""
    from matplotlib.figure import Figure

    networks = list(dict.fromkeys(record["network"] for record in records))
    figure = Figure(figsize=(10, 3.2 * len(networks)), layout="constrained")
    for axes, network in zip(figure.subplots(len(networks), 1, squeeze=False).flat, networks, strict=True):
        own = [record for record in records if record["network"] == network]
        begin = 0.0
        for layer in own:
            width = max(0.0, layer["share_of_step"])
            axes.bar(begin, layer["share"] or 0.0, width=width, align="edge", color="tab:blue", edgecolor="white")
            if width > 0.03:
                axes.text(begin + width / 2, 0.02, layer["layer"], rotation=90, fontsize=7, ha="center", va="bottom")
            begin += width
        axes.axhline(1.0, color="0.5", linewidth=0.7)
        axes.set(xlim=(0, begin), xlabel="share of the step's time", ylabel="share of the peak", title=network)
    return figure


def main(arguments: Iterable[str]) -> int:
    """Draw the pictures of a result file into a folder."""
    parser = argparse.ArgumentParser(prog="python -m uepnet.laboratory.speed.plots", description=main.__doc__)
    parser.add_argument("results", type=Path, help="what `uepnet bench speed --record` wrote")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    options = parser.parse_args(list(arguments))
    for path in draw_plots(read_result(options.results).figures, options.folder):
        sys.stdout.write(f"drawn: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
