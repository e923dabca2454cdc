"""`uepnet reproduce`: the paper's tables and figures from annotated pictures."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from uepnet.inference.models import DEFAULT_MODEL

KNOWN = Path("results/reproduce/rows")


def reproduce(
    what: Annotated[
        list[str],
        typer.Argument(
            help="table3, table4, table5, table6, table7, fig4, fig5, fig6, background, border-distance, targets, cases, "
            "figures (the paper's 1 to 3), fig7, all; or folds (of UCF_CC_50)"
        ),
    ],
    out: Annotated[Path, typer.Option(help="folder for tables, plots and rows")],
    data: Annotated[str | None, typer.Option(help="NAME:ROOT, such as shanghaitech-b:/data/ShanghaiTech")] = None,
    preset: Annotated[
        Literal["paper", "gpu", "cpu"],
        typer.Option(help="paper: to the letter; gpu: half an hour of a large GPU a table; cpu: minutes a row"),
    ] = "cpu",
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="trainings of each row, with the seeds 0, 1, ...")] = 1,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="begin no row that would probably end later; run again to go on")
    ] = None,
    split: Annotated[str, typer.Option(help="what is measured: val, or test once everything is settled")] = "val",
    trunk: Annotated[
        str, typer.Option(help="cpu: whose encoder all rows share, a model of ours or ImageNet weights of ResNet-18")
    ] = DEFAULT_MODEL,
    start: Annotated[
        Path | None, typer.Option(help="paper, gpu: ImageNet weights of VGG-16 to start from; random without")
    ] = None,
    known: Annotated[Path, typer.Option(help="folder of finished rows that are taken as they are")] = KNOWN,
    model: Annotated[str, typer.Option(help="cases: the model whose counts are drawn")] = DEFAULT_MODEL,
    convention: Annotated[
        Literal["ccnn", "consecutive"], typer.Option(help="folds: which pictures are together")
    ] = "ccnn",
) -> None:
    """Train what the paper's tables and figures need, measure it, and write each beside the paper's own.

    Rows are shared between tables and kept one by one: stopped at any moment, the same command goes on.
    """
    from uepnet.cli.row_bars import row_bars
    from uepnet.laboratory.reproduce.request import Request, perform

    if known != KNOWN and not known.is_dir():
        raise typer.BadParameter(f"there is no folder {known}", param_hint="--known")
    request = Request(
        what=tuple(what),
        data=data,
        out=out,
        preset=preset,
        seeds=seeds,
        minutes=minutes,
        split=split,
        trunk=trunk,
        start=start,
        known=known,
        model=model,
        convention=convention,
    )
    with row_bars() as progress:
        for line in perform(request, progress=progress):
            typer.echo(line)
