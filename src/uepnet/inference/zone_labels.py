"""Where the labels of zones stand: within their zone, as high as they fit, and on no other label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from PIL import Image, ImageDraw

from uepnet.inference.result import ZoneCount

CELLS = 120
"""Positions along the longer side of the view that are tried."""
WITHIN = 0.95
"""Share of a label that lies in its zone, at least; a mere tag may stand anywhere on it."""
COVERED = 0.35
"""Share of its zone that a label hides, at most."""

Size = tuple[int, int]
Box = tuple[int, int, int, int]
"""Left, top, right, lower edge, in pixels."""


@dataclass(frozen=True)
class Placed:
    """Where a label stands, and which of the forms offered it is."""

    box: Box
    form: int


def place_labels(
    zones: Sequence[ZoneCount], forms: Sequence[Sequence[Size]], *, view: Size, scale: tuple[float, float]
) -> tuple[Placed, ...]:
    """A place for the label of each zone, in the order of the zones.

    `forms` has the sizes in pixels of the label's forms for each zone, the best one first and a mere tag last; `view` is
    the size of the drawing and `scale` what positions of the picture are multiplied with. The smallest zones choose
    first. Only where no place is free at all does a tag stand on another label.
    """
    cell = max(1.0, max(view) / CELLS)
    masks = [_mask(zone, view=view, scale=scale, cell=cell) for zone in zones]
    taken: list[Box] = []
    placed: dict[int, Placed] = {}
    for index in sorted(range(len(zones)), key=lambda zone: int(masks[zone].sum())):
        placed[index] = _placed(masks[index], forms[index], taken, view=view, cell=cell)
        taken.append(placed[index].box)
    return tuple(placed[index] for index in range(len(zones)))


def _mask(zone: ZoneCount, *, view: Size, scale: tuple[float, float], cell: float) -> Bool[np.ndarray, "rows columns"]:
    """Which cells of the view the zone covers; at least the one in its middle."""
    size = tuple(max(1, round(side / cell)) for side in view)
    drawn = Image.new("1", (size[0], size[1]), 0 if zone.include else 1)
    pen = ImageDraw.Draw(drawn)
    for outlines, value in ((zone.include, 1), (zone.exclude, 0)):
        for outline in outlines:
            pen.polygon([(x * scale[0] / cell, y * scale[1] / cell) for x, y in outline], fill=value)
    mask = np.array(drawn, dtype=np.bool_)
    if not mask.any():
        x, y = np.mean([corner for outline in zone.include for corner in outline] or [(0.0, 0.0)], axis=0)
        row, column = int(y * scale[1] / cell), int(x * scale[0] / cell)
        mask[min(row, size[1] - 1), min(column, size[0] - 1)] = True
    return mask


def _placed(
    mask: Bool[np.ndarray, "rows columns"], forms: Sequence[Size], taken: Sequence[Box], *, view: Size, cell: float
) -> Placed:
    rows, columns = np.nonzero(mask)
    middle = (float(columns.mean() + 0.5) * cell, float(rows.mean() + 0.5) * cell)
    for form, size in enumerate(forms):
        is_tag = form == len(forms) - 1
        boxes, within = _candidates(mask, size, view=view, cell=cell)
        fits = size[0] * size[1] <= COVERED * len(rows) * cell**2
        free = np.ones(len(boxes), dtype=np.bool_) if is_tag else (within >= WITHIN) & fits
        for left, top, right, lower in taken:
            free &= (boxes[:, 0] >= right) | (boxes[:, 2] <= left) | (boxes[:, 1] >= lower) | (boxes[:, 3] <= top)
        if free.any():
            across = np.abs(boxes[:, 0] + size[0] / 2 - middle[0])
            down = np.abs(boxes[:, 1] + size[1] / 2 - middle[1])
            worth = across + down if is_tag else boxes[:, 1] + 0.2 * across
            return Placed(_box(boxes[np.argmin(np.where(free, worth, np.inf))]), form)
    left, top = round(middle[0] - forms[-1][0] / 2), round(middle[1] - forms[-1][1] / 2)
    return Placed((left, top, left + forms[-1][0], top + forms[-1][1]), len(forms) - 1)


def _candidates(
    mask: Bool[np.ndarray, "rows columns"], size: Size, *, view: Size, cell: float
) -> tuple[Int[np.ndarray, "boxes 4"], Float[np.ndarray, " boxes"]]:
    """Boxes of a size around the cells of a mask, kept within the view, and the share of each that is in the mask."""
    rows, columns = np.nonzero(mask)
    left = np.clip(np.round((columns + 0.5) * cell - size[0] / 2), 0, max(0, view[0] - size[0])).astype(np.int64)
    top = np.clip(np.round((rows + 0.5) * cell - size[1] / 2), 0, max(0, view[1] - size[1])).astype(np.int64)
    boxes = np.column_stack((left, top, left + size[0], top + size[1]))
    sums = np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    first_column, first_row, column, row = (
        np.clip(np.round(boxes[:, place] / cell).astype(np.int64), 0, mask.shape[1 - place % 2]) for place in range(4)
    )
    row, column = np.maximum(row, first_row + 1), np.maximum(column, first_column + 1)
    row, column = np.minimum(row, mask.shape[0]), np.minimum(column, mask.shape[1])
    covered = sums[row, column] - sums[first_row, column] - sums[row, first_column] + sums[first_row, first_column]
    cells = np.maximum(1, (row - first_row) * (column - first_column))
    return boxes, covered / cells


def _box(box: Int[np.ndarray, "4"]) -> Box:
    left, top, right, lower = box.tolist()
    return left, top, right, lower
