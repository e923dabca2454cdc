"""What a user asks `uepnet reproduce` for, carried out step by step; each step is a line to tell."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.errors import TrainingError
from uepnet.inference.counter import Counter
from uepnet.laboratory.reproduce.artefacts import DRAWN, FOLDS, Wanted, wanted
from uepnet.laboratory.reproduce.cases import draw_cases
from uepnet.laboratory.reproduce.drawings import draw_all, draw_into
from uepnet.laboratory.reproduce.exact import table6
from uepnet.laboratory.reproduce.folds import UEPNET, fold_parts, folds_sheet
from uepnet.laboratory.reproduce.inconsistencies import draw_inconsistencies
from uepnet.laboratory.reproduce.learners import FrozenLearner, Learner, WholeLearner
from uepnet.laboratory.reproduce.presets import effort_named
from uepnet.laboratory.reproduce.row import Record, RowFolder
from uepnet.laboratory.reproduce.row_progress import RowProgress
from uepnet.laboratory.reproduce.run import find_rows, make_rows, make_sheets, notes_of
from uepnet.laboratory.reproduce.sheet import Sheet, write_sheet
from uepnet.laboratory.reproduce.trunk import Trunk, open_trunk
from uepnet.laboratory.reproduce.workbench import Workbench
from uepnet.laboratory.results import command_line
from uepnet.training.run import RunFolder
from uepnet.whole_files import make_folder


@dataclass(frozen=True)
class Request:
    """The options of the command; `docs/reproduction.md` says what they are."""

    what: tuple[str, ...]
    data: str | None
    out: Path
    preset: str
    seeds: int
    minutes: float | None
    split: str
    trunk: str
    start: Path | None
    known: Path
    model: str
    convention: Literal["ccnn", "consecutive"]

    @property
    def source(self) -> str:
        """`NAME:ROOT` of the pictures; `ValueError` where none were named."""
        if self.data is None:
            raise ValueError(f"{', '.join(self.what)} is made from pictures; name them with --data NAME:ROOT")
        return self.data

    @property
    def data_name(self) -> str:
        """NAME alone."""
        return self.source.partition(":")[0]

    @property
    def sheets(self) -> Path:
        """Where the tables of this data set go."""
        return self.out / self.data_name

    @property
    def command(self) -> str:
        """The command line with all that decides the figures, without the folders of this machine."""
        options = {
            "preset": self.preset,
            "seeds": self.seeds,
            "split": self.split,
            "trunk": Path(self.trunk) if effort_named(self.preset).crops is not None else None,
            "start": self.start,
            "model": Path(self.model) if "cases" in self.what else None,
            "convention": self.convention if FOLDS in self.what else None,
        }
        return command_line(f"uepnet reproduce {' '.join(self.what)}", options, data=[self.source])


def perform(request: Request, *, progress: RowProgress | None = None) -> Iterator[str]:
    """Make everything, each step told when it is done. Raises what the pictures, the trunk and the names deserve."""
    heard = progress or RowProgress()
    make_folder(request.out)
    folds_alone = FOLDS in request.what
    asked = wanted([name for name in request.what if name != FOLDS])
    if folds_alone and len(request.what) > 1:
        raise ValueError(f"{FOLDS} stands alone: it is of another data set than the tables")
    if "figures" in asked.untrained:
        yield from (f"written: {path}" for path in draw_all(request.out))
    if "fig7" in asked.untrained:
        yield f"written: {draw_into(request.out / 'fig7.png', draw_inconsistencies())}"
    if folds_alone:
        yield from _folds(request, heard)
    elif asked.trained or set(asked.untrained) - DRAWN:
        yield from _tables(request, asked, heard)


def _tables(request: Request, asked: Wanted, progress: RowProgress) -> Iterator[str]:
    learnt, measured = _parts(request)
    for name in asked.untrained:
        if name == "table6":
            yield from _written(table6(learnt, measured), request)
        if name == "cases":
            counter = Counter(request.model)
            yield from _written(draw_cases(counter, measured, folder=request.sheets), request)
    if asked.trained:
        bench = _bench(request, learnt, measured, trunk=_trunk(request), progress=progress)
        yield from bench.cautions
        with RunFolder(bench.work).alone():
            failed = yield from _rows(bench, asked, request)
        for sheet in make_sheets(bench, asked, seeds=range(request.seeds), out=request.sheets, failed=failed):
            yield f"written: {request.sheets / sheet.name}.md"
        _tell_failures(failed)


def _rows(bench: Workbench, asked: Wanted, request: Request) -> Generator[str, None, list[str]]:
    """Every row that there is time for; returns those that failed."""
    left, failed = 0, list[str]()
    for done in make_rows(bench, asked.variants, seeds=range(request.seeds), minutes=request.minutes):
        left += done.state == "left"
        if done.state == "made":
            yield f"{done.row}: {done.seconds:.0f} s"
        if done.state == "failed":
            failed.append(done.row)
            yield f"{done.row}: failed: {done.why}"
    if left:
        yield f"{left} rows are left for another time: the same command goes on"
    return failed


def _tell_failures(failed: list[str]) -> None:
    """`TrainingError` that names the rows, after all else is done."""
    if failed:
        raise TrainingError(
            f"{len(failed)} of the rows failed ({'; '.join(failed)}), each for what is said above; everything else is written"
        )


def _folds(request: Request, progress: RowProgress) -> Iterator[str]:
    everything = open_data_set(request.source, split="all")
    parts = fold_parts(everything, convention=request.convention)
    records: dict[int, dict[int, Record]] = {}
    trunk, notes, how = _trunk(request), tuple[str, ...](), ""
    failed: list[str] = []
    for fold, (learnt, measured) in enumerate(parts, start=1):
        bench = _bench(request, learnt, measured, trunk=trunk, progress=progress)
        if fold == 1:
            yield from bench.cautions
        with RunFolder(bench.work).alone():
            for done in make_rows(bench, (UEPNET,), seeds=range(request.seeds), minutes=request.minutes):
                row = f"fold {fold}, seed {done.seed}"
                if done.state == "failed":
                    failed.append(row)
                yield f"{row}: {': '.join(filter(None, (done.state, done.why)))}"
        records[fold] = find_rows(bench, UEPNET, seeds=range(request.seeds))
        notes = notes_of(bench, failed=failed)
        preset = f"preset {request.preset}" if trunk is None else f"preset {request.preset}, trunk: {trunk.used.name}"
        how = "; ".join((preset, *bench.cautions))
    yield from _written(folds_sheet(records, convention=request.convention, how=how, notes=notes), request)
    _tell_failures(failed)


def _parts(request: Request) -> tuple[DataSet, DataSet]:
    """What is learnt from, and what is measured. Pictures with known wrong annotations are left out, but for `paper`."""
    learnt = open_data_set(request.source, split="train")
    if request.preset != "paper":
        learnt = learnt.without(learnt.known_wrong & {entry.name for entry in learnt.entries})
    return learnt, open_data_set(request.source, split=request.split)


def _trunk(request: Request) -> Trunk | None:
    return open_trunk(request.trunk) if effort_named(request.preset).crops is not None else None


def _bench(
    request: Request, learnt: DataSet, measured: DataSet, *, trunk: Trunk | None, progress: RowProgress
) -> Workbench:
    effort, work = effort_named(request.preset), request.out / "work"
    learner: Learner = (
        WholeLearner(learnt, effort, request.start, progress=progress)
        if trunk is None
        else FrozenLearner(learnt, effort, trunk, work, progress=progress)
    )
    rows = RowFolder(request.out / "rows", known=(request.known,))
    return Workbench(learnt, measured, request.preset, learner, rows, work, command=request.command)


def _written(sheet: Sheet, request: Request) -> Iterator[str]:
    for path in write_sheet(sheet, request.sheets, command=request.command):
        yield f"written: {path}"
