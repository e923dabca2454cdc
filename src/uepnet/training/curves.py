"""The curves of a run as a picture: loss and learning rate, and the validation errors."""

import io
from pathlib import Path

import numpy as np

from uepnet.training.journal import read_journal
from uepnet.whole_files import write_whole

SMOOTHED_OVER = 25


def draw_curves(journal: Path, out: Path) -> None:
    """Read `metrics.jsonl` and write a PNG, whole or not at all; nothing where matplotlib is not installed.

    A training on a rented machine goes without: its journal comes home, and the picture can be drawn from it.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return
    lines = read_journal(journal)
    steps = [line for line in lines if "loss" in line]
    checks = [line for line in lines if "validation" in line]
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    x = [line["step"] for line in steps]
    loss = np.array([line["loss"] for line in steps])
    left.plot(x, loss, color="0.8", linewidth=0.7)
    width = min(SMOOTHED_OVER, len(loss))
    if width:
        left.plot(x[width - 1 :], np.convolve(loss, np.full(width, 1 / width), mode="valid"), color="tab:blue")
    left.set(xlabel="step", ylabel="loss (nats, sum of the heads)", title="training loss")
    rate = left.twinx()
    rate.plot(x, [line["rate"] for line in steps], color="tab:orange", linewidth=0.7)
    rate.set_ylabel("learning rate", color="tab:orange")
    series = {(f["data_set"], f["decode"]) for line in checks for f in line["validation"]}
    for data_set, decode in sorted(series):
        mae = [
            f["mae"]
            for line in checks
            for f in line["validation"]
            if (f["data_set"], f["decode"]) == (data_set, decode)
        ]
        style = "o-" if decode == "mean" else "x:"
        right.plot([line["step"] for line in checks], mae, style, label=f"{data_set}, {decode}", markersize=4)
    right.set(xlabel="step", ylabel="MAE (people)", title="validation, averaged weights")
    if series:
        right.set_yscale("log")
        right.legend(fontsize="small")
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    write_whole(out, content.getvalue())
