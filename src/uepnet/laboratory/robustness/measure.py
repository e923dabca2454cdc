"""What is measured of a model's behaviour, test by test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from uepnet.annotations.data_set import DataSet
from uepnet.inference.counter import Counter
from uepnet.inference.result import CountResult
from uepnet.laboratory.robustness.changes import CHANGES, Change, relative_change
from uepnet.laboratory.robustness.choice import chosen_for_changes, chosen_for_warnings
from uepnet.laboratory.robustness.peopleless import KINDS, SHOWN, peopleless_pictures
from uepnet.points import HeadPoints

OnStep = Callable[[], None]
"""Called after every picture that was counted."""


@dataclass(frozen=True)
class EmptyCount:
    """A picture without people, shrunk to a thumbnail of one size, how many a model counts in it, and whether it warned."""

    kind: str
    width: int
    height: int
    count: float
    warned: bool
    thumbnail: UInt8[np.ndarray, "_ _ 3"]

    @property
    def per_megapixel(self) -> float:
        """People per million pixels."""
        return self.count / (self.width * self.height / 1e6)


@dataclass(frozen=True)
class Doubt:
    """A validation picture's true and counted number, and whether the result warned."""

    data_set: str
    picture: str
    true: int
    count: float
    warned: bool

    @property
    def far_off(self) -> bool:
        """Off by more than a factor 3 and by more than 10 people."""
        low, high = sorted((float(self.true), self.count))
        return high > 3 * low and high - low > 10


@dataclass(frozen=True)
class Behaviour:
    """Everything that was measured: `changes` by name of the change and of the data set, one value a picture."""

    empty: tuple[EmptyCount, ...]
    changes: dict[str, dict[str, tuple[float, ...]]]
    doubts: tuple[Doubt, ...]
    measured: tuple[DataSet, ...]


@dataclass(frozen=True)
class Plan:
    """The pictures to be counted: `changed` under every change, and `counted` (which holds them too) as they are."""

    changed: tuple[DataSet, ...]
    counted: tuple[DataSet, ...]

    @property
    def steps(self) -> int:
        """How often `OnStep` is called."""
        return len(KINDS) * len(SHOWN) + sum(map(len, self.counted)) + len(CHANGES) * sum(map(len, self.changed))


def plan(data_sets: Sequence[DataSet], *, most_changed: int, most_counted: int) -> Plan:
    """At most so many pictures of each data set; `ValueError` where two of them have one name."""
    names = [data_set.name for data_set in data_sets]
    if len(set(names)) < len(names):
        raise ValueError(f"each data set is measured once, but they are {', '.join(names)}")
    changed = tuple(chosen_for_changes(data_set, most=most_changed) for data_set in data_sets)
    counted = tuple(
        chosen_for_warnings(data_set, most=most_counted, besides=chosen)
        for data_set, chosen in zip(data_sets, changed, strict=True)
    )
    return Plan(changed, counted)


def measure(counter: Counter, pictures: Plan, *, on_step: OnStep) -> Behaviour:
    """Count all pictures of the plan and the peopleless ones, by the counter's decode."""
    empty = tuple(_empty_counts(counter, on_step))
    changes: dict[str, dict[str, tuple[float, ...]]] = {change.name: {} for change in CHANGES}
    doubts: list[Doubt] = []
    for data_set, changed in zip(pictures.counted, pictures.changed, strict=True):
        to_change = {entry.name for entry in changed.entries}
        found: dict[str, list[float]] = {change.name: [] for change in CHANGES}
        for entry in data_set.entries:
            pixels, heads = data_set.pixels(entry), data_set.heads(entry)
            result = counter.count(pixels, name=entry.name)
            doubts.append(_doubt(data_set, entry.name, heads, result))
            on_step()
            if entry.name in to_change:
                for change, value in _changes_of(counter, pixels, heads, before=result.count, on_step=on_step):
                    found[change.name].append(value)
        for name, values in found.items():
            changes[name][data_set.name] = tuple(values)
    return Behaviour(empty, changes, tuple(doubts), pictures.counted)


def _empty_counts(counter: Counter, on_step: OnStep) -> Iterator[EmptyCount]:
    for kind in KINDS:
        for shown in peopleless_pictures(kind):
            result = counter.count(shown.pixels, name=kind)
            on_step()
            height, width = shown.pixels.shape[:2]
            yield EmptyCount(kind, width, height, result.count, bool(result.warnings), thumbnail(shown.pixels))


def thumbnail(pixels: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "_ _ 3"]:
    """As large as a cell of the contact sheet has room for."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((240, 180))
    return np.asarray(picture)


def _doubt(data_set: DataSet, name: str, heads: HeadPoints, result: CountResult) -> Doubt:
    return Doubt(data_set.name, name, len(heads.xy), result.count, bool(result.warnings))


def _changes_of(
    counter: Counter, pixels: UInt8[np.ndarray, "_ _ 3"], heads: HeadPoints, *, before: float, on_step: OnStep
) -> Iterator[tuple[Change, float]]:
    for change in CHANGES:
        if change.applies_to(heads):
            yield change, relative_change(before, counter.count(change(pixels), name=change.name).count)
        on_step()
