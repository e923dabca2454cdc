"""Files among a data set's annotations that belong to none of its pictures."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.check.finding import Finding
from uepnet.annotations.data_set import DataSet
from uepnet.annotations.folders import visible_files
from uepnet.annotations.worldexpo10 import ROI
from uepnet.errors import DataSetError


def find_stray_files(text: str) -> Iterator[Finding]:
    """A finding for every file of the annotations' kind, in their folders, that none of the pictures of "NAME:ROOT" has.

    Only where each picture has an annotation of its own. The test part's files belong to it.
    """
    sets = list(_parts(text))
    claimed = [entry.annotation for data_set in sets for entry in data_set.entries if entry.annotation is not None]
    if len(set(claimed)) < len(claimed):
        return
    suffixes = {path.suffix for path in claimed}
    known = {*claimed, *(path.with_name(f"{ROI}.mat") for path in claimed if sets[0].read_roi is not None)}
    for folder in sorted({path.parent for path in claimed if path.parent.is_dir()}):
        for path in visible_files(folder):
            if path.suffix in suffixes and path not in known:
                yield _finding(path, sets[0].name)


def _finding(path: Path, name: str) -> Finding:
    return Finding("stray-annotation", f"{path}: no picture of {name} has this annotation; rename it or move it away")


def _parts(text: str) -> Iterator[DataSet]:
    """Those parts that are there, whichever are checked."""
    for split in ("all", "test"):
        with suppress(DataSetError):
            yield open_data_set(text, split=split)
