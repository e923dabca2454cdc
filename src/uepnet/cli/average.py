"""`uepnet average`: the weights between two models, one of which began from the other, or beyond the second."""

from pathlib import Path
from typing import Annotated

import typer

from uepnet.cli.options import expect_ending


def average(
    models: Annotated[
        tuple[Path, Path], typer.Argument(metavar="FIRST SECOND", help=".safetensors models of one network")
    ],
    out: Annotated[Path, typer.Option(help="the .safetensors file to write")],
    share: Annotated[
        float, typer.Option(min=0.0, max=2.0, help="of the second model; above 1: beyond it, away from the first")
    ] = 0.5,
) -> None:
    """Write the weights between two models: often as good as either at what it is good at.

    That holds where the second began from the first; weights of trainings of their own have nothing between them. What a
    training from A to B has learnt is put on C, of the same line, by the half of B and C as M, and then A M --share 2.
    """
    from uepnet.network.average import averaged
    from uepnet.network.model_file import load_model, save_model
    from uepnet.whole_files import make_place

    expect_ending(out, ".safetensors", what="a model with its weights")
    first, second = (load_model(path) for path in models)
    network, description = averaged(first, second, share=share)
    make_place(out)
    save_model(out, network, description)
    print(out)
