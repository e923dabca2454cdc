"""The measured behaviour as figures with their limits, one record a test."""

from collections import Counter as Tally
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from uepnet.laboratory.robustness.changes import CHANGES
from uepnet.laboratory.robustness.measure import Behaviour, Doubt
from uepnet.laboratory.robustness.peopleless import KINDS

MOST_PER_MEGAPIXEL = 0.5
"""People in the worst picture of a kind without people; the project's limit, never loosened."""
FAR_OFF = "warnings"
"""The name of the test of warnings."""


@dataclass(frozen=True)
class Figure:
    """One test: its value is within its limit (or at least the limit, where `at_least`), misses it, or had no picture.

    `unit` is "people per megapixel" or "share".
    """

    test: str
    about: str
    limit: float
    value: float | None
    unit: str
    pictures: int
    details: dict[str, JsonValue]
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None if there was no picture to measure it on."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_record(self) -> dict[str, JsonValue]:
        """A record of a result file."""
        record: dict[str, JsonValue] = {"dataset": self.test, "about": self.about, "limit": self.limit}
        verdict = {True: "yes", False: "NO", None: "not measured"}[self.met]
        return {
            **record,
            "value": self.value,
            "met": verdict,
            "unit": self.unit,
            "pictures": self.pictures,
            **self.details,
        }


def figures_of(behaviour: Behaviour) -> tuple[Figure, ...]:
    """Peopleless pictures, then changes, then warnings."""
    return (*_peopleless(behaviour), *_changed(behaviour), _warned(behaviour.doubts))


def _peopleless(behaviour: Behaviour) -> list[Figure]:
    figures = []
    for kind in KINDS:
        own = [empty for empty in behaviour.empty if empty.kind == kind]
        found = [empty.per_megapixel for empty in own]
        above = [empty for empty in own if empty.per_megapixel > MOST_PER_MEGAPIXEL]
        details: dict[str, JsonValue] = {
            "mean": float(np.mean(found)),
            "above": len(above),
            "above_warned": sum(empty.warned for empty in above),
        }
        about = "the worst of its pictures"
        figures.append(Figure(kind, about, MOST_PER_MEGAPIXEL, max(found), "people per megapixel", len(found), details))
    return figures


def _changed(behaviour: Behaviour) -> list[Figure]:
    figures = []
    for change in CHANGES:
        by_data = behaviour.changes[change.name]
        everything = [value for values in by_data.values() for value in values]
        medians: dict[str, JsonValue] = {name: _median(values) for name, values in by_data.items()}
        details: dict[str, JsonValue] = {
            "by_data": medians,
            "nine_in_ten": float(np.quantile(everything, 0.9)) if everything else None,
        }
        figures.append(
            Figure(change.name, change.about, change.limit, _median(everything), "share", len(everything), details)
        )
    return figures


def _warned(doubts: tuple[Doubt, ...]) -> Figure:
    """The share of the far-off pictures that warn, and how many of all do."""
    off = [doubt for doubt in doubts if doubt.far_off]
    warned = [doubt for doubt in doubts if doubt.warned]
    caught = sum(doubt.warned for doubt in off)
    details: dict[str, JsonValue] = {
        "far_off": len(off),
        "far_off_warned": caught,
        "warned": len(warned),
        "warned_share": len(warned) / len(doubts),
        "warned_by_data": dict[str, JsonValue](Tally(doubt.data_set for doubt in warned)),
        "far_off_by_data": dict[str, JsonValue](Tally(doubt.data_set for doubt in off)),
        "missed": [f"{doubt.data_set}: {doubt.picture}" for doubt in off if not doubt.warned],
    }
    share = caught / len(off) if off else None
    about = "pictures off by more than a factor 3 and 10 people that warn"
    return Figure(FAR_OFF, about, 1.0, share, "share", len(doubts), details, at_least=True)


def _median(values: "list[float] | tuple[float, ...]") -> float | None:
    return float(np.median(values)) if values else None
