"""`uepnet export`: a trained model as a file that counts without torch."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from uepnet.description import ModelDescription
    from uepnet.network.uepnet import UEPNet

CHECKED = 16
"""Pictures of each data set's validation part on which an int8 model is compared with fp32."""


def export(
    model: Annotated[Path, typer.Argument(metavar="MODEL.safetensors", help="a model written by `uepnet train`")],
    *,
    out: Annotated[Path, typer.Option(help="the ONNX file to write")],
    half: Annotated[
        bool, typer.Option("--half/--full", help="store weights in fp16 (half the size) or in fp32; both count in fp32")
    ] = True,
    int8: Annotated[
        bool, typer.Option("--int8", help="compute in eight bits: a quarter of the size, and faster; needs --data")
    ] = False,
    data: Annotated[
        list[str] | None, typer.Option(help="NAME:ROOT for --int8: calibrates on train, checks on val; repeatable")
    ] = None,
) -> None:
    """Write a model as ONNX for pictures of any size, compared with torch (or fp32) before it is left at --out."""
    if out.suffix != ".onnx":
        raise typer.BadParameter(
            f"{out}: the file is recognised by its ending; call it {out.stem}.onnx", param_hint="--out"
        )
    if int8 != bool(data):
        raise typer.BadParameter("--int8 and --data NAME:ROOT go together: scales are found on pictures")
    from uepnet.network.model_file import load_model

    network, description = load_model(model)
    said = _int8(out, network, description, data) if data else _onnx(out, network, description, half=half)
    typer.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB; {said}")


def _onnx(out: Path, network: "UEPNet", description: "ModelDescription", *, half: bool) -> str:
    from uepnet.export.onnx import export_onnx
    from uepnet.whole_files import make_place

    make_place(out)
    parity = export_onnx(out, network, description, half=half)
    return (
        f"{parity.pictures} pictures compared with torch: maps within {parity.map_difference:.1g} people per patch, "
        f"counts within {parity.count_difference:.1g} of themselves"
    )


def _int8(out: Path, network: "UEPNet", description: "ModelDescription", data: list[str]) -> str:
    from uepnet.annotations.catalog import open_data_set
    from uepnet.export.calibration import calibration_crops
    from uepnet.export.int8 import export_int8
    from uepnet.whole_files import make_place

    trained, held_out = ([open_data_set(name, split=split) for name in data] for split in ("train", "val"))
    make_place(out)
    crops = [crop for data_set in trained for crop in calibration_crops(data_set)]
    check = [pictures.pixels(entry) for pictures in held_out for entry in pictures.entries[:CHECKED]]
    cost = export_int8(out, network, description, calibration=crops, check=check)
    return (
        f"calibrated on {len(crops)} crops; counts of {cost.pictures} validation pictures change by "
        f"{100 * cost.change:.2f} % on average (bias {100 * cost.bias:+.2f} %, at most {100 * cost.largest:.1f} %)"
    )
