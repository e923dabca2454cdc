"""How large and how crowded the training pictures are, which goes with the model so that it can warn beyond them."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from uepnet.description import Seen
from uepnet.inference.cautions import crowding
from uepnet.training.store import PictureStore

RARE = 0.01
"""The share of the pictures that lies below, and that lies above, what is called seen."""


def seen_of(store: PictureStore, *, patch: int) -> Seen:
    """Facts about all pictures of a store, whose counts are those of patches of `patch` pixels."""
    sizes = [tuple(picture.pixels.shape[1:]) for group in store.groups for picture in group]
    heads = [len(picture.xy) for group in store.groups for picture in group]
    patches = [-(-height // patch) * -(-width // patch) for height, width in sizes]
    crowds = np.split(store.counts, np.cumsum(patches)[:-1])
    return seen_among([height * width / 1e6 for height, width in sizes], heads, [crowding(crowd) for crowd in crowds])


def seen_among(megapixels: Sequence[float], heads: Sequence[int], crowdings: Sequence[float]) -> Seen:
    """Quantiles over pictures of their size, their number of heads and their `crowding` at their own size."""
    return Seen(
        smallest=_quantile(megapixels, RARE),
        largest=_quantile(megapixels, 1 - RARE),
        most_heads=_quantile(heads, 1 - RARE),
        densest=_quantile(crowdings, 1 - RARE),
    )


def joined(one: Seen | None, other: Seen) -> Seen:
    """What a model has seen in two trainings, as far as it is known."""
    if one is None:
        return other
    return Seen(
        smallest=min(one.smallest, other.smallest),
        largest=max(one.largest, other.largest),
        most_heads=max(one.most_heads, other.most_heads),
        densest=max(one.densest, other.densest),
    )


def _quantile(values: Sequence[float] | Float[np.ndarray, " values"], share: float) -> float:
    return float(np.quantile(np.asarray(values, dtype=np.float64), share))
