"""`uepnet calibrate`: a camera's own correction from a few hand counts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.camera_option import model_digest
from uepnet.cli.options import BackendName, DecodeChoice, Device, MaxMegapixels, ModelName
from uepnet.errors import OutputError, PictureError
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.inference.camera import Camera


def calibrate(
    counts: Annotated[Path, typer.Option(help="CSV file: picture,count (names relative to its folder)")],
    *,
    out: Annotated[Path, typer.Option(help="the camera's file")] = Path("camera.json"),
    model: ModelName = DEFAULT_MODEL,
    name: Annotated[str | None, typer.Option(help="what the camera is called; by default as the file")] = None,
    backend: BackendName = "auto",
    device: Device = "auto",
    decode: DecodeChoice = None,
    max_megapixels: MaxMegapixels = 64.0,
) -> None:
    """Correct a model for one camera: `uepnet count --camera FILE` then multiplies by what hand counts say.

    All pictures must be of the same place from the same viewpoint; docs/cameras.md says how many, and which.
    """
    from uepnet.inference.camera import CameraError, HandCount, camera_of
    from uepnet.inference.counter import Counter
    from uepnet.inference.hand_counts import read_hand_counts

    if out.suffix != ".json":
        raise typer.BadParameter(f"a camera's file ends in .json, not as {out.name}", param_hint="--out")
    by_hand = read_hand_counts(counts)
    missing = [str(picture) for picture in by_hand if not picture.is_file()]
    if missing:
        raise CameraError(f"{counts}: there is no such file: {', '.join(missing)}; mend the names, or leave these out")
    counter = Counter(model, backend=backend, device=device, decode=decode, max_megapixels=max_megapixels)
    pairs, wrong, doubts = [], [], []
    for picture, hand in by_hand.items():
        try:
            result = counter.count(picture)
            pairs.append(HandCount(picture=picture.name, hand=hand, counted=max(0.0, result.count)))
            doubts += [f"{picture.name}: {warning}" for warning in result.warnings]
        except PictureError as error:
            wrong.append(str(error))
    if wrong:
        raise CameraError(f"{counts}: no camera was calibrated. {'; '.join(wrong)}")
    camera = camera_of(
        pairs,
        name=name or out.stem,
        model=counter.description.name,
        model_digest=model_digest(model),
        decode=counter.decode,
    )
    try:
        camera.save(out)
    except OSError as error:
        raise OutputError(
            f"{out}: the camera's file cannot be written ({error.strerror}); name another --out"
        ) from error
    for doubt in doubts:
        print(f"uepnet: warning: {printable(doubt)}", file=sys.stderr)
    _print_camera(camera, out)


def _print_camera(camera: "Camera", out: Path) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from uepnet.inference.camera import in_words, left_out_errors

    table = Table(box=None, pad_edge=False)
    table.add_column("picture", overflow="fold")
    for title in ("by hand", "model", "corrected"):
        table.add_column(title, justify="right")
    for pair in camera.hand_counts:
        table.add_row(
            Text(printable(pair.picture)),
            f"{pair.hand:,}",
            f"{pair.counted:,.0f}",
            f"{pair.counted * camera.factor:,.0f}",
        )
    console = Console()
    console.print(table)
    console.print(Text(printable(in_words(camera))))
    if len(camera.hand_counts) > 1:
        without, with_it = left_out_errors(camera.hand_counts)
        console.print(
            f"Each picture by the others' correction: off by {with_it:.1f} people on average, {without:.1f} without."
        )
    console.print(Text(printable(f"{out}: use it with {Path(sys.argv[0]).name} count --camera {out}")))
