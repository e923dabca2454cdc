"""The options that mean the same in every command, declared once; a default is the command's own.

`--help` loads nothing heavy, so choices and limits of the library stand here again; `tests/cli/test_options.py` holds
them together.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

Decode = Literal["mean", "argmax"]

DecodeChoice = Annotated[Decode | None, typer.Option(help="how classes become a count; the model's own if not given")]
ModelName = Annotated[str, typer.Option(help="a bundled model's name, or a file (.onnx, .safetensors)")]
BackendName = Annotated[Literal["auto", "onnx", "torch"], typer.Option(help="what runs the model")]
Device = Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="where the model runs")]
Coverage = Annotated[
    float | None,
    typer.Option(help="share of pictures whose true number is in the range; the model's own if not given"),
]
MaxMegapixels = Annotated[
    float,
    typer.Option(min=0.001, max=500, help="larger pictures and frames are refused; docs/limits.md says what they take"),
]
DataSets = Annotated[
    list[str],
    typer.Option(
        help="NAME:ROOT, such as shanghaitech-a:/data/ShanghaiTech, or folder:own for your own (docs/data.md); repeatable"
    ),
]
ProtocolName = Annotated[str, typer.Option(help="exact, paper, ucf-qnrf or worldexpo10")]
Record = Annotated[Path | None, typer.Option(help="result file that pages are rendered from")]


def expect_ending(out: Path, ending: str, *, what: str) -> None:
    """Refuse a model file `out` that does not end as `what` does, before the work that it would be written after.

    >>> expect_ending(Path("better.onnx"), ".onnx", what="crowd.onnx")
    """
    if out.suffix != ending:
        raise typer.BadParameter(f"{out}: {what} ends in {ending}, so this must too", param_hint="--out")
