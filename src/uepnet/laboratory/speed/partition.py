"""Uniform Error Partition of millions of counts, against the printed algorithm."""

import numpy as np
from jaxtyping import Float
from pydantic import JsonValue

from uepnet.counting.uep import uep_borders
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.literal_uep import literal_uep
from uepnet.laboratory.speed.peaks import memory_copy
from uepnet.laboratory.speed.rows import Aim, Speed

COUNTS = 2_500_000
"""About the 8x8 patches of ShanghaiTech A's training pictures."""

BYTES = 16.0
"""Of a double that is read once and written once."""


def drawn_counts(number: int, *, seed: int = 0) -> Float[np.ndarray, " counts"]:
    """Long-tailed counts like those of patches, in no order, nearly all above t0 and up to some twenty heads."""
    result: Float[np.ndarray, " counts"] = 0.1 * np.random.default_rng(seed).standard_exponential(number) ** 2
    return result


def measure_partition(*, quick: bool) -> list[dict[str, JsonValue]]:
    """One record: 25 intervals from unsorted counts."""
    number = 3000 if quick else COUNTS
    counts = drawn_counts(number)
    as_list = counts.tolist()
    limit = memory_copy(megabytes=4 if quick else 256)
    seconds = interleaved(
        {"ours": lambda: uep_borders(counts), "plain": lambda: literal_uep(as_list), limit.name: limit.run},
        repetitions=3 if quick else 5,
        once=frozenset({"plain"}),
    )
    speed = Speed(
        part="partition",
        name=f"UEP on {number:,} counts",
        seconds=seconds["ours"],
        plain_seconds=seconds["plain"],
        aim=Aim(30, most_seconds=0.3),
        use=limit.use(BYTES * number, seconds),
        note="both with their sort; plain: Algorithm 1 in Python, run whole, once",
    )
    return [speed.as_json()]
