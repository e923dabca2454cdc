"""Fig. 2: the network as boxes, with the channels and strides of the paper's shape taken from the network itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from uepnet.network.encoders import ENCODERS
from uepnet.network_shape import NetworkShape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP = 1.5
"""From the middle of a box to the middle of the next."""
HALF = 0.45
"""Of a box's width, with its frame."""
ENCODER, DECODER, HEAD = "#cfe2f3", "#d9ead3", "#fce5cd"


def draw_network(shape: NetworkShape | None = None, *, classes: Sequence[int] = (25, 26)) -> "Figure":
    """Encoder, decoder and heads of a shape (the paper's without one); a box is as tall as its map."""
    from matplotlib.figure import Figure

    shape = shape or NetworkShape()
    channels = ENCODERS[shape.encoder].channels
    strides = [stride for stride in channels if stride <= shape.deepest]
    figure = Figure(figsize=(11, 4.4), layout="constrained")
    axes = figure.subplots()
    place = 0.0
    _box(axes, place, 1, "picture\nRGB", "white")
    for stride in strides:
        place += STEP
        _box(axes, place, stride, f"{shape.encoder}\n1/{stride}\n{channels[stride]}", ENCODER)
        _arrow(axes, (place - STEP, 0.0), (place, 0.0))
    for stride in [stride for stride in reversed(strides[:-1]) if stride >= shape.stride]:
        place += STEP
        _box(axes, place, stride, f"x2, join\n1/{stride}\n{shape.merge_channels}", DECODER)
        _arrow(axes, (place - STEP, 0.0), (place, 0.0))
        _arc(axes, STEP * (strides.index(stride) + 1), place, stride)
    for number, count in enumerate(classes):
        height = 0.55 * (len(classes) - 1) - 1.1 * number
        _box(axes, place + STEP, 40, f"head {number + 1}\n{count} classes", HEAD, shift=height)
        _arrow(axes, (place, height), (place + STEP, height))
        _arrow(axes, (place + STEP, height), (place + 2 * STEP, height))
    _box(axes, place + 2 * STEP, shape.stride, "proxies,\nmean of\nthe heads,\nsum", "white")
    axes.set(xlim=(-0.8, place + 2 * STEP + 0.8), ylim=(-2.1, 2.6))
    axes.axis("off")
    return figure


def _box(axes: "Axes", x: float, stride: int, text: str, colour: str, *, shift: float = 0.0) -> None:
    from matplotlib.patches import FancyBboxPatch

    height = {1: 3.4, 8: 2.6, 16: 1.9, 32: 1.3}.get(stride, 0.8)
    axes.add_patch(
        FancyBboxPatch(
            (x - 0.42, shift - height / 2), 0.84, height, boxstyle="round,pad=0.02", facecolor=colour, edgecolor="0.3"
        )
    )
    axes.text(x, shift, text, ha="center", va="center", fontsize=8)


def _arrow(axes: "Axes", start: tuple[float, float], end: tuple[float, float]) -> None:
    """From the right side of one box to the left side of the next."""
    axes.annotate("", (end[0] - HALF, end[1]), (start[0] + HALF, start[1]), arrowprops={"arrowstyle": "->"})


def _arc(axes: "Axes", start: float, end: float, stride: int) -> None:
    """The features of the encoder that a merge takes."""
    height = 1.5 if stride == 8 else 1.05
    style = {"arrowstyle": "->", "connectionstyle": f"arc3,rad={-0.16 if stride == 8 else -0.22}", "color": "0.4"}
    axes.annotate("", (end, height), (start, height), arrowprops=style)
