"""The count maps of a data set as files, for those who want to go on with them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from uepnet.annotations.data_set import DataSet, Entry
from uepnet.evaluation.measure import measure
from uepnet.evaluation.protocols import EvaluationProtocol
from uepnet.inference.counter import Counter
from uepnet.whole_files import whole_file


def save_maps(
    counter: Counter,
    data_set: DataSet,
    folder: Path,
    *,
    protocol: EvaluationProtocol,
    on_picture: Callable[[Entry], None] | None = None,
) -> tuple[Path, ...]:
    """Count every picture and write NAME.npz for each: what a map says is in it, so that it can be read alone.

    `count_map` and `variance_map` (people, and people squared, per patch), `patch` (pixels), `heads` (true points, x and
    y in pixels) and `decode`. Scenes in names become folders.
    """
    paths = []
    for entry in data_set.entries:
        measured = measure(counter.backend, data_set, entry, protocol=protocol)
        result = measured.results[counter.decode]
        path = folder / f"{entry.name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            np.savez_compressed(
                file,
                count_map=result.count_map,
                variance_map=result.variance_map,
                patch=np.int64(result.patch),
                heads=measured.shown.heads.xy,
                decode=np.str_(counter.decode),
            )
        paths.append(path)
        if on_picture is not None:
            on_picture(entry)
    return tuple(paths)
