"""Pictures with truth and prediction, as in the paper's Tables 8 to 10: sparse, congested and bad cases, by a rule."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.case_picture import draw_case
from uepnet.evaluation.evaluate import evaluate
from uepnet.evaluation.measure import measure
from uepnet.evaluation.metrics import Counts, Truth
from uepnet.evaluation.protocols import protocol_of
from uepnet.inference.counter import Counter
from uepnet.laboratory.reproduce.sheet import Cells, Sheet
from uepnet.laboratory.results import data_used
from uepnet.whole_files import write_whole

EACH = 3
"""Pictures of each kind."""


def choose_cases(truth: Truth, counts: Counts) -> Mapping[str, Sequence[int]]:
    """The pictures with the fewest heads, with the most, and with the largest error for their size; none twice.

    Sparse and congested pictures are chosen by their truth alone, so they are not chosen to look well. Bad ones have the
    largest |counted - true| / (true + 10); what was shown already is passed over.

    >>> choose_cases(np.array([5, 50, 500]), np.array([5.0, 90.0, 400.0]))
    {'sparse': [0], 'congested': [2], 'bad': [1]}
    """
    each = min(EACH, max(1, len(truth) // 3))
    by_truth = np.argsort(truth, kind="stable")
    sparse = by_truth[:each].tolist()
    congested = [index for index in by_truth[::-1].tolist() if index not in sparse][:each]
    off = np.argsort(-np.abs(counts - truth) / (truth + 10), kind="stable").tolist()
    bad = [index for index in off if index not in sparse and index not in congested][:each]
    return {"sparse": sparse, "congested": congested, "bad": bad}


def draw_cases(counter: Counter, data_set: DataSet, *, folder: Path) -> Sheet:
    """Count all pictures, choose, draw the chosen ones into `folder` and give the table of them.

    In each drawing the sixteenth of the picture whose count is furthest off has a red frame.
    """
    protocol = protocol_of(data_set)
    evaluation = evaluate(counter, data_set, protocol=protocol)
    chosen = choose_cases(evaluation.truth, evaluation.counts())
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[Cells] = []
    for kind, indices in chosen.items():
        for place, index in enumerate(indices, start=1):
            entry, row = data_set.entries[index], evaluation.rows[index]
            measured = measure(counter.backend, data_set, entry, protocol=protocol)
            png = draw_case(
                entry.name, measured, decode=counter.decode, fixed_sigma=data_set.fixed_sigma, mark_worst=True
            )
            name = f"case-{kind}-{place}.png"
            write_whole(folder / name, png)
            counted = row.count(counter.decode)
            lines.append(
                {"kind": kind, "picture": row.name, "true": row.truth, "counted": round(counted, 1), "file": name}
            )
    return Sheet(
        name="cases",
        title=f"Sparse, congested and bad cases ({data_set.name})",
        shown={"kind": "kind", "picture": "picture", "true": "true", "counted": "counted", "drawing": "file"},
        lines=tuple(lines),
        notes=(
            f"Model {counter.description.name}, decode {counter.decode}. Sparse and congested: fewest and most heads. Bad: "
            "largest |counted - true| / (true + 10) among the others. Red frame: the sixteenth of the picture furthest off.",
        ),
        data=(data_used(data_set),),
    )
