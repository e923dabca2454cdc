"""An evaluation as a result file."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import uepnet
from uepnet.evaluation.evaluate import Evaluation
from uepnet.laboratory.machine import commit_of, this_machine, versions
from uepnet.laboratory.results import DataUsed, ModelUsed, ResultFile


def evaluations_as_result(
    evaluations: Sequence[Evaluation], *, command: str, model_file: Path, date: datetime
) -> ResultFile:
    """The evaluations of one model as a result file, one record each; `date` knows its time zone."""
    if len({(evaluation.model, evaluation.bootstrap_seed) for evaluation in evaluations}) != 1:
        raise ValueError("a result file holds the evaluations of one model with one bootstrap seed")
    commit, changed = commit_of(Path(uepnet.__file__).parent)
    return ResultFile(
        command=command,
        commit=commit,
        changed=changed,
        date=date.isoformat(timespec="seconds"),
        seed=evaluations[0].bootstrap_seed,
        machine=this_machine(),
        versions=versions(),
        data=tuple(_data_used(evaluation) for evaluation in evaluations),
        model=ModelUsed(name=evaluations[0].model, digest=hashlib.sha256(model_file.read_bytes()).hexdigest()),
        figures=tuple(evaluation.as_json() for evaluation in evaluations),
    )


def _data_used(evaluation: Evaluation) -> DataUsed:
    return DataUsed(
        data_set=evaluation.data_set,
        split=evaluation.split,
        pictures=len(evaluation.rows),
        heads=int(evaluation.truth.sum()),
        digest=evaluation.digest,
    )
