"""One `uepnet reproduce` from its rows to its sheets, within a time."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uepnet.errors import TrainingError
from uepnet.laboratory.reproduce.artefacts import TRAINED, Wanted, sheet_of, variants_of
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.sheet import Sheet, write_sheet
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.reproduce.workbench import Workbench


@dataclass(frozen=True)
class Done:
    """One step of a run: a row, and whether it was made, was there already, was left for another time, or failed and why."""

    variant: Variant
    seed: int
    state: Literal["made", "there", "left", "failed"]
    seconds: float = 0.0
    why: str = ""

    @property
    def row(self) -> str:
        """The row's name for people."""
        return f"{self.variant.name}, seed {self.seed}"


def make_rows(
    bench: Workbench, variants: Sequence[Variant], *, seeds: Sequence[int], minutes: float | None = None
) -> Iterator[Done]:
    """Find or make every row, all of the first seed before those of the next.

    With `minutes` no row is begun that would probably not end in time, judged by the slowest so far. Each finished row is
    on disk before the next begins, so that the same command, begun again, goes on where it was stopped. A training whose
    loss is no number does not keep the others from being made.
    """
    began, slowest = time.monotonic(), 0.0
    for seed in seeds:
        for variant in variants:
            if bench.find(variant, seed=seed) is not None:
                yield Done(variant, seed, "there")
                continue
            start = time.monotonic()
            if minutes is not None and start - began + slowest > 60.0 * minutes:
                yield Done(variant, seed, "left")
                continue
            why = _make(bench, variant, seed=seed)
            seconds = time.monotonic() - start
            slowest = max(slowest, seconds)
            yield Done(variant, seed, "failed" if why else "made", seconds, why)


def _make(bench: Workbench, variant: Variant, *, seed: int) -> str:
    """Make the row, and say why if its training fails."""
    try:
        bench.make(variant, seed=seed)
    except TrainingError as error:
        return str(error)
    return ""


def make_sheets(
    bench: Workbench, wanted: Wanted, *, seeds: Sequence[int], out: Path, failed: Sequence[str] = ()
) -> Iterator[Sheet]:
    """Write every wanted sheet from the rows that are there; what is not there reads "not run", and `failed` ones are named."""
    for name in wanted.trained:
        rows: dict[str, dict[int, Record]] = {}
        for label, variant in variants_of(TRAINED[name]).items():
            rows[label] = find_rows(bench, variant, seeds=seeds)
        sheet = sheet_of(name, rows, data_set=bench.measured.name, notes=notes_of(bench, failed=failed))
        write_sheet(sheet, out, command=bench.command)
        yield sheet


def find_rows(bench: Workbench, variant: Variant, *, seeds: Sequence[int]) -> dict[int, Record]:
    """The records of a variant that are there, by seed."""
    found = {seed: bench.find(variant, seed=seed) for seed in seeds}
    return {seed: record for seed, record in found.items() if record is not None}


def notes_of(bench: Workbench, *, failed: Sequence[str] = ()) -> tuple[str, ...]:
    """What a reader must know of all rows of a bench, and which trainings failed."""
    measured = bench.measured
    return (
        f"Measured on the {len(measured)} pictures of '{measured.split}', whole and in their own size, with the averaged "
        f"weights after the last step: nothing was chosen on them. Learnt from {len(bench.learnt)} pictures of "
        f"'{bench.learnt.split}'. Preset `{bench.preset}`.",
        *bench.cautions,
        *([f"Failed, and in no mean: {'; '.join(failed)}."] if failed else []),
    )
