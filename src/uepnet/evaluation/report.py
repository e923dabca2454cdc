"""The files of an evaluation: figures, a table of all pictures, the scatter plot, and the worst cases as pictures."""

import csv
import io
import json
from pathlib import Path

import numpy as np

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.case_picture import draw_case
from uepnet.evaluation.evaluate import Evaluation
from uepnet.evaluation.measure import measure
from uepnet.evaluation.scatter import draw_scatter
from uepnet.inference.counter import Counter
from uepnet.whole_files import write_whole

COLUMNS = ("name", "truth", "mean", "argmax", "error", "low", "high", "width", "height", "seconds", "scene")


def save_report(
    evaluation: Evaluation, folder: Path, *, counter: Counter, data_set: DataSet, worst: int = 8
) -> tuple[Path, ...]:
    """Write the report into the folder, each file whole or not at all, and name the files.

    `evaluation.json`, `pictures.csv`, `scatter.png`, and `worst-NN-PICTURE.png` for the pictures with the largest
    absolute errors, which are counted once more with `counter`. Worst cases of an earlier report there are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("worst-[0-9][0-9]-*.png"):
        stale.unlink()
    figures = json.dumps(evaluation.as_json(), ensure_ascii=False, indent=2) + "\n"
    contents = {
        "evaluation.json": figures.encode(),
        "pictures.csv": pictures_csv(evaluation).encode(),
        "scatter.png": draw_scatter(evaluation),
    }
    for name, content in contents.items():
        write_whole(folder / name, content)
    cases = _draw_worst(evaluation, folder, counter=counter, data_set=data_set, number=worst)
    return (*(folder / name for name in contents), *cases)


def pictures_csv(evaluation: Evaluation) -> str:
    """A row a picture, in the data set's order; `error` is that of the evaluation's decode, seconds the model's time."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in evaluation.rows:
        error = row.count(evaluation.decode) - row.truth
        writer.writerow({**{name: getattr(row, name) for name in COLUMNS if name != "error"}, "error": error})
    return text.getvalue()


def worst_rows(evaluation: Evaluation, *, number: int) -> tuple[int, ...]:
    """The indices of the rows with the largest absolute errors, the worst first; equals in the data set's order."""
    off = np.abs(evaluation.counts() - evaluation.truth)
    return tuple(int(index) for index in np.argsort(-off, kind="stable")[:number])


def _draw_worst(
    evaluation: Evaluation, folder: Path, *, counter: Counter, data_set: DataSet, number: int
) -> tuple[Path, ...]:
    paths = []
    for place, index in enumerate(worst_rows(evaluation, number=number), start=1):
        entry = data_set.entries[index]
        measured = measure(counter.backend, data_set, entry, protocol=evaluation.protocol)
        png = draw_case(entry.name, measured, decode=evaluation.decode, fixed_sigma=data_set.fixed_sigma)
        plain = "_".join(Path(entry.name).with_suffix("").parts)
        paths.append(folder / f"worst-{place:02d}-{plain}.png")
        write_whole(paths[-1], png)
    return tuple(paths)
