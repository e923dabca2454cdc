"""A counter measured on a data set: every picture, both decodes, and the protocol that travels with the figures."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.description import Decode
from uepnet.errors import UepnetError
from uepnet.evaluation.bootstrap import CONFIDENCE, RESAMPLES
from uepnet.evaluation.figures import Figures, Grouping, all_figures, group_figures
from uepnet.evaluation.folds import CONVENTIONS, fold_of
from uepnet.evaluation.game import game_error
from uepnet.evaluation.measure import DECODES, Measured, measure, regions_of
from uepnet.evaluation.metrics import Counts, Truth, range_coverage
from uepnet.evaluation.protocols import EXACT, EvaluationProtocol
from uepnet.inference.counter import Counter

GAME_LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class PictureRow:
    """One measured picture: its true and counted people, the size of its file's picture, and the model's time.

    `low` and `high` are the range of the decode that the evaluation is about, `game` its errors on the grids of
    `GAME_LEVELS`; `scene` is set where the protocol measures by scene.
    """

    name: str
    truth: int
    mean: float
    argmax: float
    low: float | None
    high: float | None
    width: int
    height: int
    seconds: float
    game: tuple[float, ...]
    scene: str | None = None

    def count(self, decode: Decode) -> float:
        """The people counted by one decode."""
        return self.mean if decode == "mean" else self.argmax


@dataclass(frozen=True)
class Evaluation:
    """What a counter is worth on a data set. `figures` are those of `decode`; `by_decode` has both."""

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
    coverage: float | None
    """The share of pictures whose truth the model's ranges promise to hold; None without ranges."""
    groups: Grouping | None = None

    @property
    def figures(self) -> Figures:
        """The figures of the decode that the evaluation is about."""
        return self.by_decode[self.decode]

    @property
    def range_coverage(self) -> float | None:
        """The share of pictures whose truth lies in their range; None without ranges."""
        ranges = [(row.low, row.high) for row in self.rows if row.low is not None and row.high is not None]
        if len(ranges) < len(self.rows):
            return None
        low, high = np.array(ranges, dtype=np.float64).T
        return range_coverage(self.truth, low, high)

    @property
    def truth(self) -> Truth:
        """The true people of every picture."""
        return np.array([row.truth for row in self.rows], dtype=np.int64)

    def counts(self, decode: Decode | None = None) -> Counts:
        """The people counted in every picture, by the evaluation's decode if none is named."""
        return np.array([row.count(decode or self.decode) for row in self.rows], dtype=np.float64)

    def as_json(self) -> dict[str, Any]:
        """The figures as one object of plain types: what `uepnet evaluate --json` prints."""
        figures = self.figures
        return {
            "dataset": self.data_set,
            "split": self.split,
            "images": len(self.rows),
            "mae": figures.mae,
            "rmse": figures.rmse,
            "nae": figures.nae,
            "bias": figures.bias,
            "mae_low": figures.mae_low,
            "mae_high": figures.mae_high,
            "range_coverage": self.range_coverage,
            "decode": self.decode,
            "model": self.model,
            "protocol": self.protocol.model_dump(mode="json"),
            "details": self._details(),
        }

    def _details(self) -> dict[str, Any]:
        game = np.array([row.game for row in self.rows]).mean(axis=0)
        return {
            "data_digest": self.digest,
            "heads": int(self.truth.sum()),
            "coverage": self.coverage,
            "bootstrap": {"confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": self.bootstrap_seed},
            "decodes": {
                decode: {
                    **asdict(figures),
                    "strata": [{"heads": stratum.name, **asdict(stratum)} for stratum in figures.strata],
                }
                for decode, figures in self.by_decode.items()
            },
            "game": {str(level): float(value) for level, value in zip(GAME_LEVELS, game, strict=True)},
            "groups": None
            if self.groups is None
            else {"mean_mae": self.groups.mae, "mean_rmse": self.groups.rmse, **asdict(self.groups)},
            "seconds_per_picture": float(np.mean([row.seconds for row in self.rows])),
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

    `decode` is the one that the headline figures are about (None: the counter's own); both are measured from one run of
    the model. Raises the `UepnetError` of the first picture or annotation that cannot be read, with its name; all
    annotations and the pictures' sizes are read before the first picture is counted.
    """
    chosen: Decode = decode or counter.decode
    if chosen not in DECODES:
        raise ValueError(f"there is no decode '{chosen}'; the decodes are {', '.join(DECODES)}")
    if protocol.region:
        regions_of(data_set)
    for entry in data_set.entries:
        with _named(data_set, entry):
            data_set.heads(entry)
    digest = data_set.digest()
    rows: list[PictureRow] = []
    coverages: set[float | None] = set()
    for entry in data_set.entries:
        with _named(data_set, entry):
            measured = measure(counter.backend, data_set, entry, protocol=protocol)
        rows.append(_row(entry, measured, chosen))
        coverages.add(measured.results[chosen].coverage)
        if on_picture is not None:
            on_picture(rows[-1])
    truth = np.array([row.truth for row in rows], dtype=np.int64)
    by_decode = {
        name: all_figures(
            truth,
            np.array([row.count(name) for row in rows], dtype=np.float64),
            generator=np.random.default_rng(bootstrap_seed),
        )
        for name in DECODES
    }
    evaluation = Evaluation(
        data_set=data_set.name,
        split=data_set.split,
        digest=digest,
        model=counter.description.name,
        protocol=protocol,
        decode=chosen,
        bootstrap_seed=bootstrap_seed,
        rows=tuple(rows),
        by_decode=by_decode,
        coverage=coverages.pop() if len(coverages) == 1 else None,
    )
    if not protocol.region:
        return evaluation
    scenes = [row.scene or "" for row in rows]
    return replace(evaluation, groups=group_figures(truth, evaluation.counts(), scenes, by="scene"))


def by_fold(evaluation: Evaluation, *, convention: str) -> Evaluation:
    """The same evaluation of all fifty pictures of UCF_CC_50 with its errors by fold and their means.

    One model counts all folds, so this is no cross-validation: the folds only make the figures of a model that never
    saw the data set comparable, fold by fold, with those of five models that were each trained on the other four.
    """
    if convention not in CONVENTIONS:
        raise ValueError(f"there is no fold convention '{convention}'; the known ones are {', '.join(CONVENTIONS)}")
    if evaluation.data_set != "ucf-cc-50" or len(evaluation.rows) != 50:
        raise ValueError(
            f"the folds are those of the 50 pictures of ucf-cc-50, but this is {evaluation.data_set} "
            f"'{evaluation.split}' with {len(evaluation.rows)}; take the split 'all' of ucf-cc-50"
        )
    folds = [str(fold_of(row.name, convention=convention)) for row in evaluation.rows]
    groups = group_figures(evaluation.truth, evaluation.counts(), folds, by=f"fold ({convention})")
    return replace(evaluation, groups=groups)


def _row(entry: Entry, measured: Measured, decode: Decode) -> PictureRow:
    heads, result = measured.shown.heads, measured.results[decode]
    return PictureRow(
        name=entry.name,
        truth=len(heads),
        mean=measured.results["mean"].count,
        argmax=measured.results["argmax"].count,
        low=result.low,
        high=result.high,
        width=measured.width,
        height=measured.height,
        seconds=measured.seconds,
        game=tuple(game_error(result.count_map, heads, patch=result.patch, level=level) for level in GAME_LEVELS),
        scene=measured.scene,
    )


@contextmanager
def _named(data_set: DataSet, entry: Entry) -> Iterator[None]:
    """An error that says which picture of which data set stopped the evaluation."""
    try:
        yield
    except UepnetError as error:
        raise type(error)(
            f"{data_set.name} '{data_set.split}', picture {entry.name}: {error}; no picture is skipped, so nothing was measured"
        ) from error
