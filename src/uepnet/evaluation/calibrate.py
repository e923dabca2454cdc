"""Calibration of ranges on annotated pictures that were not trained on, and the check that they hold on others.

Cross-conformal (Vovk 2015, "Cross-conformal predictors"): each picture is scored by a spread that was fitted without it,
so that its score is as large as that of a picture never seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from uepnet.description import Decode, RangeCalibration, TrainingData
from uepnet.evaluation.readings import GRIDS, Parts, Reading, parts_of
from uepnet.evaluation.spread import Spread, fit_spread
from uepnet.inference.ranges import reaches, spread_of

FOLDS = 10
FEWEST = 3 * FOLDS
"""Pictures; from fewer no useful range can be calibrated."""


@dataclass(frozen=True)
class RangeRow:
    """One part of one picture (`grid` 1: all of it) with the range that pictures of the other folds gave it."""

    data_set: str
    name: str
    grid: int
    truth: int
    count: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the true number is in the range."""
        return self.low <= self.truth <= self.high


def calibrate(
    readings: Sequence[Reading],
    *,
    decode: Decode,
    coverage: float = 0.9,
    seed: int = 0,
    calibrated_on: Sequence[TrainingData] = (),
) -> RangeCalibration:
    """The calibration that these pictures give, which should be many and like those to be counted.

    `seed` decides which pictures are scored together. Fewer than `FEWEST` pictures, or too few for the coverage, are a
    `ValueError`.
    """
    pictures = [_grids(reading, decode) for reading in readings]
    spread, scores = _fit(pictures, folds_of(readings, seed=seed))
    reaches(scores, coverage=coverage)  # too few are refused here, not when the first picture is counted
    return RangeCalibration(
        decode=decode,
        coverage=coverage,
        patches=spread.patches,
        shared=spread.shared,
        floor=spread.floor,
        scores=scores,
        calibrated_on=tuple(calibrated_on),
    )


def cross_check(
    readings: Sequence[Reading], *, decode: Decode, coverage: float = 0.9, seed: int = 0
) -> tuple[RangeRow, ...]:
    """The range of every picture and of its parts by a calibration that knows nothing of the picture: fold by fold."""
    pictures = [_grids(reading, decode) for reading in readings]
    folds = folds_of(readings, seed=seed)
    rows: list[list[RangeRow]] = [[] for _ in readings]
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        spread, scores = _fit([pictures[index] for index in others], folds[others])
        ends = reaches(scores, coverage=coverage)
        for index in np.flatnonzero(folds == fold).tolist():
            rows[index] = _rows(readings[index], pictures[index], spread, ends=ends)
    return tuple(row for of_picture in rows for row in of_picture)


def folds_of(readings: Sequence[Reading], *, seed: int) -> Int[np.ndarray, " pictures"]:
    """The fold of each picture: every fold has about the same number of each data set's pictures."""
    if len(readings) < FEWEST:
        raise ValueError(
            f"ranges are calibrated on at least {FEWEST} pictures, but there are {len(readings)}; add --data"
        )
    generator = np.random.default_rng(seed)
    names = np.array([reading.data_set for reading in readings])
    order = np.concatenate([generator.permutation(np.flatnonzero(names == name)) for name in dict.fromkeys(names)])
    folds = np.empty(len(readings), dtype=np.int64)
    folds[order] = np.arange(len(readings)) % FOLDS
    return folds


def _fit(pictures: Sequence[Sequence[Parts]], folds: Int[np.ndarray, " pictures"]) -> tuple[Spread, tuple[float, ...]]:
    """The spread by all pictures, and each picture's score by the spread of the other folds, ascending."""
    scores = np.empty(len(pictures))
    for fold in np.unique(folds):
        spread = fit_spread([pictures[index] for index in np.flatnonzero(folds != fold).tolist()])
        for index in np.flatnonzero(folds == fold).tolist():
            whole = pictures[index][0]
            scores[index] = ((whole.truth - whole.count) / spread_of(whole.count, whole.variance, spread))[0]
    return fit_spread(pictures), tuple(np.sort(scores).round(4).tolist())


def _grids(reading: Reading, decode: Decode) -> tuple[Parts, ...]:
    return tuple(parts_of(reading, grid=grid, decode=decode) for grid in GRIDS)


def _rows(reading: Reading, grids: Sequence[Parts], spread: Spread, *, ends: tuple[float, float]) -> list[RangeRow]:
    rows = []
    for grid, parts in zip(GRIDS, grids, strict=True):
        spreads = spread_of(parts.count, parts.variance, spread)
        for truth, count, unit in zip(parts.truth, parts.count, spreads, strict=True):
            low, high = max(0.0, float(count - ends[0] * unit)), float(count + ends[1] * unit)
            rows.append(RangeRow(reading.data_set, reading.name, grid, int(truth), float(count), low, high))
    return rows
