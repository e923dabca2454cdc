"""`uepnet export`: a trained model as a file that counts without torch."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    model: Annotated[Path, typer.Argument(metavar="MODEL.safetensors", help="a model written by `uepnet train`")],
    out: Annotated[Path, typer.Option(help="the ONNX file to write")],
    half: Annotated[
        bool, typer.Option("--half/--full", help="store weights in fp16 (half the size) or in fp32; both count in fp32")
    ] = True,
) -> None:
    """Write a model as ONNX for pictures of any size, compared with torch before it is left at --out."""
    if out.suffix != ".onnx":
        raise typer.BadParameter(
            f"{out}: the file is recognised by its ending; call it {out.stem}.onnx", param_hint="--out"
        )
    from uepnet.export.onnx import export_onnx
    from uepnet.network.model_file import load_model

    network, description = load_model(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    parity = export_onnx(out, network, description, half=half)
    typer.echo(
        f"{out}: {out.stat().st_size / 1e6:.1f} MB; {parity.pictures} pictures compared with torch: maps within "
        f"{parity.map_difference:.1g} people per patch, counts within {parity.count_difference:.1g} of themselves"
    )
