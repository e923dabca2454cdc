"""`uepnet report`: counted pictures as a page that can be filed."""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import uepnet
from uepnet.cli.adjusted import Adjusted, adjusted_by
from uepnet.cli.options import BackendName, Coverage, DecodeChoice, Device, MaxMegapixels, ModelName
from uepnet.cli.picture_progress import picture_bars
from uepnet.errors import OutputError, PictureError, UepnetError
from uepnet.inference.models import DEFAULT_MODEL
from uepnet.printable import printable

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import UInt8

    from uepnet.inference.result import CountResult
    from uepnet.reports.document import Document
    from uepnet.reports.overlaps import SeenPictures
    from uepnet.reports.report import FailedPicture, ReportedPicture

    Pixels = UInt8[np.ndarray, "height width 3"]

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
    model: ModelName = DEFAULT_MODEL,
    backend: BackendName = "auto",
    device: Device = "auto",
    decode: DecodeChoice = None,
    coverage: Coverage = None,
    max_megapixels: MaxMegapixels = 64.0,
) -> None:
    """Count pictures and write a report: number, range, method, picture, zones, cross-check by area, model and date.

    Pictures that cannot be counted are named in the report, and the status is then 1.
    """
    from uepnet.inference.counter import Counter
    from uepnet.inference.models import find_model
    from uepnet.reports.compose import compose
    from uepnet.reports.overlaps import SeenPictures, sentences
    from uepnet.reports.report import Report, model_in_report

    _check_out(out)
    if area_m2 is not None and not 0 < area_m2 < float("inf"):
        raise typer.BadParameter(f"an area is more than 0 square metres, not {area_m2:g}", param_hint="--area-m2")
    counter = Counter(
        model, backend=backend, device=device, decode=decode, coverage=coverage, max_megapixels=max_megapixels
    )
    adjusted = adjusted_by(counter, zones=zones, camera=camera, model=model)
    seen = SeenPictures()
    pictures, failed = _counted(sources, adjusted, seen, area_m2=area_m2)
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


def _check_out(out: Path) -> None:
    """Refuse what could not be written, before anything is counted."""
    from uepnet.whole_files import check_place

    if out.suffix.lower() not in FORMS:
        raise typer.BadParameter(f"a report ends in {' or '.join(FORMS)}, this one in {out.suffix or 'nothing'}")
    check_place(out)
    if out.suffix.lower() == ".pdf":
        from uepnet.reports.pdf import check_pdf

        check_pdf()


def _counted(
    sources: list[str], adjusted: Adjusted, seen: "SeenPictures", *, area_m2: float | None
) -> "tuple[list[ReportedPicture], list[FailedPicture]]":
    """The pictures counted, and those that failed, which are said on stderr too."""
    from uepnet.inference.sources import pictures_of
    from uepnet.reports.report import LONGEST_OF_MANY, LONGEST_SIDE, MANY, FailedPicture, report_picture

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
    pictures = []
    with picture_bars(shown=len(files) > 1) as bars:
        for file in bars.track(files, description="counting"):
            try:
                picture, result, digest = _read_and_counted(file, adjusted, seen)
            except UepnetError as error:
                say(str(file), error)
            else:
                pictures.append(
                    report_picture(picture, result, digest=digest, longest_side=longest_side, area_m2=area_m2)
                )
    return pictures, failed


def _read_and_counted(file: Path, adjusted: Adjusted, seen: "SeenPictures") -> "tuple[Pixels, CountResult, str]":
    """The pixels, their count and the SHA-256 of the file that they came from."""
    digest = _digest(file)
    picture = adjusted.counter.read(file)
    if _digest(file) != digest:
        raise PictureError(f"{file}: the file changed while it was being read; count it again")
    result = adjusted(adjusted.counter.count(picture, name=str(file)))
    seen.add(str(file), picture)
    return picture, result, digest


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
