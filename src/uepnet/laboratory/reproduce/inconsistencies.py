"""Fig. 7, on a drawn scene whose heads are exact: three ways in which local counts contradict what is seen, and the two losses.

(a) Two patches with the same local count, of a near and of a far head: of the near one only a part is seen.
(b) One patch whose count changes when every label moves by a few pixels.
(c) One head whose people are shared by the patches around it.
(d) The gradient by the output, against the error: 2 |e| of the squared error, and |p - 1_c|_1 = 2 (1 - p_c) <= 2 of the cross
entropy, where p_c = exp(-|e|): it stops growing where the other does not.
"""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.points import HeadPoints
from uepnet.scenes.example import draw_example
from uepnet.scenes.scene import Scene

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PATCH = 32
"""Larger than the paper's 8, so that a patch is seen on the page."""
AROUND = 48
"""Pixels of the picture shown around a patch."""
MOVED = 4.0
"""Pixels that labels are moved by in (b)."""


def same_count(counts: Float[np.ndarray, "rows columns"]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The far (upper half) and near (lower half) patch whose counts are most alike, among those with 0.3 to 0.8 people."""
    middle = counts.shape[0] // 2
    some = np.argwhere((counts > 0.3) & (counts < 0.8))
    far, near = some[some[:, 0] < middle], some[some[:, 0] >= middle]
    if not len(far) or not len(near):
        raise ValueError("the picture has no patches with 0.3 to 0.8 people both in its upper and in its lower half")
    apart = np.abs(counts[tuple(far.T)][:, None] - counts[tuple(near.T)][None, :])
    one, two = np.unravel_index(np.argmin(apart), apart.shape)
    return (int(far[one][0]), int(far[one][1])), (int(near[two][0]), int(near[two][1]))


def moved_counts(heads: HeadPoints, *, by: float, seed: int) -> Float[np.ndarray, "rows columns"]:
    """The local counts when every label is moved by `by` pixels in a direction of its own."""
    angle = np.random.default_rng(seed).uniform(0.0, 2.0 * np.pi, len(heads))
    xy = heads.xy + by * np.column_stack((np.cos(angle), np.sin(angle)))
    moved = HeadPoints(xy, width=heads.width, height=heads.height)
    return local_counts(moved, sigma_of(heads, fixed=None), patch=PATCH)


def draw_inconsistencies() -> "Figure":
    """The figure."""
    from matplotlib.figure import Figure

    scene = draw_example()
    counts = local_counts(scene.heads, sigma_of(scene.heads, fixed=None), patch=PATCH)
    figure = Figure(figsize=(12, 7), layout="constrained")
    grid = figure.add_gridspec(2, 3)
    upper = [figure.add_subplot(grid[0, column]) for column in range(3)]
    far, near = same_count(counts)
    for axes, patch, where in zip(upper[:2], (far, near), ("far", "near"), strict=True):
        _draw_patch(axes, scene, patch, title=f"(a) {where}: {counts[patch]:.2f} people")
    other = moved_counts(scene.heads, by=MOVED, seed=0)
    most = np.abs(other - counts)
    place = np.unravel_index(np.argmax(most), most.shape)
    title = f"(b) labels {MOVED:g} pixels off: {counts[place]:.2f} -> {other[place]:.2f}"
    _draw_patch(upper[2], scene, (int(place[0]), int(place[1])), title=title)
    _draw_shared(figure.add_subplot(grid[1, 0]), scene)
    _draw_losses(figure.add_subplot(grid[1, 1:]))
    return figure


def _draw_patch(axes: "Axes", scene: Scene, patch: tuple[int, int], *, title: str) -> None:
    from matplotlib.patches import Rectangle

    left, top = patch[1] * PATCH, patch[0] * PATCH
    _draw_view(axes, scene, centre=(left + PATCH / 2, top + PATCH / 2))
    axes.add_patch(Rectangle((left, top), PATCH, PATCH, fill=False, edgecolor="#39d353", linewidth=2))
    axes.set_title(title, fontsize=10)


def _draw_shared(axes: "Axes", scene: Scene) -> None:
    """(c): the nearest head that is not at the edge, and what it gives to the patches around it."""
    reach = PATCH / 2 + AROUND
    inside = (scene.heads.xy > reach) & (scene.heads.xy < np.array([scene.heads.width, scene.heads.height]) - reach)
    index = int(np.argmax(scene.heads.xy[:, 1] * inside.all(axis=1)))
    x, y = scene.heads.xy[index]
    sigma = sigma_of(scene.heads, fixed=None)[index]
    alone = HeadPoints(scene.heads.xy[index : index + 1], width=scene.heads.width, height=scene.heads.height)
    counts = local_counts(alone, np.array([sigma]), patch=PATCH)
    _draw_view(axes, scene, centre=(float(x), float(y)))
    for row, column in np.argwhere(counts > 0.05):
        axes.text(
            (column + 0.5) * PATCH, (row + 0.5) * PATCH, f"{counts[row, column]:.2f}", color="#39d353", ha="center"
        )
    axes.set_title("(c) one head, shared by its patches", fontsize=10)


def _draw_view(axes: "Axes", scene: Scene, *, centre: tuple[float, float]) -> None:
    axes.imshow(scene.pixels, extent=(0, scene.heads.width, scene.heads.height, 0))
    axes.plot(scene.heads.xy[:, 0], scene.heads.xy[:, 1], ".", color="#40e0d0", markersize=5)
    for line in range(0, scene.heads.width, PATCH):
        axes.axvline(line, color="white", linewidth=0.4)
        axes.axhline(line, color="white", linewidth=0.4)
    reach = PATCH / 2 + AROUND
    axes.set(xlim=(centre[0] - reach, centre[0] + reach), ylim=(centre[1] + reach, centre[1] - reach))
    axes.set(xticks=(), yticks=())


def _draw_losses(axes: "Axes") -> None:
    """(d)."""
    error = np.linspace(0.0, 5.0, 200)
    axes.plot(error, 2.0 * error, label="squared error: 2 |e|")
    axes.plot(error, 2.0 * (1.0 - np.exp(-error)), label="cross entropy: 2 (1 - p)")
    axes.set(xlabel="error |e|", ylabel="gradient by the output", title="(d) how loud an outlier is")
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
