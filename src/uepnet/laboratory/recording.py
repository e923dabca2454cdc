"""An evaluation as a result file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from uepnet.evaluation.evaluate import Evaluation
from uepnet.laboratory.results import DataUsed, ModelUsed, ResultFile, result_of


def evaluations_as_result(
    evaluations: Sequence[Evaluation], *, command: str, model_file: Path, date: datetime
) -> ResultFile:
    """The evaluations of one model as a result file, one record each; `date` knows its time zone."""
    if len({(evaluation.model, evaluation.bootstrap_seed) for evaluation in evaluations}) != 1:
        raise ValueError("a result file holds the evaluations of one model with one bootstrap seed")
    return result_of(
        [evaluation.as_json() for evaluation in evaluations],
        command=command,
        date=date,
        data=[_data_used(evaluation) for evaluation in evaluations],
        model=ModelUsed.of_file(evaluations[0].model, model_file),
        seed=evaluations[0].bootstrap_seed,
    )


def _data_used(evaluation: Evaluation) -> DataUsed:
    return DataUsed(
        data_set=evaluation.data_set,
        split=evaluation.split,
        pictures=len(evaluation.rows),
        heads=int(evaluation.truth.sum()),
        digest=evaluation.digest,
    )
