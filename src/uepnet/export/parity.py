"""Whether two ways of running the same network give the same counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8

from uepnet.description import ClassesOutput
from uepnet.errors import ExportError
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.network.counting_graph import CountingGraph
from uepnet.scenes.render import draw_scene

MAP_TOLERANCE = 1e-4
"""People per patch."""
COUNT_TOLERANCE = 1e-3
"""Share of the picture's count, or people below one person."""
FEATURE_TOLERANCE = 1e-3
"""Length of the difference of a picture's features, as a share of theirs."""
NEAR_TIE = 1e-3
"""Difference of the two largest logits below which either class may win."""
SIZES = ((1, 1), (5, 40), (32, 32), (33, 31), (97, 129), (240, 250))
"""Heights and widths: tiny, odd, on and beside multiples of the stride."""


@dataclass(frozen=True)
class Parity:
    """The largest differences found; `near_ties` patches were left out of the comparison of argmax maps."""

    pictures: int
    patches: int
    near_ties: int
    map_difference: float
    count_difference: float


def check_parity(
    graph: CountingGraph,
    backend: Backend,
    *,
    name: str,
    pictures: Sequence[UInt8[np.ndarray, "_ _ 3"]] | None = None,
) -> Parity:
    """Compare a backend with torch on `pictures`, or on patterns of several sizes and a drawn crowd.

    Raises `ExportError` where maps differ by more than `MAP_TOLERANCE` or counts by more than `COUNT_TOLERANCE`.
    """
    if pictures is None:
        crowd = draw_scene(seed=0, width=203, height=150, heads=150)
        pictures = [*(_pattern(height, width) for height, width in SIZES), crowd.pixels]
    found = [_compare(graph, backend, picture, name=name) for picture in pictures]
    return Parity(
        pictures=len(found),
        patches=sum(parity.patches for parity in found),
        near_ties=sum(parity.near_ties for parity in found),
        map_difference=max(parity.map_difference for parity in found),
        count_difference=max(parity.count_difference for parity in found),
    )


def _compare(
    graph: CountingGraph, backend: Backend, picture: UInt8[np.ndarray, "height width 3"], *, name: str
) -> Parity:
    expected, clear = _torch_maps(graph, picture)
    found = backend.run(picture)
    _compare_features(expected, found, name=name)
    pairs = {
        "mean": (expected.mean, found.mean),
        "argmax": (np.where(clear, expected.argmax, 0), np.where(clear, found.argmax, 0)),
        "variance": (expected.variance, found.variance),
    }
    size = f"{picture.shape[1]} x {picture.shape[0]} pixels"
    if found.mean.shape != expected.mean.shape:
        raise ExportError(f"{name}: at {size} the map is {found.mean.shape}, torch's is {expected.mean.shape}")
    differences = {kind: float(np.abs(left - right).max()) for kind, (left, right) in pairs.items()}
    worst = max(differences, key=lambda kind: np.nan_to_num(differences[kind], nan=np.inf))
    if not differences[worst] <= MAP_TOLERANCE:
        raise ExportError(
            f"{name}: at {size} the {worst} map differs from torch's by {differences[worst]:.3g} people per patch, "
            f"{MAP_TOLERANCE:g} is allowed; the file was not written"
        )
    counts = [float(maps.sum(dtype=np.float64)) for maps in pairs["mean"]]
    count_difference = abs(counts[0] - counts[1]) / max(1.0, abs(counts[0]))
    if not count_difference <= COUNT_TOLERANCE:
        raise ExportError(
            f"{name}: at {size} the count is {counts[1]:.4f}, torch's is {counts[0]:.4f}; a difference of "
            f"{COUNT_TOLERANCE:g} of it is allowed; the file was not written"
        )
    return Parity(1, clear.size, int((~clear).sum()), differences[worst], count_difference)


@torch.inference_mode()
def _torch_maps(
    graph: CountingGraph, picture: UInt8[np.ndarray, "height width 3"]
) -> tuple[PatchMaps, Bool[np.ndarray, "rows columns"]]:
    """The maps, and the patches where in each head one class wins clearly, or all where there are no classes."""
    logits, features = graph.values(torch.tensor(picture)[None])
    mean, argmax, variance = (value[0].numpy() for value in graph.decode(logits))
    clear = np.ones(mean.shape, dtype=bool)
    for head in logits if isinstance(graph.output, ClassesOutput) else ():
        first, second = head[0].topk(2, dim=0).values.numpy()
        clear &= first - second > NEAR_TIE
    return PatchMaps(mean=mean, argmax=argmax, variance=variance, features=features[0].numpy()), clear


def _compare_features(expected: PatchMaps, found: PatchMaps, *, name: str) -> None:
    """Refuse other features of the picture; a backend may give none."""
    if found.features is None or expected.features is None:
        return
    size = max(float(np.linalg.norm(expected.features)), 1e-6)
    if found.features.shape != expected.features.shape or not (
        np.linalg.norm(found.features - expected.features) <= FEATURE_TOLERANCE * size
    ):
        raise ExportError(
            f"{name}: the features of a picture differ from torch's by more than {FEATURE_TOLERANCE:g} of them; the file was not written"
        )


def _pattern(height: int, width: int) -> UInt8[np.ndarray, "height width 3"]:
    """A coloured picture with detail from coarse to fine, the same at every call."""
    random = np.random.default_rng((height, width))
    picture: Float[np.ndarray, "height width 3"] = random.normal(128.0, 20.0, (height, width, 3))
    for cell in (4, 16, 64):
        coarse = random.normal(0.0, 40.0, (-(-height // cell), -(-width // cell), 3))
        picture += coarse.repeat(cell, axis=0).repeat(cell, axis=1)[:height, :width]
    eight_bits: UInt8[np.ndarray, "height width 3"] = np.clip(picture, 0.0, 255.0).astype(np.uint8)
    return eight_bits
