"""`uepnet report`: counted pictures as a page that can be filed."""

import hashlib
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import uepnet
from uepnet.cli.camera_option import camera_for
from uepnet.errors import OutputError, PictureError, UepnetError
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.inference.camera import Camera
    from uepnet.inference.counter import Counter
    from uepnet.inference.zones.zone_file import ZonePlan
    from uepnet.reports.document import Document
    from uepnet.reports.overlaps import SeenPictures
    from uepnet.reports.report import FailedPicture, ReportedPicture

FORMS = (".html", ".pdf")


def report(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="pictures, folders, 'patterns'")],
    *,
    out: Annotated[Path, typer.Option(help="the report: a file that ends in .html or .pdf")],
    title: Annotated[str | None, typer.Option(help="its heading")] = None,
    area_m2: Annotated[
        float | None, typer.Option("--area-m2", help="square metres of ground that each picture shows, to cross-check")
    ] = None,
    zones: Annotated[Path | None, typer.Option(help="JSON file of zones to count as well")] = None,
    camera: Annotated[Path | None, typer.Option(help="the camera's correction, from `uepnet calibrate`")] = None,
    model: Annotated[str, typer.Option(help="a bundled model's name, or a file (.onnx, .safetensors)")] = DEFAULT_MODEL,
    backend: Annotated[Literal["auto", "onnx", "torch"], typer.Option(help="what runs the model")] = "auto",
    device: Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="where it runs")] = "auto",
    decode: Annotated[Literal["mean", "argmax"] | None, typer.Option(help="the model's own by default")] = None,
    coverage: Annotated[
        float | None,
        typer.Option(help="share of pictures whose true number is in the range; the model's own by default"),
    ] = None,
    max_megapixels: Annotated[float, typer.Option(min=0.0, help="larger pictures are refused")] = 64.0,
) -> None:
    """Count pictures and write a report: number, range, method, picture, zones, cross-check by area, model and date.

    Pictures that cannot be counted are named in the report, and the status is then 1.
    """
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import find_model
    from uepnet.inference.zones.zone_file import read_zones
    from uepnet.reports.compose import compose
    from uepnet.reports.overlaps import SeenPictures, sentences
    from uepnet.reports.report import Report, model_in_report

    _check_out(out)
    if area_m2 is not None and not 0 < area_m2 < float("inf"):
        raise typer.BadParameter(f"an area is more than 0 square metres, not {area_m2:g}", param_hint="--area-m2")
    plan = None if zones is None else read_zones(zones)
    counter = Counter(
        model, backend=backend, device=device, decode=decode, coverage=coverage, max_megapixels=max_megapixels
    )
    correction = None if camera is None else camera_for(camera, counter=counter, model=model)
    how = HowToCount(counter, area_m2, plan, correction)
    seen = SeenPictures()
    pictures, failed = _counted(sources, how, seen)
    if not pictures:
        raise PictureError("none of the pictures could be counted, so there is nothing to report")
    document = compose(
        Report(
            tuple(pictures),
            tuple(failed),
            model_in_report(counter.description.model_copy(update={"decode": counter.decode}), find_model(model)),
            made=datetime.now(UTC),
            version=uepnet.__version__,
            overlaps=sentences(seen),
            title=title,
        )
    )
    _write(out, document)
    print(
        printable(f"{out}: {sum(picture.result.count for picture in pictures):,.0f} people, pictures: {len(pictures)}")
    )
    if failed:
        raise typer.Exit(1)


@dataclass(frozen=True)
class HowToCount:
    """What is the same for all pictures of a report."""

    counter: "Counter"
    area_m2: float | None
    plan: "ZonePlan | None"
    camera: "Camera | None"


def _check_out(out: Path) -> None:
    """Refuse what could not be written, before anything is counted."""
    if out.suffix.lower() not in FORMS:
        raise typer.BadParameter(f"a report ends in {' or '.join(FORMS)}, this one in {out.suffix or 'nothing'}")
    if out.is_dir():
        raise OutputError(f"{out}: a folder has this name; name another file")
    if not out.parent.is_dir():
        raise OutputError(f"{out}: there is no folder {out.parent}; make it, or name another file")
    if out.suffix.lower() == ".pdf":
        from uepnet.reports.pdf import check_pdf

        check_pdf()


def _counted(
    sources: list[str], how: HowToCount, seen: "SeenPictures"
) -> "tuple[list[ReportedPicture], list[FailedPicture]]":
    """The pictures counted, and those that failed, which are said on stderr too."""
    from rich.console import Console
    from rich.progress import track

    from uepnet.inference.sources import pictures_of
    from uepnet.reports.report import LONGEST_OF_MANY, LONGEST_SIDE, MANY, FailedPicture

    failed: list[FailedPicture] = []

    def say(source: str, error: UepnetError) -> None:
        print(printable(f"uepnet: error: {error}"), file=sys.stderr)
        failed.append(FailedPicture(source, str(error)))

    files: list[Path] = []
    for source in sources:
        try:
            files += pictures_of(source)
        except PictureError as error:
            say(source, error)
    longest_side = LONGEST_OF_MANY if len(files) > MANY else LONGEST_SIDE
    console = Console(stderr=True)
    shown = len(files) > 1 and console.is_terminal
    pictures = []
    for file in track(files, "counting", console=console, transient=True, disable=not shown):
        try:
            pictures.append(_reported(file, how, seen, longest_side=longest_side))
        except UepnetError as error:
            say(str(file), error)
    return pictures, failed


def _reported(file: Path, how: HowToCount, seen: "SeenPictures", *, longest_side: int) -> "ReportedPicture":
    from uepnet.inference.camera import corrected
    from uepnet.inference.zones.count_zones import count_zones
    from uepnet.reports.report import report_picture

    digest = _digest(file)
    picture = how.counter.read(file)
    if _digest(file) != digest:
        raise PictureError(f"{file}: the file changed while it was being read; count it again")
    result = how.counter.count(picture, name=str(file))
    if how.plan is not None:
        result = count_zones(result, how.plan, calibration=how.counter.calibration)
    if how.camera is not None:
        result = corrected(result, how.camera)
    seen.add(str(file), picture)
    return report_picture(picture, result, digest=digest, longest_side=longest_side, area_m2=how.area_m2)


def _digest(file: Path) -> str:
    """SHA-256 of the file, read before and after its pixels: the page vouches for the picture that was counted."""
    if not file.is_file():
        raise PictureError(f"{file}: there is no such file")
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise PictureError(f"{file}: the file cannot be read ({error.strerror})") from error


def _write(out: Path, document: "Document") -> None:
    from uepnet.whole_files import write_whole

    if out.suffix.lower() == ".pdf":
        from uepnet.reports.pdf import as_pdf as encoded
    else:
        from uepnet.reports.html import as_html as encoded
    try:
        write_whole(out, encoded(document))
    except OSError as error:
        raise OutputError(f"{out}: the report cannot be written ({error.strerror}); name another --out") from error
