"""`uepnet compare`: is one model better than another on the same pictures?"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import DataSets, ProtocolName

if TYPE_CHECKING:
    from uepnet.annotations.data_set import DataSet
    from uepnet.evaluation.compare import Comparison
    from uepnet.evaluation.evaluate import Evaluation
    from uepnet.evaluation.protocols import EvaluationProtocol
    from uepnet.inference.counter import Counter


def compare(
    first: Annotated[str, typer.Argument(metavar="MODEL", help="a bundled model's name, or a file")],
    second: Annotated[str, typer.Argument(metavar="MODEL", help="the model to compare it with")],
    data: DataSets,
    split: Annotated[str, typer.Option(help="train, val, test or all")] = "val",
    protocol: ProtocolName = "exact",
    seed: Annotated[int, typer.Option(min=0, help="of the bootstrap interval")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a data set")] = False,
) -> None:
    """Measure two models on the same pictures, and how sure the difference of their errors is.

    Each model counts with its own decode. The interval is a paired bootstrap: where it holds 0, these pictures cannot
    tell the two apart.
    """
    from uepnet.annotations.catalog import open_data_set
    from uepnet.evaluation.compare import compare as compare_evaluations
    from uepnet.evaluation.protocols import find_protocol
    from uepnet.inference.counter import Counter

    way = find_protocol(protocol)
    sets = [open_data_set(text, split=split) for text in data]
    counters = [Counter(first), Counter(second)]
    for data_set in sets:
        evaluations = [_measure(counter, data_set, protocol=way, seed=seed) for counter in counters]
        comparison = compare_evaluations(*evaluations, bootstrap_seed=seed)
        if as_json:
            print(json.dumps(comparison.as_json(), ensure_ascii=False), flush=True)
        else:
            _show(comparison)


def _measure(counter: "Counter", data_set: "DataSet", *, protocol: "EvaluationProtocol", seed: int) -> "Evaluation":
    from uepnet.cli.evaluation_progress import progress
    from uepnet.evaluation.evaluate import evaluate

    with progress(data_set, model=counter.description.name, decode=counter.decode) as on_picture:
        return evaluate(counter, data_set, protocol=protocol, bootstrap_seed=seed, on_picture=on_picture)


def _show(comparison: "Comparison") -> None:
    from rich.console import Console

    from uepnet.cli.evaluation_tables import comparison_table

    Console().print(comparison_table(comparison))
