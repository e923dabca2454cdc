"""UCF_CC_50 by its five folds: five trainings with a schedule fixed beforehand, each measured on the pictures it never saw.

The weights are the averaged ones after the last step; nothing is chosen on the fold that is held out. A trunk that saw
UCF_CC_50 is refused (`trunk.refuse_seen`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from uepnet.annotations.data_set import DataSet
from uepnet.annotations.ucf_cc_50 import NAME, folds
from uepnet.errors import ConfigError
from uepnet.evaluation.figures import group_figures
from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.reproduce.catalogue import IPH
from uepnet.laboratory.reproduce.error_sheets import said_seeds
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.sheet import Cells, Sheet
from uepnet.laboratory.reproduce.variant import DECODES

UEPNET = replace(IPH, multi_scale=True)
"""What is trained on every fold: the paper's whole method."""


def fold_parts(data_set: DataSet, *, convention: str) -> tuple[tuple[DataSet, DataSet], ...]:
    """What is learnt from and what is measured, five times; `ConfigError` for another data set."""
    if data_set.name != NAME:
        raise ConfigError(
            f"the five folds are those of {NAME}, but the data are {data_set.name}; give --data {NAME}:ROOT"
        )
    return folds(data_set, convention=convention)


def folds_sheet(
    records: Mapping[int, Mapping[int, Record]], *, convention: str, how: str, notes: Sequence[str]
) -> Sheet:
    """Errors by fold and their means, as the field reports them, from each fold's records by seed.

    `how` is what a comparison of systems says of the trainings: preset, trunk and what that has seen.
    """
    lines: list[Cells] = [_line(f"fold {fold}", [records.get(fold, {})]) for fold in range(1, 6)]
    whole = all(records.get(fold) for fold in range(1, 6))
    mean = _line("mean of the folds", [records.get(fold, {}) for fold in range(1, 6)] if whole else [])
    lines.append({**mean, "protocol": f"five folds ({convention}), {how}, last averaged weights, mean decode"})
    return Sheet(
        name=f"folds-{convention}",
        title=f"UCF_CC_50, five folds ({convention})",
        shown={"fold": "line", "argmax: MAE / RMSE": "argmax", "mean decode": "mean", "seed numbers": "seeds"},
        lines=tuple(lines),
        notes=(f"Folds by the convention `{convention}`. UEPNet: UEP with MCP, IPH and multi-scale.", *notes),
        seeds=tuple(sorted({seed for of_fold in records.values() for seed in of_fold})),
    )


def _line(label: str, of_folds: Sequence[Mapping[int, Record]]) -> Cells:
    """The plain mean over the folds of each fold's error, and of that over the seeds that all folds have."""
    seeds = sorted(set.intersection(*(set(records) for records in of_folds))) if of_folds else []
    line: Cells = {"line": label, "seeds": said_seeds(seeds)}
    for decode in DECODES:
        means = [_mean([records[seed] for records in of_folds], decode) for seed in seeds]
        line[f"mae_{decode}"] = float(np.mean([mae for mae, _ in means])) if means else None
        line[f"rmse_{decode}"] = float(np.mean([rmse for _, rmse in means])) if means else None
        line[decode] = f"{line[f'mae_{decode}']:.1f} / {line[f'rmse_{decode}']:.1f}" if means else NOT_RUN
    return line


def _mean(records: Sequence[Record], decode: str) -> tuple[float, float]:
    """Means over the folds of MAE and RMSE."""
    truth = np.concatenate([np.array(record["truth"], dtype=np.int64) for record in records])
    counts = np.concatenate([np.array(record["readings"][f"mean {decode}"]["counts"]) for record in records])
    names = [str(fold) for fold, record in enumerate(records) for _ in record["truth"]]
    grouping = group_figures(truth, counts, names, by="fold")
    return grouping.mae, grouping.rmse
