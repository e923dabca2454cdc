"""`uepnet annotate`: a page on which a person marks the heads in a folder's pictures."""

import logging
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from uepnet.cli.options import MaxMegapixels
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable


def annotate(
    folder: Annotated[Path, typer.Argument(help="folder of pictures; those in folders below it too")],
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="one of the folder's own if not given")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="open the page in the browser")] = False,
    model: Annotated[
        str, typer.Option(help="whose heat map guides: a bundled model's name, or a file")
    ] = DEFAULT_MODEL,
    guide: Annotated[
        bool, typer.Option("--guide/--no-guide", help="let the model count the pictures as a guide")
    ] = True,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORM=PATH",
            help="keep a labelling tool's file of the finished pictures too: csv, json, cvat, label-studio, labelme, coco",
        ),
    ] = None,
    max_megapixels: MaxMegapixels = 256.0,
) -> None:
    """Mark the heads in your own pictures on a page in the browser; docs/annotating.md. Ctrl-C ends it.

    They are saved in FOLDER/heads.csv, which `--data folder:FOLDER` reads. The page is for this machine alone.
    """
    from uepnet.serving.annotate.run import Wishes, annotate_folder

    def ready(address: str) -> None:
        if open_it:
            webbrowser.open(address)

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="uepnet: %(levelname)s: %(message)s")
    annotate_folder(
        folder,
        Wishes(
            port=port,
            model=model if guide else None,
            also=tuple(also or ()),
            max_megapixels=max_megapixels,
            say=lambda line: print(printable(line), flush=True),
            ready=ready,
        ),
    )
