"""Where people stand: for each layout, how crowded every spot of the ground is.

A layout answers with weights (people are drawn in proportion to them) for spots given in metres to the right of the
middle, metres from the nearest row, and as shares of the picture's width and the crowd's depth.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.scenes.camera import Camera

Spots = Float[np.ndarray, " spots"]


@dataclass(frozen=True)
class Ground:
    """Candidate spots: `across` and `depth` in metres, `u` 0-1 over the picture's width, `v` 0-1 from near to far."""

    across: Spots
    depth: Spots
    u: Spots
    v: Spots


@dataclass(frozen=True)
class Layout:
    """`weights` says where people stand; the shares say which way they look and how many raise an arm.

    `fill` is the range of the share of the ground that heads may cover; `ground` is "open", "seats" or "stage".
    """

    weights: Callable[[np.random.Generator, Ground], Spots]
    front: float
    back: float
    raised: float = 0.04
    fill: tuple[float, float] = (0.02, 0.5)
    ground: str = "open"


def _square(rng: np.random.Generator, ground: Ground) -> Spots:
    return 0.3 + _lumps(rng, ground, number=int(rng.integers(2, 7)), spread=(0.08, 0.3))


def _packed(rng: np.random.Generator, ground: Ground) -> Spots:
    return 1.0 + 0.4 * _lumps(rng, ground, number=3, spread=(0.15, 0.4))


def _blobs(rng: np.random.Generator, ground: Ground) -> Spots:
    return 0.01 + _lumps(rng, ground, number=int(rng.integers(3, 14)), spread=(0.015, 0.08))


def _street(rng: np.random.Generator, ground: Ground) -> Spots:
    reach = np.ptp(ground.across) if ground.across.size else 1.0
    half = rng.uniform(0.12, 0.35) * reach
    bend = rng.normal(0, 0.25) * reach * ground.v**2
    inside = 1 / (1 + np.exp((np.abs(ground.across - bend) - half) / (0.05 * reach + 0.2)))
    return 0.02 + inside * (0.4 + _lumps(rng, ground, number=4, spread=(0.1, 0.3)))


def _queues(rng: np.random.Generator, ground: Ground) -> Spots:
    weights = np.full(ground.u.shape, 0.004)
    for _ in range(int(rng.integers(1, 6))):
        start, lean, wave = rng.uniform(0.05, 0.95), rng.normal(0, 0.35), rng.normal(0, 0.08)
        line = start + lean * ground.v + wave * np.sin(ground.v * rng.uniform(3, 9))
        reach = np.clip((ground.v - rng.uniform(-0.3, 0.4)) * 20, 0, 1)
        weights += np.exp(-(((ground.u - line) / rng.uniform(0.012, 0.03)) ** 2)) * reach
    return weights


def _crossing(rng: np.random.Generator, ground: Ground) -> Spots:
    weights = np.full(ground.u.shape, 0.01)
    for _ in range(int(rng.integers(2, 4))):
        angle, offset = rng.uniform(0, np.pi), rng.uniform(0.3, 0.7)
        away = (ground.u - offset) * np.cos(angle) + (ground.v - 0.5) * np.sin(angle)
        weights += np.exp(-((away / rng.uniform(0.04, 0.12)) ** 2))
    return weights


def _stand(rng: np.random.Generator, ground: Ground) -> Spots:
    block = np.floor(ground.u * rng.uniform(3, 7) + rng.uniform())
    taken = rng.uniform(0.3, 1.0, 12)[block.astype(int) % 12]
    aisle = np.abs(ground.u * 5 % 1 - 0.5) < 0.46
    return np.where(aisle, taken, 0.01)


def _concert(rng: np.random.Generator, ground: Ground) -> Spots:
    middle = rng.uniform(0.35, 0.65)
    return 0.05 + np.exp(-(((ground.u - middle) / 0.45) ** 2)) * (0.25 + ground.v**1.5)


def _market(rng: np.random.Generator, ground: Ground) -> Spots:
    """The example's layout: a loose square before a stage, with aisles between stalls."""
    stage = 1.6 * np.exp(-(((ground.u - 0.5) / 0.2) ** 2) - ((ground.v - 0.85) / 0.3) ** 2)
    aisles = 0.5 * (np.exp(-(((ground.u - 0.2) / 0.07) ** 2)) + np.exp(-(((ground.u - 0.8) / 0.07) ** 2)))
    return 0.08 + stage + aisles + 0.25 * _lumps(rng, ground, number=8, spread=(0.03, 0.08))


def _lumps(rng: np.random.Generator, ground: Ground, *, number: int, spread: tuple[float, float]) -> Spots:
    weights = np.zeros(ground.u.shape)
    for _ in range(number):
        u, v = rng.uniform(0, 1, 2)
        across, along = np.exp(rng.uniform(np.log(spread[0]), np.log(spread[1]), 2))
        height = rng.uniform(0.3, 1.5)
        weights += height * np.exp(-(((ground.u - u) / across) ** 2) - ((ground.v - v) / (along * 1.5)) ** 2)
    return weights


TRAINING_LAYOUTS: dict[str, Layout] = {
    "square": Layout(_square, front=0.35, back=0.35, fill=(0.02, 0.35)),
    "packed": Layout(_packed, front=0.5, back=0.35, raised=0.06, fill=(0.25, 0.9)),
    "blobs": Layout(_blobs, front=0.35, back=0.3, fill=(0.01, 0.1)),
    "street": Layout(_street, front=0.45, back=0.4, fill=(0.02, 0.3)),
    "queues": Layout(_queues, front=0.3, back=0.5, raised=0.01, fill=(0.01, 0.1)),
    "crossing": Layout(_crossing, front=0.35, back=0.35, fill=(0.01, 0.1)),
    "stand": Layout(_stand, front=0.9, back=0.03, raised=0.08, fill=(0.12, 0.45), ground="seats"),
    "concert": Layout(_concert, front=0.06, back=0.88, raised=0.2, fill=(0.15, 0.8), ground="stage"),
    "march": Layout(_street, front=0.85, back=0.05, raised=0.12, fill=(0.08, 0.6)),
}
"""The layouts that `draw_scene` picks from."""

EXAMPLE_LAYOUT = Layout(_market, front=0.35, back=0.5, raised=0.05, ground="stage")
"""The layout of the example picture; `draw_scene` never uses it."""


def place_people(
    rng: np.random.Generator, layout: Layout, camera: Camera, *, people: int
) -> Float[np.ndarray, "people 2"]:
    """Columns and rows of `people` heads, at most one in each cell of the ground, none nearer than a shoulder's width
    unless the picture has no room for that many.
    """
    if people == 0:
        return np.zeros((0, 2))
    columns, rows = _cells(camera, layout, people=people)
    across, depth = camera.ground(columns, rows)
    deepest = max(float(depth.max(initial=0.0)), 1e-6)
    ground = Ground(across=across, depth=depth, u=columns / camera.width, v=np.clip(depth / deepest, 0, 1))
    weights = np.maximum(layout.weights(rng, ground), 1e-6)
    keys = np.log(weights) + rng.gumbel(size=weights.shape)  # the largest keys are a weighted draw without replacement
    chosen = np.argsort(-keys, kind="stable")[:people]
    jitter = 0.08 if layout.ground == "seats" else 0.35
    size = camera.head_size(rows[chosen])
    step = rng.uniform(-jitter, jitter, (people, 2)) * size[:, None] * (2.0, 1.2)
    x = np.clip(columns[chosen] + step[:, 0], 1.0, camera.width - 1.0)
    y = np.clip(rows[chosen] + step[:, 1], 1.0, camera.height - 1.0)
    return np.stack([x, y], axis=1)


def _cells(camera: Camera, layout: Layout, *, people: int) -> tuple[Spots, Spots]:
    """Centres of ground cells in the picture: as small as standing people allow, at least a few more than `people`."""
    spacing = 2.0
    while True:
        rows = _row_heights(camera, spacing * (1.5 if layout.ground == "seats" else 1.0))
        sizes = camera.head_size(rows)
        counts = np.maximum((camera.width / (sizes * spacing)).astype(int), 1)
        if counts.sum() >= 1.25 * people + 4:
            break
        spacing *= 0.93
    parts = [(np.arange(number) + 0.25 + 0.5 * (index % 2)) / number for index, number in enumerate(counts)]
    columns = np.concatenate(parts) * camera.width
    return columns, np.repeat(rows, counts)


def _row_heights(camera: Camera, spacing: float) -> Spots:
    """Rows of the picture, `spacing` heads apart on the ground, from the nearest to the farthest."""
    slant = max(np.sqrt(1 - camera.foreshortening**2), 0.16)
    rows, row = [], camera.bottom - 0.3 * camera.size_at(camera.bottom)
    while row > camera.top:
        rows.append(row)
        row -= max(camera.size_at(row) * spacing * slant, 0.4)
    return np.array(rows or [camera.bottom - 1.0])
