"""One picture of a data set under a protocol: what was shown, and what the counter made of it by both decodes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from uepnet.annotations.data_set import MAX_MEGAPIXELS, DataSet, Entry
from uepnet.description import Decode
from uepnet.errors import DataSetError
from uepnet.evaluation.application import ProtocolBackend, Shown, show
from uepnet.evaluation.protocols import EvaluationProtocol
from uepnet.evaluation.regions import Region
from uepnet.inference.backends import Backend
from uepnet.inference.counter import Counter
from uepnet.inference.result import CountResult


@dataclass(frozen=True)
class Measured:
    """One counted picture; both results come from one run of the model.

    `seconds` is the time of that run. Counts and maps are those of `shown`, which the protocol may have changed; `width`
    and `height` are those of the picture in its file. Where the protocol measures in regions, `scene` is the folder in
    the entry's name ("SCENE/FRAME"), or the whole data set where there is none.
    """

    shown: Shown
    results: Mapping[Decode, CountResult]
    seconds: float
    width: int
    height: int
    scene: str | None


def measure(backend: Backend, data_set: DataSet, entry: Entry, *, protocol: EvaluationProtocol) -> Measured:
    """Read, show and count one picture. Raises what its files deserve; see `DataSet.heads` and `DataSet.pixels`."""
    heads, pixels = data_set.heads(entry), data_set.pixels(entry)
    region = region_reader(data_set)(entry) if protocol.region else None
    shown = show(pixels, heads, protocol=protocol, patch=backend.description.patch, region=region)
    counted = ProtocolBackend(backend, tile=protocol.tile, shares=shown.shares)
    results = Counter(counted, max_megapixels=MAX_MEGAPIXELS).count_by_decode(shown.pixels, name=entry.name)
    return Measured(
        shown=shown,
        results=results,
        seconds=results["mean"].seconds,
        width=heads.width,
        height=heads.height,
        scene=entry.name.rpartition("/")[0] or data_set.name if protocol.region else None,
    )


def region_reader(data_set: DataSet) -> Callable[[Entry], Region]:
    """What reads the regions of the data set; `DataSetError` if it has none."""
    if data_set.read_roi is None:
        raise DataSetError(f"{data_set.name}: the protocol counts in regions, but this data set has none; take 'exact'")
    return data_set.read_roi
