"""`uepnet leaderboard`: the systems of the paper's Table 2, the best since, and what was measured here."""

import json
from pathlib import Path
from typing import Annotated

import typer

from uepnet.cli.options import Record


def leaderboard(
    results: Annotated[Path, typer.Option(help="folder of the result files that our rows are read from")] = Path(
        "results"
    ),
    record: Record = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a system")] = False,
) -> None:
    """Show published errors (MAE / RMSE) beside those measured here, each with its protocol; nothing is run."""
    from uepnet.laboratory.leaderboard.table import DATA_SETS, measured, published

    if not results.is_dir():
        raise typer.BadParameter(
            f"there is no folder {results}: our own figures are in the repository's results", param_hint="--results"
        )
    places = (*published(), *measured(results))
    if as_json:
        print("\n".join(json.dumps(place.as_record(), ensure_ascii=False) for place in places))
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(title="MAE / RMSE; published figures are of test sets", title_justify="left")
        for heading in ("system", *DATA_SETS.values(), "protocol"):
            table.add_column(heading, overflow="fold")
        for before, place in zip((None, *places), places, strict=False):
            if before is not None and before.origin != place.origin:
                table.add_section()
            table.add_row(place.name, *(place.cells.get(name, "-") for name in DATA_SETS), place.protocol)
        console = Console()
        (console if console.is_terminal else Console(width=200)).print(table)
    if record is not None:
        from datetime import UTC, datetime

        from uepnet.laboratory.results import result_of, write_result

        records = [place.as_record() for place in places]
        write_result(record, result_of(records, command="uepnet leaderboard", date=datetime.now(UTC)))
