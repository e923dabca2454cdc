"""What the paper says about patches, from the rows that are there: Figs. 5 and 6, background, distance to borders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from uepnet.description import Decode
from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.reproduce.catalogue import IPH, LEN, MSE, NUM, UEP, Claim, of_paper
from uepnet.laboratory.reproduce.claims import NUMBERS_RULE, judge_numbers
from uepnet.laboratory.reproduce.error_sheets import Rows, claim_cells, counts_nobody, said_seeds
from uepnet.laboratory.reproduce.plots import draw_classes, draw_distance, draw_gradient, draw_nothing, draw_shares
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.sheet import Cells, Sheet
from uepnet.laboratory.reproduce.variant import DECODES, Reading, Variant

CLAIM_COLUMNS = {
    "the paper's claim": "claim",
    "in the paper": "paper",
    "here, argmax decode": "argmax",
    "difference by seed": "argmax_difference",
    "here, mean decode": "mean",
    "difference by seed, mean": "mean_difference",
    "seed numbers": "seeds",
}
"""Numbers of a whole set have no interval."""

Figures = dict[str, Any]
"""What `measuring` kept of the patches of one row under one decode."""


@dataclass(frozen=True)
class PatchSheet:
    """One quantity of patches: its lines, the number that a claim compares (smaller is better) and what else is kept."""

    name: str
    title: str
    variants: Mapping[str, Variant]
    quantity: str
    """What the number is, as a heading."""
    form: str
    """How it is written."""
    number: Callable[[Figures], float | None]
    series: Callable[[Figures], Cells]
    claims: tuple[Claim, ...]
    draw: Callable[[Sequence[Mapping[str, Any]]], bytes]
    note: str
    also_shown: Mapping[str, str] = field(default_factory=dict)
    """Further columns, by heading: keys of the series."""


def _iph_ms() -> Variant:
    return replace(IPH, multi_scale=True)


def _wrong_next_to_a_border(figures: Figures) -> float | None:
    """Of the patches in the first bin; None where it is empty."""
    accuracy: float | None = figures["distance"]["accuracy"][0]
    return None if accuracy is None else 1.0 - accuracy


PATCH_SHEETS: dict[str, PatchSheet] = {
    sheet.name: sheet
    for sheet in (
        PatchSheet(
            "background",
            "Share of the error that is made on the background",
            {"MSE": MSE, "UEP": UEP, "UEPNet": _iph_ms()},
            "share of the error",
            ".1%",
            lambda figures: float(figures["background_share"]),
            lambda figures: {"above_largest": f"{figures['above_largest_share']:.2%}"},
            (Claim("UEPNet makes a smaller share of its error on the background than MSE", "UEPNet", "MSE"),),
            draw_shares,
            "Background: patches with a true count below t0 = 1.6e-4. The last column is the share made on patches "
            "fuller than any that was learnt from (tMAX), argmax decode. UEPNet is IPH with MCP and multi-scale.",
            {"above tMAX": "above_largest"},
        ),
        PatchSheet(
            "fig5",
            "Where the gradient comes from",
            {"MSE": MSE, "UEP": UEP},
            "share of the gradient",
            ".1%",
            lambda figures: float(figures["gradient"]["large"]),
            lambda figures: {key: list(figures["gradient"][key]) for key in ("patches", "gradient")},
            (Claim("the 1 % of patches with the largest errors give less of the gradient with classes", "UEP", "MSE"),),
            draw_gradient,
            "The number is the share of the gradient from the 1 % of patches with the largest errors.",
        ),
        PatchSheet(
            "fig6",
            "Error and samples of every class",
            {"UniformLen": LEN, "UniformNum": NUM, "UEP": UEP},
            "spread of the contributions",
            ".2f",
            lambda figures: figures["classes"]["spread"],
            lambda figures: {key: list(figures["classes"][key]) for key in ("samples", "class_mae", "contribution")},
            (
                Claim("UEP's classes contribute more equally than UniformLen's", "UEP", "UniformLen"),
                Claim("UEP's classes contribute more equally than UniformNum's", "UEP", "UniformNum"),
            ),
            draw_classes,
            "The number is the standard deviation of the classes' contributions divided by their mean, background left out.",
        ),
        PatchSheet(
            "border-distance",
            "Accuracy by distance to the nearest border",
            {
                "one head": UEP,
                "one head, MS": replace(UEP, multi_scale=True),
                "IPH": IPH,
                "IPH, MS": _iph_ms(),
            },
            "share wrong next to a border",
            ".1%",
            _wrong_next_to_a_border,
            lambda figures: {"accuracy": list(figures["distance"]["accuracy"])},
            (
                Claim("IPH is right more often next to a border", "IPH", "one head"),
                Claim("IPH is right more often next to a border, with multi-scale", "IPH, MS", "one head, MS"),
            ),
            draw_distance,
            "The number is the share of wrong patches in the bin next to the borders. With two heads a patch is judged by "
            "the count that they give together.",
        ),
    )
}
"""By name."""


def patch_sheet(kind: PatchSheet, rows: Rows, *, data_set: str, notes: Sequence[str]) -> Sheet:
    """The sheet; numbers are means over the seeds, series those of the first seed and the paper's argmax decode.

    A network that counts nobody has no gradient and no error on the background that would say anything: it is left out.
    """
    rows, left_out = _living(kind, rows)
    lines = tuple(_line(kind, label, rows[label], data_set=data_set) for label in kind.variants)
    claims = tuple(_claim(kind, claim, rows, data_set=data_set) for claim in kind.claims)
    return Sheet(
        name=kind.name,
        title=f"{kind.title} ({data_set})",
        shown={
            "line": "line",
            "paper": "paper",
            f"{kind.quantity}, argmax": "argmax",
            "mean decode": "mean",
            **kind.also_shown,
            "seed numbers": "seeds",
        },
        lines=lines,
        claims=claims,
        claim_columns=CLAIM_COLUMNS,
        about=kind.note,
        notes=(*notes, *([NUMBERS_RULE] if claims else []), *left_out),
        plot=kind.draw(lines) if any(line["seeds"] for line in lines) else draw_nothing(kind.title),
        seeds=tuple(sorted({seed for records in rows.values() for seed in records})),
    )


def _living(kind: PatchSheet, rows: Rows) -> tuple[Rows, tuple[str, ...]]:
    """The rows whose networks count anybody, and a note of the others."""
    dead = [
        (label, seed)
        for label, variant in kind.variants.items()
        for seed, record in rows[label].items()
        if counts_nobody(record, Reading(variant, "mean"))
    ]
    living = {
        label: {seed: record for seed, record in records.items() if (label, seed) not in dead}
        for label, records in rows.items()
    }
    named = "; ".join(f"{label}, seed {seed}" for label, seed in dead)
    return living, (f"Left out, because the network counts nobody in any picture: {named}.",) if dead else ()


def _line(kind: PatchSheet, label: str, records: Mapping[int, Record], *, data_set: str) -> Cells:
    paper = of_paper(kind.name, data_set, label)
    line: Cells = {
        "line": label,
        "variant": kind.variants[label].name,
        "paper": "-" if paper is None else f"{paper[0]:.2%}",
        "paper_share": None if paper is None else paper[0],
        "seeds": said_seeds(list(records)),
    }
    for decode in DECODES:
        values = list(_numbers(kind, label, records, decode).values())
        line[decode] = f"{np.mean(values):{kind.form}}" if values else NOT_RUN
        line[f"{decode}_share"] = float(np.mean(values)) if values else None
    line |= dict.fromkeys(kind.also_shown.values(), NOT_RUN)
    if records:
        own = kind.variants[label].decode_for("argmax")
        line |= kind.series(next(iter(records.values()))["patches"][own])
    return line


def _claim(kind: PatchSheet, claim: Claim, rows: Rows, *, data_set: str) -> Cells:
    papers = [of_paper(kind.name, data_set, line) for line in (claim.better, claim.worse)]
    first, second = papers
    cells: Cells = {"claim": claim.text, "paper": f"{first[0] - second[0]:+.2%}" if first and second else "-"}
    for decode in DECODES:
        sides = [_numbers(kind, line, rows[line], decode) for line in (claim.better, claim.worse)]
        cells |= claim_cells(judge_numbers(claim.text, *sides), decode, form=kind.form)
    return cells


def _numbers(kind: PatchSheet, label: str, records: Mapping[int, Record], decode: Decode) -> dict[int, float]:
    own = kind.variants[label].decode_for(decode)
    found = {seed: kind.number(record["patches"][own]) for seed, record in records.items()}
    return {seed: value for seed, value in found.items() if value is not None}
