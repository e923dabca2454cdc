"""Fitting what is familiar to a model: a Gaussian over the features of pictures that it has learnt from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet
from uepnet.description import Familiar, TrainingData
from uepnet.errors import ModelFileError
from uepnet.inference.backends import Backend
from uepnet.inference.familiarity import direction, strangeness

AXES = 32
"""Directions in which pictures differ most, each with a spread of its own; the others share one."""
SHRUNK = 0.1
"""How far the variances are moved to their mean, for there are few pictures for so many channels."""
ORDINARY = 0.99
"""The share of pictures left out of the fit that are to be within the limit."""
FOLDS = 5
LEAST = 20
"""Pictures, below which nothing can be said of what is ordinary."""

Features = Float[np.ndarray, "pictures channels"]


@dataclass(frozen=True)
class FamiliarFit:
    """What is familiar, and each picture's strangeness by a fit that had not seen it."""

    familiar: Familiar
    unseen: Float[np.ndarray, " pictures"]


def some_of(data_set: DataSet, *, most: int, seed: int) -> DataSet:
    """At most so many pictures, drawn by the seed, in the data set's order."""
    if len(data_set) <= most:
        return data_set
    drawn = np.random.default_rng(seed).permutation(len(data_set))[:most]
    return data_set.only([data_set.entries[number].name for number in drawn])


def expect_enough(pictures: int) -> None:
    """`ValueError` for fewer than `LEAST`."""
    if pictures < LEAST:
        raise ValueError(f"{pictures} pictures do not show what is ordinary; give {LEAST} or more")


def read_features(
    backend: Backend, data_set: DataSet, *, on_picture: Callable[[object], None] = lambda _: None
) -> Features:
    """The features of every picture of the data set, by the model that counts.

    `ModelFileError` for a file of a time before features were given, and for features that are no finite numbers; the `UepnetError`
    of the first picture that cannot be read.
    """
    found = []
    for entry in data_set.entries:
        features = backend.run(data_set.pixels(entry)).features
        if features is None:
            raise ModelFileError(
                f"{backend.description.name}: the file gives no features of pictures; export it again with `uepnet export`"
            )
        if not np.isfinite(features).all():
            raise ModelFileError(
                f"{backend.description.name}: the features of {entry.name} are no finite numbers; the weights are damaged, take the "
                "file anew"
            )
        found.append(features)
        on_picture(entry)
    return np.array(found, dtype=np.float64)


def fit_familiar(features: Features, *, seed: int = 0, learnt_from: Sequence[TrainingData] = ()) -> FamiliarFit:
    """The Gaussian of these pictures' directions, with a limit from distances of pictures left out, five parts in turn.

    `ValueError` for fewer than `LEAST` pictures.
    """
    expect_enough(len(features))
    distances = np.empty(len(features))
    for left_out in np.array_split(np.random.default_rng(seed).permutation(len(features)), FOLDS):
        of_others = _gaussian(np.delete(features, left_out, axis=0), limit=1.0)
        distances[left_out] = [strangeness(one, of_others) for one in features[left_out]]
    limit = max(float(np.quantile(distances, ORDINARY)), 1e-6)
    familiar = _gaussian(features, limit=limit)
    return FamiliarFit(familiar.model_copy(update={"learnt_from": tuple(learnt_from)}), distances / limit)


def told_without(sets: Sequence[Features], number: int, *, seed: int = 0) -> float | None:
    """The share of data set `number`'s pictures that would be told if nothing had been learnt from all of it: the nearest
    to what a new place is. None where the other data sets are too few pictures for a fit.
    """
    others = [features for other, features in enumerate(sets) if other != number]
    if sum(map(len, others)) < LEAST:
        return None
    familiar = fit_familiar(np.concatenate(others), seed=seed).familiar
    return float(np.mean([strangeness(one, familiar) > 1.0 for one in sets[number]]))


def _gaussian(features: Features, *, limit: float) -> Familiar:
    """Centre, axes and spreads, rounded as they are written, so that what is measured is what is kept."""
    units = direction(features)
    centre = units.mean(axis=0)
    _, singular, axes = np.linalg.svd(units - centre, full_matrices=False)
    variances = np.zeros(centre.size)
    variances[: len(singular)] = np.square(singular) / (len(units) - 1)
    variances = (1.0 - SHRUNK) * variances + SHRUNK * max(float(variances.mean()), 1e-12)
    kept = min(AXES, len(axes), centre.size - 1)
    return Familiar(
        centre=_rounded(centre),
        axes=tuple(_rounded(axis) for axis in axes[:kept]),
        spreads=tuple(_kept(spread) for spread in np.sqrt(variances[:kept])),
        rest=_kept(np.sqrt(variances[kept:].mean())),
        limit=limit,
    )


def _kept(deviation: float) -> float:
    """Six digits, and no less than a description may hold."""
    return max(float(f"{deviation:.6g}"), 1e-9)


def _rounded(vector: Float[np.ndarray, " channels"]) -> tuple[float, ...]:
    """Five decimals of numbers up to 1."""
    return tuple(round(min(max(float(value), -1.0), 1.0), 5) for value in vector)
