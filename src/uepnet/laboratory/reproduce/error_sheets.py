"""A table of errors from the rows that are there: MAE and RMSE by line and decode beside the paper's, and its claims."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from pydantic import JsonValue

from uepnet.description import Decode
from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.reproduce.catalogue import INSENSITIVE, Claim, ErrorTable, of_paper
from uepnet.laboratory.reproduce.claims import ERRORS_RULE, Judged, Verdict, judge
from uepnet.laboratory.reproduce.plots import draw_errors, draw_intervals, draw_nothing
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.sheet import Cells, Sheet
from uepnet.laboratory.reproduce.variant import DECODES, Reading

Rows = Mapping[str, Mapping[int, Record]]
"""The records of a table's lines by seed; a line without any has an empty mapping."""


def error_sheet(table: ErrorTable, rows: Rows, *, data_set: str, notes: Sequence[str]) -> Sheet:
    """The table as a sheet. Errors are means over the seeds, each that of the last averaged weights."""
    lines = tuple(_line(table, label, rows[label], data_set=data_set) for label in table.lines)
    claims = [_claim(claim, table, rows, data_set=data_set) for claim in table.claims]
    if table.of_numbers:
        claims.append(_insensitive(rows))
    draw = draw_intervals if table.of_numbers else draw_errors
    return Sheet(
        name=table.name,
        title=f"{table.title} ({data_set})",
        shown={
            "line": "line",
            "paper: MAE / RMSE": "paper",
            "here, argmax: MAE / RMSE": "argmax",
            "here, mean decode": "mean",
            "seed numbers": "seeds",
            "minutes a seed": "minutes",
        },
        lines=lines,
        claims=tuple(claims),
        about=table.note,
        notes=(*notes, *([ERRORS_RULE] if claims else []), *_closed(table, rows)),
        plot=draw(lines, title=table.title) if any(line["seeds"] for line in lines) else draw_nothing(table.title),
        seeds=tuple(sorted({seed for records in rows.values() for seed in records})),
    )


def _closed(table: ErrorTable, rows: Rows) -> tuple[str, ...]:
    """A note of every training whose network counts nobody in any picture: such a failure hides in a mean over seeds."""
    found = [
        f"{label}, seed {seed}"
        for label, records in rows.items()
        for seed, record in records.items()
        if counts_nobody(record, table.lines[label])
    ]
    if not found:
        return ()
    return (
        f"Of these trainings the network counts nobody in any picture: {'; '.join(found)}. Its last layer has closed for good: "
        "a ReLU below 0, or a softplus far below it, passes next to nothing on, which targets without classes are prone to. "
        "They are part of the means all the same.",
    )


def counts_nobody(record: Record, reading: Reading) -> bool:
    """Whether the row's network counts nobody in any picture."""
    return not any(figures_of(record, reading, "mean")["counts"])


def said_seeds(seeds: Sequence[int]) -> str:
    """The seeds of trainings as they are shown; nothing where there are none."""
    return ", ".join(map(str, seeds))


def figures_of(record: Record, reading: Reading, decode: Decode) -> dict[str, Any]:
    """MAE, RMSE, bias and counts of one row by one reading and decode; without classes there is the mean decode alone."""
    figures: dict[str, Any] = record["readings"][f"{reading.proxies} {reading.variant.decode_for(decode)}"]
    return figures


def absolute_errors(record: Record, reading: Reading, decode: Decode) -> Float[np.ndarray, " pictures"]:
    """|counted - true| of every picture."""
    counts = np.array(figures_of(record, reading, decode)["counts"], dtype=np.float64)
    errors: Float[np.ndarray, " pictures"] = np.abs(counts - np.array(record["truth"], dtype=np.float64))
    return errors


def _line(table: ErrorTable, label: str, records: Mapping[int, Record], *, data_set: str) -> Cells:
    reading = table.lines[label]
    paper = of_paper(table.name, data_set, label)
    line: Cells = {
        "line": label,
        "variant": reading.variant.name,
        "proxies": reading.proxies,
        "decodes": list(reading.variant.decodes),
        "paper": "-" if paper is None else " / ".join(f"{value:.2f}" for value in paper),
        "paper_mae": paper[0] if paper else None,
        "paper_rmse": paper[1] if paper else None,
        "seeds": said_seeds(list(records)),
        "minutes": round(float(np.mean([sum(r["seconds"].values()) for r in records.values()])) / 60, 1)
        if records
        else None,
    }
    for decode in DECODES:
        line |= _errors([figures_of(record, reading, decode) for record in records.values()], decode)
    return line


def _errors(figures: Sequence[Mapping[str, Any]], decode: str) -> Cells:
    """The means over the seeds, and the MAE of every seed."""
    if not figures:
        return {decode: NOT_RUN, **dict.fromkeys((f"mae_{decode}", f"rmse_{decode}", f"bias_{decode}"))}
    values = {name: [float(one[name]) for one in figures] for name in ("mae", "rmse", "bias")}
    means = {name: float(np.mean(numbers)) for name, numbers in values.items()}
    return {
        decode: f"{means['mae']:.2f} / {means['rmse']:.2f}",
        **{f"{name}_{decode}": value for name, value in means.items()},
        f"mae_{decode}_by_seed": list(values["mae"]),
    }


def _claim(claim: Claim, table: ErrorTable, rows: Rows, *, data_set: str) -> Cells:
    papers = [of_paper(table.name, data_set, line) for line in (claim.better, claim.worse)]
    known = papers[0] is not None and papers[1] is not None
    cells: Cells = {
        "claim": claim.text,
        "paper": f"{papers[0][0] - papers[1][0]:+.2f}" if known and papers[0] and papers[1] else "-",
    }
    for decode in DECODES:
        sides = [
            {seed: absolute_errors(one, table.lines[line], decode) for seed, one in rows[line].items()}
            for line in (claim.better, claim.worse)
        ]
        cells |= claim_cells(judge(claim.text, *sides), decode)
    return cells


def claim_cells(judged: Judged, decode: str, *, form: str = "") -> dict[str, JsonValue]:
    """A judgement as the cells of one decode: the difference with its interval, or that of every seed as `form` has it."""
    apart = judged.difference
    said = ", ".join(f"{one:+{form}}" for one in judged.by_seed) or "-"
    if apart is not None:
        said = f"{apart.value:+.2f} ({apart.low:+.2f} to {apart.high:+.2f})"
    return {decode: judged.said, f"{decode}_difference": said, "seeds": said_seeds(judged.seeds)}


def _insensitive(rows: Rows) -> Cells:
    """Whether UEP's MAE at every number of intervals is within `INSENSITIVE` of that at 25, at every seed."""
    cells: Cells = {"claim": f"UEP is insensitive to the number of intervals (within {INSENSITIVE:.0%})", "paper": "-"}
    lines = {label: records for label, records in rows.items() if label.startswith("UEP, ")}
    seeds = sorted(set.intersection(*(set(records) for records in lines.values())))
    for decode in DECODES:
        if not seeds:
            cells |= claim_cells(Judged("", "not run"), decode)
            continue
        apart = []
        for seed in seeds:
            mae = {label: records[seed]["readings"][f"mean {decode}"]["mae"] for label, records in lines.items()}
            apart.append(max(abs(value / mae["UEP, 25"] - 1.0) for value in mae.values()))
        verdict: Verdict | None = (
            "holds" if max(apart) <= INSENSITIVE else "does not hold" if min(apart) > INSENSITIVE else None
        )
        said = Judged("", verdict or "not separable here", seeds=tuple(seeds)).said
        cells |= {decode: said, f"{decode}_difference": f"up to {max(apart):.0%}", "seeds": said_seeds(seeds)}
    return cells
