"""Table 6, exactly: what writing counts as classes costs when every patch is classified right. Nothing is trained."""

import numpy as np
from jaxtyping import Float

from uepnet.annotations.data_set import DataSet
from uepnet.counting.comparison import MethodCosts, measure_method
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.laboratory.reproduce.catalogue import of_paper
from uepnet.laboratory.reproduce.plots import draw_discretisation
from uepnet.laboratory.reproduce.sheet import Cells, Sheet
from uepnet.laboratory.results import data_used

METHODS = {"Two-Linear (S-DCNet)": "two-linear", "log (Liu et al.)": "log", "UEP": "uep"}
CLASSES = {"shanghaitech-a": 55, "ucf-qnrf": 27}
"""Of S-DCNet's partition, by data set: its Cmax is 22 for ShanghaiTech A and 8 for UCF-QNRF; for all others 7."""
UEP_CLASSES = 25
PATCHES = (8, 16, 32)
PAPER_PATCH = {"two-linear": 16, "log": 32, "uep": 8}
"""The paper does not say on which patches it compared. By their size its figures are those of Table 3's strides."""


def table6(fitted: DataSet, measured: DataSet) -> Sheet:
    """Classes fitted to one part and measured on another, people a picture, by patch, partition and proxies."""
    lines: list[Cells] = []
    for patch in PATCHES:
        counts = [_counts(part, patch=patch) for part in (fitted, measured)]
        for name, method in METHODS.items():
            intervals = CLASSES.get(measured.name, UEP_CLASSES) if method == "two-linear" else UEP_CLASSES
            costs = measure_method(method, *counts, intervals=intervals)
            lines += _lines(name, costs, patch=patch, data_set=measured.name)
    return Sheet(
        name="table6",
        title=f"Discretisation errors ({measured.name})",
        shown={
            "patch": "patch",
            "partition, proxies": "line",
            "classes": "classes",
            "paper (test set)": "paper",
            f"here ({measured.split}, {len(measured)} pictures)": "here",
        },
        lines=tuple(lines),
        notes=(
            "Mean over pictures of |sum of counts - sum of proxies|, in people, with every patch in its true class. "
            f"Borders and proxies are fitted to the {len(fitted)} pictures of '{fitted.split}'. The paper does not say on "
            "which patches it measured; its figures stand where their size and its Table 3 put them. Two-Linear has S-DCNet's "
            "own number of classes for this data set, UEP 25 everywhere.",
        ),
        plot=draw_discretisation(lines),
        data=(data_used(fitted), data_used(measured)),
    )


def _lines(name: str, costs: MethodCosts, *, patch: int, data_set: str) -> list[Cells]:
    lines: list[Cells] = []
    for proxies, error in (("midpoint", costs.midpoint_error), ("MCP", costs.mean_error)):
        label = f"{name}, {proxies}"
        paper = of_paper("table6", data_set, label) if patch == PAPER_PATCH[costs.method] else None
        lines.append(
            {
                "patch": patch,
                "line": label,
                "classes": costs.mean.classes,
                "paper": f"{paper[0]:.2f}" if paper else "-",
                "here": f"{error:.2f}",
                "error": error,
            }
        )
    return lines


def _counts(data_set: DataSet, *, patch: int) -> list[Float[np.ndarray, "rows columns"]]:
    heads = [data_set.heads(entry) for entry in data_set.entries]
    return [local_counts(one, sigma_of(one, fixed=data_set.fixed_sigma), patch=patch) for one in heads]
