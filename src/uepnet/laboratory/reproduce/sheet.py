"""A table or figure as it is handed over: result file, Markdown, CSV and plot, side by side in one folder."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.results import DataUsed, result_of, write_result
from uepnet.whole_files import write_whole

Cells = dict[str, JsonValue]


CLAIM_COLUMNS = {
    "the paper's claim": "claim",
    "in the paper": "paper",
    "here, argmax decode": "argmax",
    "difference (95 %)": "argmax_difference",
    "here, mean decode": "mean",
    "difference (95 %), mean": "mean_difference",
    "seed numbers": "seeds",
}
"""Of claims about errors, whose differences have a bootstrap interval."""


@dataclass(frozen=True)
class Sheet:
    """`shown` names the columns of `lines` that a person reads, by heading; the rest is for the CSV and the result file.

    `claims` have the columns of `claim_columns`. `about` is what the table itself says, `notes` how its rows were made.
    `plot` is a PNG.
    """

    name: str
    title: str
    shown: dict[str, str]
    lines: tuple[Cells, ...]
    claims: tuple[Cells, ...] = ()
    claim_columns: dict[str, str] = field(default_factory=lambda: CLAIM_COLUMNS)
    about: str = ""
    notes: tuple[str, ...] = ()
    plot: bytes | None = None
    data: tuple[DataUsed, ...] = ()
    seeds: tuple[int, ...] = ()


def markdown(sheet: Sheet) -> str:
    """The sheet as a page of its own."""
    parts = [f"# {sheet.title}\n", _table(sheet.shown, sheet.lines)]
    if sheet.plot is not None:
        parts.append(f"![{sheet.title}]({sheet.name}.png)\n")
    if sheet.claims:
        parts.append(_table(sheet.claim_columns, sheet.claims))
    parts += [f"{note}\n" for note in (sheet.about, *sheet.notes) if note]
    return "\n".join(parts)


def csv_text(sheet: Sheet) -> str:
    """All lines with all their plain values; lists are left to the result file."""
    columns = list(dict.fromkeys(key for line in sheet.lines for key, value in line.items() if not _is_many(value)))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(sheet.lines)
    return text.getvalue()


def write_sheet(sheet: Sheet, folder: Path, *, command: str) -> tuple[Path, ...]:
    """Write NAME.json, .md, .csv and, where there is a plot, .png; each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = [{"part": "line", **line} for line in sheet.lines] + [{"part": "claim", **one} for one in sheet.claims]
    figures.append({"part": "notes", "about": sheet.about, "notes": " ".join(sheet.notes)})
    result = result_of(
        figures,
        command=command,
        date=datetime.now(UTC),
        data=sheet.data,
        seed=sheet.seeds[0] if sheet.seeds else 0,
    )
    paths = [folder / f"{sheet.name}.{ending}" for ending in ("json", "md", "csv")]
    write_result(paths[0], result)
    write_whole(paths[1], markdown(sheet).encode())
    write_whole(paths[2], csv_text(sheet).encode())
    if sheet.plot is not None:
        paths.append(folder / f"{sheet.name}.png")
        write_whole(paths[-1], sheet.plot)
    return tuple(paths)


def _table(columns: dict[str, str], lines: Sequence[Cells]) -> str:
    rows = [list(columns), ["---"] * len(columns)]
    rows += [[_cell(line.get(key)) for key in columns.values()] for line in lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(value: JsonValue) -> str:
    if value is None:
        return NOT_RUN
    if isinstance(value, float):
        return f"{value:.3g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_many(value: JsonValue) -> bool:
    return isinstance(value, list | dict)
