"""`uepnet data convert`: the heads of a data set as a labelling tool's file."""

from pathlib import Path
from typing import Annotated

import typer


def convert(
    data_set: Annotated[str, typer.Argument(metavar="NAME:ROOT", help="such as folder:photos or mall:/data/mall")],
    *,
    form: Annotated[str, typer.Option("--to", metavar="FORM", help="csv, json, cvat, label-studio, labelme or coco")],
    out: Annotated[Path, typer.Option(help="the file to write; for labelme a folder")],
    split: Annotated[str, typer.Option(help="train, val, test or all (train and val)")] = "all",
) -> None:
    """Write the heads of a data set as a file of CVAT, Label Studio, LabelMe or COCO, or as our CSV or JSON.

    To read such files, put one beside its pictures and name the folder: `folder:ROOT`.
    """
    from uepnet.annotations.catalog import open_data_set
    from uepnet.annotations.labelling.formats import form_named, write_heads

    form_named(form)
    if out.exists():
        raise typer.BadParameter(f"{out} is there already; name another or remove it", param_hint="--out")
    opened = open_data_set(data_set, split=split)
    write_heads(opened, out, form=form)
    typer.echo(f"{out}: the heads of {len(opened)} pictures")
