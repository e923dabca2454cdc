"""The tables that `uepnet evaluate` and `uepnet compare` print."""

from collections.abc import Iterator

from rich.table import Table

from uepnet.evaluation.compare import Comparison
from uepnet.evaluation.evaluate import Evaluation
from uepnet.evaluation.strata import Stratum


def tables(evaluation: Evaluation) -> Iterator[Table]:
    """Both decodes, the headline's first; its errors by true heads; and by scene or fold where they are measured so."""
    yield _decodes(evaluation)
    yield _strata(evaluation)
    if evaluation.groups is not None:
        yield _groups(evaluation)


def comparison_table(comparison: Comparison) -> Table:
    """Both models' errors and their difference."""
    first, second = comparison.first, comparison.second
    table = _table(
        f"{first.data_set} '{first.split}': {len(first.rows):,} pictures",
        ("model", "decode", "MAE", "95 % of resamples", "RMSE", "bias"),
    )
    for evaluation in (first, second):
        figures = evaluation.figures
        between = f"{figures.mae_low:.1f} to {figures.mae_high:.1f}"
        errors = (_people(figures.mae), between, _people(figures.rmse), _people(figures.bias, signed=True))
        table.add_row(evaluation.model, evaluation.decode, *errors)
    table.add_section()
    apart = comparison.difference
    table.add_row(
        "second - first", "", f"{apart.value:+.1f}", f"{apart.low:+.1f} to {apart.high:+.1f}", "", "", style="bold"
    )
    table.caption = f"By the paired difference, {comparison}. Protocol {first.protocol.name}."
    return table


def _decodes(evaluation: Evaluation) -> Table:
    heads = int(evaluation.truth.sum())
    table = _table(
        f"{evaluation.data_set} '{evaluation.split}': {len(evaluation.rows):,} pictures, {heads:,} heads",
        ("decode", "MAE", "95 % of resamples", "RMSE", "NAE", "bias"),
    )
    names = sorted(evaluation.by_decode, key=lambda name: name != evaluation.decode)
    for name in names:
        figures = evaluation.by_decode[name]
        table.add_row(
            name,
            _people(figures.mae),
            f"{figures.mae_low:.1f} to {figures.mae_high:.1f}",
            _people(figures.rmse),
            _share(figures.nae),
            _people(figures.bias, signed=True),
            style="bold" if name == evaluation.decode else "dim",
        )
    game = ", ".join(f"GAME({level}) {value:.1f}" for level, value in evaluation.game.items())
    covered = evaluation.range_coverage
    ranges = "" if covered is None else f"{covered:.0%} of the true counts lie in their range. "
    table.caption = f"{ranges}{game}. Model {evaluation.model}, protocol {evaluation.protocol.name}: {evaluation.protocol.description}"
    return table


def _strata(evaluation: Evaluation) -> Table:
    table = _table(f"by true heads, decode {evaluation.decode}", ("heads", "pictures", "MAE", "RMSE", "NAE", "bias"))
    for stratum in evaluation.figures.strata:
        if stratum.images:
            table.add_row(*_stratum_cells(stratum))
    return table


def _stratum_cells(stratum: Stratum) -> tuple[str, ...]:
    return (
        stratum.name,
        f"{stratum.images:,}",
        _people(stratum.mae),
        _people(stratum.rmse),
        _share(stratum.nae),
        _people(stratum.bias, signed=True),
    )


def _groups(evaluation: Evaluation) -> Table:
    grouping = evaluation.groups
    if grouping is None:
        raise ValueError("this evaluation has no groups")
    table = _table(f"by {grouping.by}, decode {evaluation.decode}", (grouping.by, "pictures", "MAE", "RMSE"))
    for group in grouping.groups:
        table.add_row(group.name, f"{group.images:,}", _people(group.mae), _people(group.rmse))
    table.add_section()
    table.add_row("mean", "", _people(grouping.mae), _people(grouping.rmse), style="bold")
    return table


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", caption_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    return table


def _people(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "-"
    return f"{value:+.1f}" if signed else f"{value:.1f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
