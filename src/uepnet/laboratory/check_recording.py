"""A check of data sets as a result file."""

from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from uepnet.annotations.check.check import Check
from uepnet.annotations.check.finding import KINDS, SEVERITIES
from uepnet.annotations.data_set import DataSet
from uepnet.laboratory.results import DataUsed, ResultFile, result_of

TOGETHER = "together"
"""The data set's name in the record of all of them."""


def check_as_result(check: Check, *, command: str, date: datetime) -> ResultFile:
    """The numbers of findings by data set and of all together, with the pictures' names; `date` knows its time zone.

    A finding about pictures of two data sets counts for both. The points are read again for the data's hash, so that
    data with unreadable annotations raise an `AnnotationError`.
    """
    sets: dict[tuple[str, Path, str], DataSet] = {}
    for reading in check.readings:
        data_set = reading.subject.data_set
        sets.setdefault((data_set.name, data_set.root, data_set.split), data_set)
    return result_of(
        [*(_record(check, data_set) for data_set in sets.values()), _record(check, None)],
        command=command,
        date=date,
        data=[_data_used(check, data_set) for data_set in sets.values()],
    )


def _data_used(check: Check, data_set: DataSet) -> DataUsed:
    part = _part(check, data_set)
    return DataUsed(
        data_set=data_set.name,
        split=data_set.split,
        pictures=part.pictures,
        heads=part.heads,
        digest=data_set.digest(),
    )


def _record(check: Check, data_set: DataSet | None) -> dict[str, JsonValue]:
    """Those of the findings that are about a data set, or all."""
    part = check if data_set is None else _part(check, data_set)
    severities: dict[str, JsonValue] = {f"{severity}s": len(part.of_severity(severity)) for severity in SEVERITIES}
    kinds: dict[str, JsonValue] = {
        kind: sum(finding.kind == kind for finding in part.findings) for kind in KINDS if kind != "unopened-data-set"
    }
    record: dict[str, JsonValue] = {
        "dataset": TOGETHER if data_set is None else data_set.name,
        "images": part.pictures,
        "heads": part.heads,
    }
    record |= {**severities, **kinds}
    if data_set is None:
        record["findings"] = {
            kind: [[picture.subject.label for picture in f.pictures] for f in part.findings if f.kind == kind]
            for kind in dict.fromkeys(finding.kind for finding in part.findings)
        }
    return record


def _part(check: Check, data_set: DataSet) -> Check:
    """What the check says of one data set alone."""
    return Check(
        tuple(reading for reading in check.readings if reading.subject.data_set is data_set),
        tuple(
            finding
            for finding in check.findings
            if any(picture.subject.data_set is data_set for picture in finding.pictures)
        ),
    )
