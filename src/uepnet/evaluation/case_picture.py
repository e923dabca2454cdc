"""One measured picture as people judge it: the picture, where the heads are, where the counter saw them."""

import io
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image

from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.description import Decode
from uepnet.evaluation.measure import Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize

LONGEST_SIDE = 1000
"""Pixels of the picture's longer side in the drawing."""
COLOURS = "magma"
PARTS = 4
"""Along each side, where the worst part is looked for."""


def draw_case(
    name: str, measured: Measured, *, decode: Decode, fixed_sigma: float | None, mark_worst: bool = False
) -> bytes:
    """The picture, its truth with a dot a head, and the counted people, side by side, as PNG.

    Both maps show people per patch in the same colours; the root of the count sets the colour, so that a lone person is
    still seen beside a dense crowd. `fixed_sigma` is the data set's (see `DataSet`). With `mark_worst` the sixteenth of
    the picture whose count is furthest off has a red frame.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import PowerNorm
    from matplotlib.figure import Figure

    shown, result = measured.shown, measured.results[decode]
    heads = shown.heads
    truth = local_counts(heads, sigma_of(heads, fixed=fixed_sigma), patch=result.patch)
    most = max(float(np.percentile(truth, 99.5)), float(np.percentile(result.count_map, 99.5)), 0.1)
    colours = PowerNorm(0.5, vmin=0.0, vmax=most)
    wide = heads.width >= 0.75 * heads.height
    panel = 5.2 if wide else 3.6
    figure = Figure(figsize=(3 * panel + 0.9, panel * heads.height / heads.width + 0.75), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    left.imshow(_small(shown.pixels), extent=(0, heads.width, heads.height, 0))
    left.set_title(name)
    _draw_map(middle, truth, colours, patch=result.patch)
    middle.plot(heads.xy[:, 0], heads.xy[:, 1], ".", color="#40e0d0", markersize=_dot(len(heads)), markeredgewidth=0)
    middle.set_title(f"true: {len(heads):,}")
    _draw_map(right, result.count_map, colours, patch=result.patch)
    right.set_title(f"counted: {result.count:,.0f} ({_difference(len(heads), result.count)})")
    for axes in (left, middle, right):
        axes.set(xlim=(0, heads.width), ylim=(heads.height, 0), xticks=(), yticks=())
        axes.title.set_fontsize(12)
        if mark_worst:
            _frame_worst(axes, truth, result.count_map, patch=result.patch)
    bar = figure.colorbar(ScalarMappable(colours, cmap=COLOURS), ax=right, fraction=0.04, pad=0.02)
    bar.set_label(f"people per {result.patch} x {result.patch} pixels")
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=110)
    return png.getvalue()


def _draw_map(axes: "Axes", count_map: Float[np.ndarray, "rows columns"], colours: "Normalize", *, patch: int) -> None:
    rows, columns = count_map.shape
    axes.imshow(
        count_map,
        extent=(0, columns * patch, rows * patch, 0),
        cmap=COLOURS,
        norm=colours,
        interpolation="nearest",
    )


def _frame_worst(
    axes: "Axes",
    truth: Float[np.ndarray, "rows columns"],
    counted: Float[np.ndarray, "rows columns"],
    *,
    patch: int,
) -> None:
    """A red frame around the one of 4 x 4 parts of the map with the largest difference of people."""
    from matplotlib.patches import Rectangle

    rows, columns = (np.linspace(0, side, PARTS + 1).round().astype(int) for side in truth.shape)
    parts = {
        (row, column): abs(float((counted - truth)[top:bottom, left:right].sum()))
        for row, (top, bottom) in enumerate(pairwise(rows))
        for column, (left, right) in enumerate(pairwise(columns))
    }
    row, column = max(parts, key=lambda place: parts[place])
    corner = (float(columns[column] * patch), float(rows[row] * patch))
    width, height = (float((edges[at + 1] - edges[at]) * patch) for edges, at in ((columns, column), (rows, row)))
    axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor="red", linewidth=2))


def _small(pixels: UInt8[np.ndarray, "height width 3"]) -> Image.Image:
    picture = Image.fromarray(pixels)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _dot(heads: int) -> float:
    """A dot's size in points: dots of a few heads are seen, dots of thousands leave the map visible."""
    return float(np.clip(90 / np.sqrt(max(heads, 1)), 2.0, 6.0))


def _difference(truth: int, counted: float) -> str:
    """The error in people and, where there are people, in percent of them.

    >>> _difference(200, 150.4), _difference(0, 3.0)
    ('-50, -25 %', '+3')
    """
    people = f"{counted - truth:+,.0f}"
    return people if truth == 0 else f"{people}, {100 * (counted - truth) / truth:+.0f} %"
