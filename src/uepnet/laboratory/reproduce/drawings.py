"""The pictures of docs/how-it-works.md, and with them the paper's Figs. 1 to 3, drawn from the method itself.

`python -m uepnet.laboratory.reproduce.drawings docs/images` draws them all: the example scene, its heads, local counts,
the bundled model's intervals, classes and counts, the network, and the interleaved heads.
"""

import argparse
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from uepnet.counting.codec import encode
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import Partition
from uepnet.counting.sigma import sigma_of
from uepnet.inference.counter import Counter
from uepnet.laboratory.reproduce.inconsistencies import draw_inconsistencies
from uepnet.laboratory.reproduce.network_drawing import draw_network
from uepnet.scenes.example import draw_example
from uepnet.scenes.scene import Scene
from uepnet.whole_files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VIEW = (448, 392, 128, 96)
"""Left, top, width and height in pixels of the part that is looked at closely."""
CLASS_COLOURS = "turbo"
WIDEST = 15.0
"""No Gaussian is wider than this many pixels, as in the training of the model that counts here."""


@dataclass(frozen=True)
class Worked:
    """The example picture worked through: true and counted people of every patch, and the model's partitions."""

    scene: Scene
    true: Float[np.ndarray, "rows columns"]
    counted: Float[np.ndarray, "rows columns"]
    count: float
    partitions: tuple[Partition, ...]
    patch: int
    model: str


def work_through() -> Worked:
    """Count the example picture with the default model."""
    scene, counter = draw_example(), Counter()
    result = counter.count(scene.pixels, name="example")
    patch = result.patch
    sigma = np.minimum(sigma_of(scene.heads, fixed=None), WIDEST)
    true = local_counts(scene.heads, sigma, patch=patch)
    description = counter.description
    return Worked(scene, true, result.count_map, result.count, description.partitions, patch, description.name)


def draw_all(folder: Path) -> list[Path]:
    """Draw every picture into the folder, each whole or not at all."""
    worked = work_through()
    drawings = {
        "how-heads.jpg": _heads(worked),
        "how-local-counts.jpg": _local_counts(worked),
        "how-intervals.png": _intervals(worked),
        "how-pipeline.jpg": _pipeline(worked),
        "how-interleaved.png": _interleaved(worked),
        "how-network.png": draw_network(),
        "how-inconsistencies.jpg": draw_inconsistencies(),
    }
    return [draw_into(folder / name, figure) for name, figure in drawings.items()]


def draw_into(path: Path, figure: "Figure") -> Path:
    """Write a figure in the format of the file's name, whole or not at all, and give the file back."""
    content = io.BytesIO()
    figure.savefig(content, format=path.suffix[1:], dpi=90)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.getvalue())
    return path


def _heads(worked: Worked) -> "Figure":
    """The picture with a dot on every head."""
    figure = _figure(8, 6)
    axes = figure.subplots()
    _show(axes, worked)
    xy = worked.scene.heads.xy
    axes.plot(xy[:, 0], xy[:, 1], ".", color="#40e0d0", markersize=5)
    left, top, width, height = VIEW
    _frame(axes, left, top, width, height)
    axes.set_title(f"{len(worked.scene.heads)} heads, a point each")
    return figure


def _local_counts(worked: Worked) -> "Figure":
    """A part of the picture with the true people of every patch written into it."""
    figure = _figure(9, 6.9)
    axes = figure.subplots()
    _show(axes, worked)
    left, top, width, height = VIEW
    patch = worked.patch
    for row in range(top // patch, (top + height) // patch):
        for column in range(left // patch, (left + width) // patch):
            value = worked.true[row, column]
            if value >= 0.005:
                place = ((column + 0.5) * patch, (row + 0.55) * patch)
                axes.text(
                    *place, f"{value:.2f}"[1:] if value < 1 else f"{value:.1f}", ha="center", va="center", fontsize=6.5
                )
    axes.set_xticks(np.arange(left, left + width + 1, patch), minor=True)
    axes.set_yticks(np.arange(top, top + height + 1, patch), minor=True)
    axes.grid(which="minor", color="white", linewidth=0.5)
    xy = worked.scene.heads.xy
    axes.plot(xy[:, 0], xy[:, 1], "o", color="#d7263d", markersize=6, markerfacecolor="none")
    inside = worked.true[top // patch : (top + height) // patch, left // patch : (left + width) // patch].sum()
    axes.set(xlim=(left, left + width), ylim=(top + height, top), xticks=(), yticks=())
    axes.images[0].set_alpha(0.55)
    axes.set_title(f"people in each patch of {patch} x {patch} pixels; {inside:.1f} in this part together")
    return figure


def _intervals(worked: Worked) -> "Figure":
    """The borders and proxies of the first head over the local counts of the picture."""
    figure = _figure(9, 3.6)
    axes = figure.subplots()
    first = worked.partitions[0]
    values = worked.true[worked.true >= first.borders[0]]
    edges = np.geomspace(first.borders[0], max(values.max(), first.borders[-1]) * 1.2, 60)
    axes.hist(values, bins=edges.tolist(), color="0.75")
    for border in first.borders:
        axes.axvline(border, color="#2b6cb0", linewidth=0.9)
    proxies = np.array(first.proxies)
    axes.plot(proxies[proxies > 0], np.full((proxies > 0).sum(), 2.0), "v", color="#dd7a2b", label="proxies")
    axes.set(xscale="log", xlabel="people in a patch", ylabel="patches of the picture", xlim=(1e-4, None))
    axes.set_title(f"{first.classes} intervals of {worked.model}: borders (lines) and what each stands for (triangles)")
    axes.legend(fontsize="small", loc="upper left")
    return figure


def _pipeline(worked: Worked) -> "Figure":
    """Fig. 1: picture, true classes, counted people, and the sum."""
    from matplotlib.colors import PowerNorm

    figure = _figure(12.5, 8)
    panels = figure.subplots(2, 2).flat
    first = worked.partitions[0]
    _show(panels[0], worked)
    panels[0].set_title("a picture")
    classes = encode(worked.true, first.borders)
    self_made = encode(worked.counted, first.borders)
    for axes, values, title in (
        (panels[1], classes, "the class of every patch (true)"),
        (panels[2], self_made, "the interval of what is counted in every patch"),
    ):
        shown = axes.imshow(values, cmap=CLASS_COLOURS, vmin=0, vmax=first.classes - 1, extent=_extent(worked))
        axes.set_title(title)
        figure.colorbar(shown, ax=axes, fraction=0.035, label="class")
    shown = panels[3].imshow(worked.counted, cmap="magma", norm=PowerNorm(0.5, vmin=0.0), extent=_extent(worked))
    panels[3].set_title(f"people in every patch: {worked.count:.1f} together (true: {len(worked.scene.heads)})")
    figure.colorbar(shown, ax=panels[3], fraction=0.035, label="people")
    for axes in panels:
        axes.set(xticks=(), yticks=())
    return figure


def _interleaved(worked: Worked) -> "Figure":
    """Fig. 3: the borders of the second head are the proxies of the first."""
    figure = _figure(10, 2.8)
    axes = figure.subplots()
    for height, partition, colour, name in zip(
        (1.0, 0.0), worked.partitions, ("#2b6cb0", "#dd7a2b"), ("first head", "second head"), strict=False
    ):
        borders, proxies = np.array(partition.borders), np.array(partition.proxies)
        axes.hlines(height, 1e-4, 2 * max(borders[-1], proxies[-1]), color=colour, linewidth=1)
        axes.plot(borders, np.full(len(borders), height), "|", color=colour, markersize=22, label=f"{name}: borders")
        axes.plot(proxies[proxies > 1e-4], np.full((proxies > 1e-4).sum(), height), "v", color=colour, label="proxies")
    for proxy in worked.partitions[0].proxies[1:]:
        axes.plot((proxy, proxy), (0.0, 1.0), ":", color="0.6", linewidth=0.8, zorder=0)
    axes.set(
        xscale="log", xlabel="people in a patch", ylim=(-0.5, 1.5), yticks=(0.0, 1.0), yticklabels=("second", "first")
    )
    axes.set_title("interleaved heads: where the first has its proxies, the second has its borders")
    return figure


def _show(axes: "Axes", worked: Worked) -> None:
    axes.imshow(worked.scene.pixels, extent=(0, worked.scene.heads.width, worked.scene.heads.height, 0))
    axes.set(xticks=(), yticks=())


def _extent(worked: Worked) -> tuple[float, float, float, float]:
    rows, columns = worked.true.shape
    return (0.0, columns * worked.patch, rows * worked.patch, 0.0)


def _frame(axes: "Axes", left: float, top: float, width: float, height: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor="white", linewidth=1.5))


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def main(arguments: Iterable[str]) -> int:
    """Draw the pictures of how-it-works.md into a folder."""
    parser = argparse.ArgumentParser(prog="python -m uepnet.laboratory.reproduce.drawings", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go, such as docs/images")
    for path in draw_all(parser.parse_args(list(arguments)).folder):
        sys.stdout.write(f"drawn: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
