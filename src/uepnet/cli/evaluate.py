"""`uepnet evaluate`: how far a model's counts are from the truth on annotated pictures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import BackendName, DataSets, Decode, Device, ModelName, ProtocolName, Record
from uepnet.inference.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from uepnet.annotations.data_set import DataSet
    from uepnet.evaluation.evaluate import Evaluation
    from uepnet.evaluation.protocols import EvaluationProtocol
    from uepnet.inference.counter import Counter


def evaluate(
    data: DataSets,
    split: Annotated[
        str | None, typer.Option(help="train, val, test or all; val if not given, all with --folds")
    ] = None,
    model: ModelName = DEFAULT_MODEL,
    protocol: ProtocolName = "exact",
    decode: Annotated[
        Decode | None,
        typer.Option(help="the decode of the headline figures; the model's if not given"),
    ] = None,
    folds: Annotated[
        str | None,
        typer.Option(help="consecutive or ccnn: figures by the five folds of ucf-cc-50. The model counts all of them."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="folder for a table of all pictures, a scatter plot and the worst cases")
    ] = None,
    maps: Annotated[
        Path | None, typer.Option(help="folder for every picture's count map, an .npz each; counts them once more")
    ] = None,
    record: Record = None,
    seed: Annotated[int, typer.Option(min=0, help="of the bootstrap interval")] = 0,
    backend: BackendName = "auto",
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a data set")] = False,
) -> None:
    """Measure a model on annotated pictures: MAE, RMSE, NAE, bias, and errors by how crowded a picture is.

    The validation part is measured unless another is asked for; test sets are for models that are finished. No picture
    is skipped: one that cannot be read ends the evaluation.
    """
    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.evaluation_progress import progress
    from uepnet.evaluation.evaluate import evaluate as measure
    from uepnet.evaluation.protocols import find_protocol
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import find_model
    from uepnet.whole_files import make_folder, make_place

    chosen = split or ("all" if folds else "val")
    way = find_protocol(protocol)
    sets = [open_data_set(text, split=chosen) for text in data]
    _refuse_contradictions(sets, folds=folds, out=out, maps=maps)
    counter = Counter(model, backend=backend, device=device, decode=decode)
    make_place(record)
    for folder in (out, maps):
        if folder is not None:
            make_folder(folder)
    evaluations = []
    for data_set in sets:
        with progress(data_set, model=counter.description.name, decode=counter.decode) as on_picture:
            evaluation = measure(counter, data_set, protocol=way, bootstrap_seed=seed, on_picture=on_picture)
        if folds is not None:
            from uepnet.evaluation.folds import by_fold

            evaluation = by_fold(evaluation, convention=folds)
        evaluations.append(evaluation)
        _show(evaluation, as_json=as_json)
        if out is not None:
            from uepnet.evaluation.report import save_report

            folder = out if len(sets) == 1 else out / f"{data_set.name}-{data_set.split}"
            save_report(evaluation, folder, counter=counter, data_set=data_set)
        if maps is not None:
            _save_maps(counter, data_set, maps if len(sets) == 1 else maps / data_set.name, protocol=way)
    if record is not None:
        from uepnet.laboratory.results import command_line

        settled = {"split": chosen, "model": Path(model), "protocol": evaluations[0].protocol.name}
        settled |= {"decode": evaluations[0].decode, "folds": folds, "backend": backend, "device": device, "seed": seed}
        command = command_line("uepnet evaluate", {**settled, "json": True}, data=data)
        _record(evaluations, record, command=command, model=find_model(model))


def _refuse_contradictions(sets: "list[DataSet]", *, folds: str | None, out: Path | None, maps: Path | None) -> None:
    """What can be known to fail is found before the first picture is counted."""
    names = [data_set.name for data_set in sets]
    if out is not None:
        import matplotlib as _  # noqa: F401  # a missing package is found before the pictures are counted
    for option, folder in (("--out", out), ("--maps", maps)):
        if folder is not None and len(set(names)) < len(names):
            raise ValueError(
                f"{option} takes each data set once, but --data names {', '.join(names)}; use two commands"
            )
    if folds is not None:
        from uepnet.annotations.ucf_cc_50 import FOLDS, NAME

        if folds not in FOLDS:
            raise ValueError(f"there are no folds named '{folds}'; the known ones are {', '.join(FOLDS)}")
        if set(names) != {NAME}:
            raise ValueError(f"--folds is for {NAME} alone, but --data names {', '.join(names)}")


def _save_maps(counter: "Counter", data_set: "DataSet", folder: Path, *, protocol: "EvaluationProtocol") -> None:
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.evaluation.count_maps import save_maps

    with picture_progress(f"maps of {data_set.name}", pictures=len(data_set)) as on_picture:
        save_maps(counter, data_set, folder, protocol=protocol, on_picture=on_picture)


def _show(evaluation: "Evaluation", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(evaluation.as_json(), ensure_ascii=False), flush=True)
        return
    from rich.console import Console

    from uepnet.cli.evaluation_tables import tables

    console = Console()
    for table in tables(evaluation):
        console.print(table)


def _record(evaluations: "list[Evaluation]", path: Path, *, command: str, model: Path) -> None:
    from datetime import UTC, datetime

    from uepnet.laboratory.recording import evaluations_as_result
    from uepnet.laboratory.results import write_result

    write_result(path, evaluations_as_result(evaluations, command=command, model_file=model, date=datetime.now(UTC)))
