"""The finished pictures' heads as files of labelling tools: for a download, or beside the folder after each change."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from uepnet.annotations.labelling.formats import FORMS
from uepnet.errors import DataSetError, OutputError, PictureError
from uepnet.pictures import picture_size
from uepnet.serving.annotate.heads import Marked
from uepnet.serving.annotate.store import HeadStore


@dataclass(frozen=True)
class Also:
    """A labelling tool's file that follows the folder's heads."""

    form: str
    path: Path


def also_from(text: str, *, root: Path) -> Also:
    """What "FORM=PATH" says; `ValueError` for an unknown form and for a path that would be a second answer in the folder."""
    form, equals, name = text.partition("=")
    if form not in FORMS or not equals or not name:
        raise ValueError(f"'{text}' should read FORM=PATH, where FORM is one of {', '.join(FORMS)}")
    path = Path(name).resolve()
    if path.is_relative_to(root.resolve()):
        raise ValueError(f"{name} lies in {root}, which would then say its heads twice; name a path outside of it")
    if not path.parent.is_dir():
        raise ValueError(f"{name}: there is no folder {path.parent}; make it, or name another path")
    return Also(form, path)


def write_also(also: Also, store: HeadStore) -> tuple[str, ...]:
    """Write the finished pictures' heads; the names of those left out, whose size a form wants and no longer can be read.

    `OutputError` where writing fails, `DataSetError` for names that the form lacks.
    """
    form, finished = FORMS[also.form], store.finished()
    sizes = _sizes(store, finished) if form.sized else {}
    points = {name: marked.points for name, marked in finished.items() if not form.sized or name in sizes}
    try:
        form.write(also.path, points, sizes)
    except OSError as error:
        raise OutputError(f"{also.path}: this file cannot be written ({error.strerror})") from error
    except ValueError as error:
        raise DataSetError(f"{also.form}: {error}") from error
    return tuple(name for name in finished if name not in points)


def as_download(form: str, store: HeadStore) -> bytes:
    """One file with the finished pictures' heads; `DataSetError` while there is none."""
    if not store.finished():
        raise DataSetError("no picture is marked as done yet, so there is nothing to export")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FORMS[form].download
        write_also(Also(form, path), store)
        return _zipped(path) if FORMS[form].folder else path.read_bytes()


def _sizes(store: HeadStore, finished: Mapping[str, Marked]) -> dict[str, tuple[int, int]]:
    sizes = {}
    for row in store.rows():
        if row.name in finished:
            with suppress(PictureError):
                sizes[row.name] = picture_size(store.picture(row.key))
    return sizes


def _zipped(folder: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            file.write(path, path.relative_to(folder).as_posix())
    return archive.getvalue()
