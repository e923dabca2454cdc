"""How many people a model sees in pictures that show nobody."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from pydantic import JsonValue

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.errors import AnnotationError
from uepnet.inference.counter import Counter
from uepnet.laboratory.robustness.figures import MOST_PER_MEGAPIXEL
from uepnet.laboratory.robustness.measure import EmptyCount, thumbnail


def expect_nobody(data_set: DataSet) -> None:
    """Raises `AnnotationError` for the first picture that has heads."""
    for entry in data_set.entries:
        heads = len(data_set.heads(entry))
        if heads:
            raise AnnotationError(
                f"{entry.picture}: it should show nobody, but heads are annotated in it: {heads}; leave it out, or mend its annotation"
            )


def count_nobody(
    counter: Counter, data_set: DataSet, *, on_picture: Callable[[Entry], None] = lambda _: None
) -> Iterator[EmptyCount]:
    """Every picture's count by the counter's decode, `kind` being its name. Raises the `UepnetError` of the first that cannot be read."""
    for entry in data_set.entries:
        pixels = data_set.pixels(entry)
        result = counter.count(pixels, name=entry.name)
        height, width = pixels.shape[:2]
        on_picture(entry)
        yield EmptyCount(entry.name, width, height, result.count, bool(result.warnings), thumbnail(pixels))


def nobody_record(name: str, counts: Sequence[EmptyCount]) -> dict[str, JsonValue]:
    """The record of a result file: how many pictures are above the limit and warn, all and the worst in people per megapixel.

    `per_megapixel` is that of all pictures as one.
    """
    above = [one for one in counts if one.per_megapixel > MOST_PER_MEGAPIXEL]
    worst = max(counts, key=lambda one: one.per_megapixel)
    megapixels = sum(one.width * one.height for one in counts) / 1e6
    return {
        "dataset": name,
        "pictures": len(counts),
        "limit": MOST_PER_MEGAPIXEL,
        "above": len(above),
        "above_share": len(above) / len(counts),
        "above_warned": sum(one.warned for one in above),
        "per_megapixel": sum(one.count for one in counts) / megapixels,
        "median": float(np.median([one.per_megapixel for one in counts])),
        "worst": worst.per_megapixel,
        "worst_picture": worst.kind,
    }
