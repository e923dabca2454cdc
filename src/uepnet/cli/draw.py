"""`uepnet draw`: drawn crowd scenes with exact head points, as a data set."""

from pathlib import Path
from typing import Annotated

import typer


def draw(
    out: Annotated[Path, typer.Option(help="new folder for the pictures and heads.csv")],
    count: Annotated[int, typer.Option(min=1, help="number of scenes")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="of the first scene; each further one takes the next")] = 0,
    heads: Annotated[int | None, typer.Option(min=0, help="people placed in each; 0 to 3000 if not given")] = None,
    width: Annotated[int, typer.Option(min=64, help="of each picture in pixels")] = 1024,
    height: Annotated[int, typer.Option(min=64, help="of each picture in pixels")] = 768,
    empty: Annotated[
        bool, typer.Option("--empty", help="surfaces and things with nobody among them, no scenes")
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="with --empty: show this kind first, such as heaps; repeatable, they take turns; a wrong one lists all"
        ),
    ] = None,
) -> None:
    """Draw crowd scenes with exact head points, as the data set drawn:OUT; a seed always gives the same scene."""
    from uepnet.cli.interruption import sigterm_is_ctrl_c
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.scenes.empty import KINDS
    from uepnet.scenes.writing import write_empty, write_scenes

    seeds = range(seed, seed + count)
    if empty and heads:
        raise typer.BadParameter(f"--empty pictures have nobody in them, but --heads asks for {heads} people")
    if kind and not empty:
        raise typer.BadParameter("--kind is for pictures of nobody; give --empty with it")
    with sigterm_is_ctrl_c(), picture_progress("drawing", pictures=count) as on_picture:
        if empty:
            write_empty(out, seeds=seeds, width=width, height=height, kinds=kind or KINDS, on_picture=on_picture)
        else:
            write_scenes(out, seeds=seeds, width=width, height=height, heads=heads, on_picture=on_picture)
    print(out)
