"""A counter measured on a data set: every picture, both decodes, and the protocol that travels with the figures."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.description import Decode
from uepnet.errors import UepnetError
from uepnet.evaluation.bootstrap import CONFIDENCE, RESAMPLES
from uepnet.evaluation.figures import Figures, Grouping, all_figures, group_figures
from uepnet.evaluation.measure import measure, region_reader
from uepnet.evaluation.metrics import Counts, Truth, range_coverage
from uepnet.evaluation.protocols import EXACT, EvaluationProtocol
from uepnet.evaluation.rows import GAME_LEVELS, PictureRow, row_of
from uepnet.inference.counter import Counter


@dataclass(frozen=True)
class Evaluation:
    """What a counter is worth on a data set. `figures` are those of `decode`; `by_decode` has all that the model has."""

    data_set: str
    split: str
    digest: str
    """Which pictures and points: `DataSet.digest`."""
    model: str
    protocol: EvaluationProtocol
    decode: Decode
    bootstrap_seed: int
    rows: tuple[PictureRow, ...]
    by_decode: Mapping[Decode, Figures]
    groups: Grouping | None
    """The errors by scene or by fold, where they are measured so."""

    def __str__(self) -> str:
        figures = self.figures
        return (
            f"{self.data_set} '{self.split}': MAE {figures.mae:.1f} ({figures.mae_low:.1f} to {figures.mae_high:.1f}), "
            f"RMSE {figures.rmse:.1f} on {len(self.rows)} pictures, {self.model}, {self.decode}, {self.protocol.name}"
        )

    @property
    def figures(self) -> Figures:
        """The figures of the decode that the evaluation is about."""
        return self.by_decode[self.decode]

    @property
    def truth(self) -> Truth:
        """The true people of every picture."""
        return np.array([row.truth for row in self.rows], dtype=np.int64)

    def counts(self, decode: Decode | None = None) -> Counts:
        """The people counted in every picture, by the evaluation's decode if none is named."""
        return np.array([row.count(decode or self.decode) for row in self.rows], dtype=np.float64)

    @property
    def game(self) -> Mapping[int, float]:
        """GAME by its level."""
        means = np.array([row.game for row in self.rows]).mean(axis=0)
        return {level: float(mean) for level, mean in zip(GAME_LEVELS, means, strict=True)}

    @property
    def range_coverage(self) -> float | None:
        """The share of pictures whose truth lies in their range; None unless every picture has one."""
        ranges = [(row.low, row.high) for row in self.rows if row.low is not None and row.high is not None]
        if len(ranges) < len(self.rows):
            return None
        low, high = np.array(ranges, dtype=np.float64).T
        return range_coverage(self.truth, low, high)

    def as_json(self) -> dict[str, Any]:
        """The figures as one object of plain types: what `uepnet evaluate --json` prints."""
        return {
            "dataset": self.data_set,
            "split": self.split,
            "images": len(self.rows),
            "mae": self.figures.mae,
            "rmse": self.figures.rmse,
            "nae": self.figures.nae,
            "bias": self.figures.bias,
            "mae_low": self.figures.mae_low,
            "mae_high": self.figures.mae_high,
            "range_coverage": self.range_coverage,
            "decode": self.decode,
            "model": self.model,
            "protocol": self.protocol.model_dump(mode="json"),
            "details": {
                "data_digest": self.digest,
                "heads": int(self.truth.sum()),
                "coverage": self.rows[0].coverage,
                "bootstrap": {"confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": self.bootstrap_seed},
                "decodes": {decode: figures.as_json() for decode, figures in self.by_decode.items()},
                "game": {str(level): value for level, value in self.game.items()},
                "groups": None if self.groups is None else self.groups.as_json(),
                "seconds_per_picture": float(np.mean([row.seconds for row in self.rows])),
            },
        }


def evaluate(
    counter: Counter,
    data_set: DataSet,
    *,
    protocol: EvaluationProtocol = EXACT,
    decode: Decode | None = None,
    bootstrap_seed: int = 0,
    on_picture: Callable[[PictureRow], None] | None = None,
) -> Evaluation:
    """Measure the counter on every picture of the data set; no picture is ever skipped.

    `decode` is the one that the headline figures are about (None: the counter's own); all that the
    model has are measured from one run of it. Raises the `UepnetError` of the first picture or annotation that cannot be read, with its name; all
    annotations and picture sizes are read before the first picture is counted.
    """
    chosen = counter.decode if decode is None else counter.description.decode_for(decode)
    decodes = counter.description.decodes
    digest = _read_ahead(data_set, protocol)
    rows = []
    for entry in data_set.entries:
        with _named(data_set, entry):
            measured = measure(counter.backend, data_set, entry, protocol=protocol)
        rows.append(row_of(entry.name, measured, decode=chosen))
        if on_picture is not None:
            on_picture(rows[-1])
    truth = np.array([row.truth for row in rows], dtype=np.int64)
    counts = {name: np.array([row.count(name) for row in rows], dtype=np.float64) for name in decodes}
    scenes = [row.scene for row in rows if row.scene is not None]
    return Evaluation(
        data_set=data_set.name,
        split=data_set.split,
        digest=digest,
        model=counter.description.name,
        protocol=protocol,
        decode=chosen,
        bootstrap_seed=bootstrap_seed,
        rows=tuple(rows),
        by_decode={
            name: all_figures(truth, counts[name], generator=np.random.default_rng(bootstrap_seed)) for name in decodes
        },
        groups=group_figures(truth, counts[chosen], scenes, by="scene") if scenes else None,
    )


def _read_ahead(data_set: DataSet, protocol: EvaluationProtocol) -> str:
    """The digest of the data set, once it is sure that it has what the protocol needs and that its points are readable."""
    if protocol.region:
        region_reader(data_set)
    for entry in data_set.entries:
        with _named(data_set, entry):
            data_set.heads(entry)
    return data_set.digest()


@contextmanager
def _named(data_set: DataSet, entry: Entry) -> Iterator[None]:
    """An error that says which picture of which data set stopped the evaluation."""
    try:
        yield
    except UepnetError as error:
        place = f"{data_set.name} '{data_set.split}', picture {entry.name}"
        raise type(error)(f"{place}: {error}; no picture is skipped, so nothing was measured") from error
