"""What a model said about annotated pictures, patch by patch: what its ranges are calibrated on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet
from uepnet.description import Decode, ValidationFigure
from uepnet.evaluation.metrics import mae, rmse
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.points import HeadPoints

GRIDS = (1, 2, 4)
"""The parts that a picture is looked at in: the whole, its quarters and its sixteenths."""


@dataclass(frozen=True)
class Reading:
    """One picture of a data set: its true heads, and the maps that the model gave."""

    data_set: str
    name: str
    heads: HeadPoints
    maps: PatchMaps
    patch: int

    def count_map(self, decode: Decode) -> Float[np.ndarray, "rows columns"]:
        """People per patch by one decode."""
        return self.maps.mean if decode == "mean" else self.maps.argmax


@dataclass(frozen=True)
class Parts:
    """The parts of one picture in one grid: what was counted in each, its variance, and the people annotated there."""

    count: Float[np.ndarray, " parts"]
    variance: Float[np.ndarray, " parts"]
    truth: Float[np.ndarray, " parts"]


def read_data_sets(
    backend: Backend, data_sets: Sequence[DataSet], *, on_picture: Callable[[Reading], None] | None = None
) -> tuple[Reading, ...]:
    """Run the model once on every picture. Raises the `UepnetError` of the first one that cannot be read."""
    readings = []
    for data_set in data_sets:
        for entry in data_set.entries:
            heads = data_set.heads(entry)
            maps = backend.run(data_set.pixels(entry))
            readings.append(Reading(data_set.name, entry.name, heads, maps, backend.description.patch))
            if on_picture is not None:
                on_picture(readings[-1])
    return tuple(readings)


def validation_figures(
    readings: Sequence[Reading], *, decodes: Sequence[Decode], split: str
) -> tuple[ValidationFigure, ...]:
    """The errors on each data set by the decodes that the model has, as its file holds them."""
    figures = []
    for name in dict.fromkeys(reading.data_set for reading in readings):
        of_set = [reading for reading in readings if reading.data_set == name]
        truth = np.array([len(reading.heads) for reading in of_set])
        for decode in decodes:
            counts = np.array([reading.count_map(decode).sum(dtype=np.float64) for reading in of_set])
            measured = {"mae": mae(truth, counts), "rmse": rmse(truth, counts)}
            figures.append(
                ValidationFigure(
                    data_set=name, split=split, protocol="exact", decode=decode, pictures=len(of_set), **measured
                )
            )
    return tuple(figures)


def parts_of(reading: Reading, *, grid: int, decode: Decode) -> Parts:
    """The picture divided into `grid` x `grid` parts of whole patches, as equal as they can be; empty ones left out.

    A head outside the picture belongs to the part nearest to it.
    """
    count_map = reading.count_map(decode)
    rows, columns = (np.unique(np.linspace(0, side, grid + 1).round().astype(int)) for side in count_map.shape)
    x, y = reading.heads.xy.T / reading.patch
    edges = [np.concatenate(([-np.inf], cuts[1:-1], [np.inf])) for cuts in (rows, columns)]
    truth = np.histogram2d(y, x, bins=edges)[0]
    return Parts(
        count=_sums(count_map, rows, columns), variance=_sums(reading.maps.variance, rows, columns), truth=truth.ravel()
    )


def _sums(values: Float[np.ndarray, "rows columns"], rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    exact = values.astype(np.float64)
    sums: np.ndarray = np.add.reduceat(np.add.reduceat(exact, rows[:-1], axis=0), columns[:-1], axis=1).ravel()
    return sums
